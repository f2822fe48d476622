<div class="head"><h1><?cs if:Query ?>People with “<bdi><?cs var:Query ?></bdi>”<?cs else ?>People<?cs /if ?></h1>
<form class="filter" role="search" method="get" action="/people"><label for="q">Name, number or words</label>
<input id="q" name="q" type="search" maxlength="100" value="<?cs var:Query ?>"> <button><?cs call:icon("search") ?>Find</button><?cs if:Query || Vip ?> <a href="/people">Clear</a><?cs /if ?></form></div>
<p class="does"><?cs if:Vip ?><a class="button" href="/people">Show everybody</a><?cs else ?><a class="button" href="/people?show=vip">Only VIPs</a><?cs /if ?><?cs if:sees("/people/import") ?> <a class="button" href="/people/import">Read in a list…</a><?cs /if ?><?cs if:sees("/jobs") ?> <a class="button" href="/jobs">As a file…</a><?cs /if ?></p>
<?cs if:subcount(Rows) ?><?cs if:Newer ?><p class="pager"><a class="button" href="<?cs var:Newer ?>"><?cs call:icon("newer") ?>Newer</a></p><?cs /if ?>
<ol class="rows"><?cs each:r = Rows ?>
<li><a class="row" href="/people/<?cs var:r.Id ?>">
<time class="r-time" datetime="<?cs var:iso(r.LastAt) ?>"><?cs var:date(r.LastAt) ?></time>
<strong class="r-who"><bdi><?cs var:r.Who ?></bdi></strong>
<span class="r-what"><?cs if:r.Shown ?><?cs var:r.Shown ?><?cs if:r.About ?> · <?cs /if ?><?cs /if ?><bdi><?cs var:r.About ?></bdi></span>
<?cs if:r.Tag ?><?cs call:tag(r.Tag, r.TagKind, r.TagIcon) ?><?cs /if ?>
<span class="r-len"><?cs var:r.Count ?></span></a></li><?cs /each ?>
</ol><?cs if:Older ?><p class="pager"><a class="button" href="<?cs var:Older ?>"><?cs call:icon("older") ?>Older</a></p><?cs /if ?>
<?cs elif:Query ?><div class="empty card"><p class="big">Nobody fits.</p><p class="soft">Try fewer words, or the last four digits of the number. <a href="/people">Show everybody</a></p></div>
<?cs elif:Vip ?><div class="empty card"><p class="big">No VIPs yet.</p><p class="soft">Open a person and press “Make a VIP”: you are told at once when they call.</p></div>
<?cs else ?><div class="empty card"><p class="big">Nobody yet.</p><p class="soft">People appear after their first call.</p></div><?cs /if ?>
