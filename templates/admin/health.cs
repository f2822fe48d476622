<div class="head"><h1>Health check</h1><a class="button" href="/health">Check again</a></div>
<p class="sum"><?cs call:tag(Sum, SumKind, SumIcon) ?> <span class="soft">at <time datetime="<?cs var:iso(Now) ?>"><?cs var:time(Now) ?></time></span></p>
<p class="soft">From what is on record here. Whoever runs this machine can ask the outside, too: <code>frontdesk check</code></p>
<ul class="card checks"><?cs each:c = Checks ?>
<li><h2><?cs var:c.Name ?></h2><?cs call:tag(c.Word, c.Kind, c.Icon) ?>
<div><?cs if:c.Head ?><p><strong><?cs var:c.Head ?></strong></p><?cs /if ?><p class="soft"><bdi><?cs var:c.Found ?></bdi></p><?cs if:c.Todo ?><p><?cs var:c.Todo ?><?cs if:c.Href && sees(c.Href) ?> <a href="<?cs var:c.Href ?>"><?cs var:c.Link ?></a><?cs /if ?></p><?cs /if ?></div></li><?cs /each ?>
</ul>
<section class="card"><h2>Services, in the last seven days</h2>
<?cs if:subcount(Services) ?><ul class="services"><?cs each:s = Services ?>
<li><strong><?cs var:s.Name ?></strong> <span><?cs if:s.Good ?>last worked <time datetime="<?cs var:iso(s.Good) ?>"><?cs var:when(s.Good) ?></time><?cs else ?>did not work<?cs /if ?></span> <span class="soft"><?cs if:s.Bad ?>last failed <time datetime="<?cs var:iso(s.Bad) ?>"><?cs var:when(s.Bad) ?></time><?cs else ?>never failed<?cs /if ?></span></li><?cs /each ?>
</ul><?cs else ?><p class="soft">Nothing was to be sent to anybody.</p><?cs /if ?></section>
