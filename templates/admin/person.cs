<?cs def:press(path, to, word) ?><?cs if:may(Person.Path + "/" + path) ?><form method="post" action="<?cs var:Person.Path ?>/<?cs var:path ?>"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><?cs if:to ?><input type="hidden" name="to" value="<?cs var:to ?>"><?cs /if ?><button><?cs var:word ?></button></form><?cs /if ?><?cs /def ?><?cs #
?><?cs def:said(is) ?><option value=""<?cs if:!is ?> selected<?cs /if ?>>Not said yet</option><option value="yes"<?cs if:is == "yes" ?> selected<?cs /if ?>>Yes</option><option value="no"<?cs if:is == "no" ?> selected<?cs /if ?>>No</option><?cs /def ?><?cs #
?><p class="back"><a href="/people"><?cs call:icon("back") ?>People</a></p>
<h1 class="who"><bdi><?cs var:Person.Who ?></bdi></h1>
<p class="sub"><a class="tel" href="tel:<?cs var:Person.Number ?>"><?cs var:Person.Shown ?></a><?cs each:m = Person.More ?>, <a class="tel" href="tel:<?cs var:m.Number ?>"><?cs var:m.Shown ?></a><?cs /each ?></p>
<p class="sub small soft">First heard of <time datetime="<?cs var:iso(Person.FirstAt) ?>"><?cs var:date(Person.FirstAt) ?></time>, last <time datetime="<?cs var:iso(Person.LastAt) ?>"><?cs var:date(Person.LastAt) ?></time> · Calls: <?cs var:Person.Calls ?> · Texts: <?cs var:Person.Texts ?></p>
<div class="cols"><div class="col">
<section class="card"><div class="card-head"><h2>What is known</h2><?cs if:sees("/people/:id/edit") ?><a href="<?cs var:Person.Path ?>/edit">Change</a><?cs /if ?></div>
<?cs if:subcount(Facts) ?><dl class="asked facts"><?cs each:f = Facts ?>
<dt><?cs var:f.Label ?></dt><dd><bdi><?cs var:f.Words ?></bdi><?cs if:f.From ?> <span class="soft"><?cs var:f.From ?><?cs if:f.Loose ?>, not confirmed<?cs /if ?></span><?cs /if ?><?cs if:f.Loose && may("/people/:id/confirm") ?>
<form method="post" action="<?cs var:Person.Path ?>/confirm"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><input type="hidden" name="fact" value="<?cs var:f.Fact ?>"><button class="link" aria-label="Confirm: <?cs var:f.Label ?>">Confirm</button></form><?cs /if ?></dd><?cs /each ?>
</dl><?cs else ?><p>Nothing but the number.<?cs if:sees("/people/:id/edit") ?> <a href="<?cs var:Person.Path ?>/edit">Write down a name</a><?cs /if ?></p><?cs /if ?></section>
<section class="card"><h2>What was so far</h2>
<?cs if:subcount(History) ?><ol class="past"><?cs each:h = History ?>
<li><time datetime="<?cs var:iso(h.At) ?>"><?cs var:when(h.At) ?></time> <strong><?cs if:h.CallId ?><a href="/calls/<?cs var:h.CallId ?>"><?cs var:h.What ?></a><?cs else ?><?cs var:h.What ?><?cs /if ?></strong> <?cs if:h.Tag ?><?cs call:tag(h.Tag, h.TagKind, h.TagIcon) ?><?cs /if ?><?cs if:h.Words ?><p><bdi><?cs var:h.Words ?></bdi></p><?cs /if ?></li><?cs /each ?>
</ol><?cs if:HistoryCut ?><p class="soft small">Only the newest of each kind are shown.</p><?cs /if ?><?cs else ?><p>No calls yet.</p><?cs /if ?></section>
</div><div class="col">
<section class="card"><h2>Do something</h2><div class="does">
<a class="button main" href="tel:<?cs var:Person.Number ?>"><?cs call:icon("phone") ?>Call <?cs var:Person.Shown ?></a>
<a class="button" href="/messages/<?cs var:Person.Id ?>"><?cs call:icon("bubble") ?>Texts</a></div>
<?cs if:may("/people/:id/standing") ?><h3>How Frontdesk treats this number</h3><div class="does">
<?cs if:Person.Standing == "vip" ?><?cs call:press("standing", "none", "No VIP any more") ?><?cs else ?><?cs call:press("standing", "vip", "Make a VIP") ?><?cs /if ?>
<?cs if:Through ?><form method="post" action="/exceptions/<?cs var:Through ?>/remove"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><button>No longer straight through</button></form><?cs else ?><?cs call:press("exception", "", "Always put straight through") ?><?cs /if ?>
<?cs if:Person.Standing == "blocked" ?><?cs call:press("standing", "none", "Block no more") ?><?cs else ?><a class="button" href="<?cs var:Person.Path ?>/block">Block…</a><?cs /if ?></div>
<h3>The same person twice?</h3><div class="does"><a class="button" href="<?cs var:Person.Path ?>/join">Join with somebody…</a></div><?cs /if ?><?cs if:may("/people/:id/erase") ?>
<h3>They want to be forgotten?</h3><div class="does"><a class="button" href="<?cs var:Person.Path ?>/erase">Erase…</a></div><?cs /if ?></section>
<?cs if:may("/people/:id/wishes") ?><section class="card set"><h2>What <bdi><?cs var:Person.First ?></bdi> wishes</h2>
<form method="post" action="<?cs var:Person.Path ?>/wishes"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>">
<p class="field"><label for="calls">May Frontdesk call them by itself (reminders)?</label><select id="calls" name="calls"><?cs call:said(Wish.Calls) ?></select></p>
<p class="field"><label for="greetings">May they be greeted on birthdays?</label><select id="greetings" name="greetings"><?cs call:said(Wish.Greetings) ?></select></p>
<?cs if:Wish.NoTexts ?><p class="mark"><?cs call:icon("struck") ?><span>They get no texts. They start again by writing START.</span></p><?cs else ?><p class="field"><label for="no_texts">May they be texted?</label><select id="no_texts" name="no_texts"><option value="">Yes</option><option value="1">No texts</option></select></p><?cs /if ?>
<p><button>Save what they wish</button></p></form></section><?cs /if ?>
</div></div>
