<h1>Needs attention</h1>
<?cs if:None ?><div class="empty card"><p class="big">Nothing needs you.</p>
<p class="soft">What cannot be delivered, does not work, or was said and not done appears here, and goes when its cause is gone.</p></div><?cs /if ?>
<?cs each:g = Groups ?><?cs if:g.Heading ?><h2 class="day"><?cs var:g.Heading ?></h2>
<ol class="cards"><?cs each:c = g.Cards ?>
<li class="card item p2"><h3><bdi><?cs var:c.Head ?></bdi></h3>
<?cs if:c.Words ?><p><bdi><?cs var:c.Words ?></bdi></p><?cs /if ?><?cs if:c.Why ?><p class="soft"><bdi><?cs var:c.Why ?></bdi></p><?cs /if ?>
<?cs if:c.Since ?><p class="soft small">Since <time datetime="<?cs var:iso(c.Since) ?>"><?cs var:when(c.Since) ?></time></p><?cs /if ?>
<div class="does"><?cs each:f = c.Forms ?><?cs if:f.Path && may(f.Path) ?><form method="post" action="<?cs var:f.Path ?>"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><input type="hidden" name="back" value="/attention"><button aria-label="<?cs var:f.Label ?>: <?cs var:c.Head ?>"><?cs var:f.Label ?></button></form><?cs /if ?><?cs /each ?><?cs if:c.Href && sees(c.Href) ?><a class="button" href="<?cs var:c.Href ?>"><?cs var:c.Link ?><span class="vh">: <?cs var:c.Head ?></span></a><?cs /if ?></div></li><?cs /each ?>
</ol><?cs if:g.Cut ?><p class="soft">Only the newest 50 are shown.</p><?cs /if ?><?cs /if ?><?cs /each ?>
