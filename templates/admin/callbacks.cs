<h1>Callbacks</h1>
<?cs if:None ?><div class="empty card"><p class="big">Nobody waits for a call back.</p>
<p class="soft">When a caller is promised one, it appears here with the time it is due.</p></div><?cs /if ?>
<?cs each:p = Parts ?><h2 class="day"><?cs var:p.Heading ?> <span class="soft">(<?cs var:p.Count ?>)</span></h2>
<ol class="cards"><?cs each:k = p.Cards ?>
<li class="card item <?cs var:k.TagKind ?>"><?cs call:tag(k.Tag, k.TagKind, k.TagIcon) ?>
<h3><?cs if:k.CallId ?><a href="/calls/<?cs var:k.CallId ?>"><bdi><?cs var:k.Who ?></bdi></a><?cs else ?><bdi><?cs var:k.Who ?></bdi><?cs /if ?></h3>
<?cs if:k.Reason ?><p><bdi><?cs var:k.Reason ?></bdi></p><?cs /if ?>
<p class="soft small">Promised <time datetime="<?cs var:iso(k.CreatedAt) ?>"><?cs var:when(k.CreatedAt) ?></time><?cs if:k.WhenText ?>. They asked for <bdi><?cs var:k.WhenText ?></bdi><?cs /if ?>.</p>
<?cs if:k.Open ?><div class="does"><?cs if:k.Shown ?><a class="button main" href="tel:<?cs var:k.Number ?>"><?cs call:icon("phone") ?>Call <?cs var:k.Shown ?></a><?cs /if ?>
<?cs if:may("/callbacks/:id/done") ?><form method="post" action="/callbacks/<?cs var:k.Id ?>/done"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><button aria-label="Mark done: <?cs var:k.Who ?>"><?cs call:icon("check") ?>Mark done</button></form><?cs /if ?></div><?cs /if ?></li><?cs /each ?>
</ol><?cs /each ?>
<?cs if:Cut ?><p class="soft">Only the 200 that are due first are shown.</p><?cs /if ?>
