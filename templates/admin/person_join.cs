<?cs if:Error ?><div class="problem" role="alert" tabindex="-1" autofocus><h2><?cs call:icon("octagon") ?>There is a problem</h2><p><?cs var:Error ?></p></div><?cs /if ?>
<p class="back"><a href="<?cs var:Person.Path ?>"><?cs call:icon("back") ?><bdi><?cs var:Person.Who ?></bdi></a></p>
<?cs if:With.Id ?><h1>Join <bdi><?cs var:Person.Who ?></bdi> and <bdi><?cs var:With.Who ?></bdi>?</h1>
<p class="soft">They become one person with both numbers. Calls, callbacks, appointments and the rest of the second go over to the first. This cannot be undone.</p>
<div class="card"><table class="both"><caption class="soft small">What both have stays as on the left, unless only the right was written by you. Notes, tags, systems and customer numbers are put together.</caption>
<thead><tr><th scope="col">What is known</th><th scope="col"><bdi><?cs var:Person.Who ?></bdi> (stays)</th><th scope="col"><bdi><?cs var:With.Who ?></bdi> (goes in)</th></tr></thead>
<tbody><tr><th scope="row">Number</th><td><?cs var:Person.Shown ?></td><td><?cs var:With.Shown ?></td></tr><tr><th scope="row">Calls</th><td><?cs var:Person.Count ?></td><td><?cs var:With.Count ?></td></tr><?cs each:b = Both ?>
<tr><th scope="row"><?cs var:b.Label ?></th><td><bdi><?cs var:b.Keep ?></bdi></td><td><bdi><?cs var:b.Gone ?></bdi></td></tr><?cs /each ?></tbody></table>
<div class="does"><a class="button main" href="<?cs var:Person.Path ?>">Cancel</a>
<form method="post" action="<?cs var:Person.Path ?>/join"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><input type="hidden" name="with" value="<?cs var:With.Id ?>"><button>Join these two</button></form>
<a class="button" href="/people/<?cs var:With.Id ?>/join?with=<?cs var:Person.Id ?>">The other way round</a></div></div>
<?cs else ?><h1>Join <bdi><?cs var:Person.Who ?></bdi> with somebody</h1>
<p class="soft">When one person is on record twice, with two numbers. You see what would come of it before anything changes.</p>
<form class="filter search" role="search" method="get" action="<?cs var:Person.Path ?>/join"><label for="q">The other one: name or number</label>
<input id="q" name="q" type="search" maxlength="100" value="<?cs var:Query ?>"> <button><?cs call:icon("search") ?>Find</button></form>
<?cs if:subcount(Rows) ?><ol class="rows"><?cs each:r = Rows ?>
<li><a class="row" href="<?cs var:Person.Path ?>/join?with=<?cs var:r.Id ?>"><time class="r-time" datetime="<?cs var:iso(r.LastAt) ?>"><?cs var:date(r.LastAt) ?></time>
<strong class="r-who"><bdi><?cs var:r.Who ?></bdi></strong><span class="r-what"><?cs var:r.Shown ?> <bdi><?cs var:r.About ?></bdi></span><span class="r-len"><?cs var:r.Count ?></span></a></li><?cs /each ?>
</ol><?cs elif:Query ?><div class="empty card"><p class="big">Nobody else fits.</p><p class="soft">Try fewer words, or the last four digits of the number.</p></div><?cs /if ?><?cs /if ?>
