<div class="live-list" data-seq="<?cs var:Seq ?>"><?cs each:c = Live ?>
<section class="card live" id="<?cs var:c.Id ?>" data-ran="<?cs var:c.RanMs ?>" data-first="<?cs var:c.First ?>" aria-labelledby="h-<?cs var:c.Id ?>">
<div class="card-head"><h2 id="h-<?cs var:c.Id ?>"><a href="/calls/<?cs var:c.Id ?>"><bdi><?cs var:c.Who ?></bdi></a></h2><span class="soft small ran"><?cs var:c.Ran ?></span></div>
<p class="tags"><?cs if:c.Urgent ?><?cs call:tag("Emergency", "p1", "octagon") ?><?cs /if ?></p>
<div class="log" role="log" aria-live="off" tabindex="0" aria-label="What is said"><?cs each:l = c.Lines ?>
<p class="<?cs var:l.Who ?>" data-id="<?cs var:l.Id ?>" data-at="<?cs var:l.StartMs ?>"><b class="speaker"><bdi><?cs if:l.Who == "desk" ?>Frontdesk<?cs else ?><?cs var:c.First ?><?cs /if ?></bdi></b> <bdi class="words"><?cs if:l.How == "keys" ?>pressed <?cs /if ?><?cs var:l.Text ?></bdi><?cs if:l.Unheard ?> <s><?cs var:l.Unheard ?></s> <span class="soft small">(not heard)</span><?cs /if ?></p><?cs /each ?>
</div>
<ul class="told small"><?cs each:o = c.Orders ?><li data-id="<?cs var:o.Id ?>"><?cs if:o.Text ?><bdi>“<?cs var:o.Text ?>”</bdi> <?cs /if ?><span><?cs var:o.Words ?></span></li><?cs /each ?></ul>
<?cs if:c.Cannot ?><p class="soft cannot"><?cs var:c.Cannot ?></p><?cs /if ?><div class="steer"><?cs if:c.May && may("/live/:id/through") ?>
<form class="through" method="post" action="/live/<?cs var:c.Id ?>/through"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><input type="hidden" name="once" value="<?cs var:c.Once ?>1"><?cs if:c.Choose ?><select name="to" aria-label="Who takes the call"><?cs each:p = c.People ?><option value="<?cs var:p.Value ?>"<?cs if:p.Me ?> selected<?cs /if ?>><?cs var:p.Name ?></option><?cs /each ?></select><?cs /if ?><button class="main"><?cs call:icon("through") ?><?cs if:c.Choose ?>Put through<?cs else ?>Put through to me<?cs /if ?></button></form><?cs /if ?><?cs if:!c.Cannot && may("/live/:id/say") ?>
<form class="say" method="post" action="/live/<?cs var:c.Id ?>/say"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><input type="hidden" name="once" value="<?cs var:c.Once ?>2"><input name="text" maxlength="200" required autocomplete="off" placeholder="Say this" aria-label="What Frontdesk should say"><button><?cs call:icon("bubble") ?>Say it</button></form>
<form method="post" action="/live/<?cs var:c.Id ?>/message"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><input type="hidden" name="once" value="<?cs var:c.Once ?>3"><button><?cs call:icon("tape") ?>Take a message and end</button></form>
<a class="button quiet" href="/live/<?cs var:c.Id ?>/hangup">Hang up…</a><?cs /if ?></div>
</section><?cs /each ?><?cs if:!subcount(Live) ?>
<div class="empty card"><p class="big">Nobody is on the phone.</p><?cs if:LastAt ?><p class="soft">Last call <time datetime="<?cs var:iso(LastAt) ?>"><?cs var:ago(LastAt) ?></time>.</p><?cs else ?><p class="soft">When somebody calls, what is said appears here while they speak.</p><?cs /if ?></div><?cs /if ?>
</div>
