<p class="back"><a href="/calls"><?cs call:icon("back") ?>Calls</a></p>
<h1 class="who"><bdi><?cs var:Who ?></bdi></h1>
<p class="sub"><?cs if:Number ?><a class="tel" href="tel:<?cs var:Call.FromNumber ?>"><?cs var:Number ?></a><?cs if:Nth ?> <span class="soft">·</span> <?cs /if ?><?cs elif:Hidden ?>Hidden number<?cs /if ?><?cs if:Nth ?><span class="soft"><?cs var:Nth ?> call<?cs if:LastAt ?>, last <time datetime="<?cs var:iso(LastAt) ?>"><?cs var:date(LastAt) ?></time><?cs /if ?></span><?cs /if ?></p>
<p class="sub small soft"><time datetime="<?cs var:iso(Call.StartedAt) ?>"><?cs var:when(Call.StartedAt) ?></time><?cs if:!Running ?> · <?cs var:dur(Call.DurationMs) ?><?cs /if ?><?cs if:Way ?> · <?cs var:Way ?><?cs /if ?></p>
<p class="tags"><?cs each:t = Tags ?><?cs call:tag(t.Word, t.Kind, t.Icon) ?> <?cs /each ?></p>
<div class="cols"><div class="col">
<div class="card brief">
<section><h2>What happened</h2><p><bdi><?cs var:Happened ?></bdi></p></section>
<section><h2>What was promised</h2><?cs if:subcount(Promised) ?><ul class="promised"><?cs each:p = Promised ?>
<li class="<?cs var:p.Kind ?>"><?cs call:icon(p.Icon) ?><span><bdi><?cs var:p.What ?></bdi><?cs if:p.When ?> <strong><bdi><?cs var:p.When ?></bdi></strong><?cs /if ?><?cs if:p.More ?> <?cs var:p.More ?><?cs /if ?> <span class="soft"><?cs var:p.State ?></span></span></li><?cs /each ?>
</ul><?cs else ?><p><?cs if:Running ?>Nothing so far.<?cs else ?>Nothing was promised.<?cs /if ?></p><?cs /if ?></section>
<?cs if:subcount(Asked) ?><section><h2>What was asked for</h2><dl class="asked"><?cs each:d = Asked ?>
<dt><?cs var:d.Name ?></dt><dd><bdi><?cs var:d.Words ?></bdi><?cs if:d.More ?> <span class="soft"><?cs var:d.More ?></span><?cs /if ?></dd><?cs /each ?>
</dl></section><?cs /if ?>
<section class="do"><h2>What to do now</h2><p class="big"><bdi><?cs var:ToDo.Words ?></bdi></p><?cs if:ToDo.NoNumber ?><p class="soft">There is no number to ring.</p><?cs /if ?>
<?cs if:Running ?><p class="again"><a class="button" href="/calls/<?cs var:Call.Id ?>">Refresh</a></p><?cs /if ?>
<?cs if:ToDo.E164 || ToDo.Done ?><div class="actions"><?cs if:ToDo.E164 ?><a class="button main" href="tel:<?cs var:ToDo.E164 ?>"><?cs call:icon("phone") ?><span>Call <span class="<?cs if:ToDo.First ?>at-desk<?cs /if ?>"><?cs var:ToDo.Number ?></span><?cs if:ToDo.First ?><bdi class="at-hand"><?cs var:ToDo.First ?></bdi><?cs /if ?></span></a><?cs /if ?>
<?cs if:ToDo.Done ?><form method="post" action="<?cs var:ToDo.Done ?>"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><button><?cs call:icon("check") ?>Mark done</button></form><?cs /if ?></div><?cs /if ?><?cs if:ToDo.Ring ?>
<form class="again" method="post" action="<?cs var:ToDo.Ring ?>"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><button><?cs call:icon("phone") ?>Ring my phone first</button><p class="soft small">Your phone rings, you press 1, and they are called from the business’s number.</p></form><?cs /if ?></section>
</div>
<?cs if:subcount(Undone) ?><section class="card undone"><h2>Promised, but not done</h2><?cs each:u = Undone ?>
<p class="big"><?cs var:u.Missing ?></p><p class="soft">It said: <bdi>“<?cs var:u.Words ?>”</bdi></p>
<?cs if:u.Closed ?><p><?cs call:icon("tick") ?> <?cs var:u.Closed ?></p><?cs else ?><div class="mend"><?cs if:u.Mend ?><form method="post" action="<?cs var:u.Path ?>/mend"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><button class="main"><?cs var:u.Mend ?></button></form><?cs /if ?><form method="post" action="<?cs var:u.Path ?>/done"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><button><?cs call:icon("check") ?>I have dealt with it</button></form></div><?cs /if ?><?cs /each ?></section><?cs /if ?>
<?cs if:subcount(Recording) ?><section class="card listen"><div class="card-head"><h2>Listen</h2><?cs if:Recording.Ms ?><span class="soft small"><?cs var:dur(Recording.Ms) ?> · <a href="/calls/<?cs var:Call.Id ?>/recording.wav" download>Download</a></span><?cs /if ?></div>
<?cs if:Recording.Ms ?><audio controls preload="none" src="/calls/<?cs var:Call.Id ?>/recording.wav" aria-label="Recording of this call"></audio>
<p class="soft small">The caller is on the left, Frontdesk on the right.<?cs if:Recording.Cut ?> <?cs var:Recording.Cut ?><?cs /if ?></p><?cs else ?><p><?cs var:Recording.Words ?></p><?cs /if ?></section><?cs /if ?>
<?cs if:subcount(Messages) ?><section class="card"><h2>Message left</h2><?cs each:m = Messages ?>
<p class="left"><?cs call:icon("tape") ?><span><?cs if:m.Text ?><bdi>“<?cs var:m.Text ?>”</bdi><?cs else ?>No words written down.<?cs if:m.NoWords ?> <span class="soft"><?cs var:m.NoWords ?></span><?cs /if ?><?cs /if ?>
<?cs if:m.ForName || m.FromName || m.Reach ?><span class="small"><?cs if:m.ForName ?>For <bdi><?cs var:m.ForName ?></bdi>. <?cs /if ?><?cs if:m.FromName ?>From <bdi><?cs var:m.FromName ?></bdi>. <?cs /if ?><?cs if:m.Reach ?>Reach them on <bdi><?cs var:m.Reach ?></bdi>.<?cs /if ?></span><?cs /if ?>
<span class="soft small"><?cs if:m.State == "erased" ?>The recording was erased.<?cs elif:m.Sound ?>Recorded, <?cs var:dur(m.LengthMs) ?> · <a href="<?cs var:m.Sound ?>" download>Download</a><?cs elif:m.Recorded ?>Recorded, <?cs var:dur(m.LengthMs) ?>. You can listen to it in your Twilio account, under Recordings.<?cs if:m.NotHere ?> <?cs var:m.NotHere ?><?cs /if ?><?cs else ?>Taken by keys or words, not recorded.<?cs /if ?></span></span></p>
<?cs if:m.Sound ?><audio controls preload="none" src="<?cs var:m.Sound ?>" aria-label="Message left by the caller"></audio><?cs /if ?><?cs /each ?></section><?cs /if ?>
<?cs if:subcount(Pictures) ?><section class="card"><h2>Pictures</h2><?cs call:pictures(Pictures) ?></section><?cs /if ?>
<?cs if:subcount(Came) ?><section class="card came"><h2>What came of it</h2><?cs each:c = Came ?>
<h3><bdi><?cs var:c.What ?></bdi><?cs if:c.State ?> <span class="soft small"><?cs var:c.State ?></span><?cs /if ?></h3><p><bdi><?cs var:c.Text ?></bdi></p>
<?cs if:subcount(c.Facts) ?><ul class="soft small"><?cs each:f = c.Facts ?><li><?cs var:f.Name ?>: <bdi><?cs var:f.Value ?></bdi></li><?cs /each ?></ul><?cs /if ?><?cs /each ?></section><?cs /if ?>
<section class="card"><div class="card-head"><h2>What was said</h2><?cs if:subcount(Said) ?><a href="/calls/<?cs var:Call.Id ?>.txt">Plain text</a><?cs /if ?></div>
<?cs if:NotRecorded ?><p class="soft small"><?cs var:NotRecorded ?></p><?cs /if ?>
<?cs if:subcount(Said) ?><ol class="said"><?cs each:s = Said ?>
<li class="<?cs var:s.Kind ?>" id="t<?cs name:s ?>"><a class="at" href="#t<?cs name:s ?>"><?cs var:mark(s.At) ?></a><?cs if:s.Kind == "did" ?><p class="act"><bdi><?cs var:s.Text ?></bdi></p><?cs else ?><p><b class="speaker"><bdi><?cs var:s.Who ?></bdi></b> <?cs if:s.Keys ?>Pressed <kbd><?cs var:s.Text ?></kbd><?cs else ?><bdi><?cs var:s.Text ?></bdi><?cs /if ?><?cs if:s.Unheard ?> <s><?cs var:s.Unheard ?></s> <span class="soft small">(not heard: <bdi><?cs if:First == "this caller" ?>the caller<?cs else ?><?cs var:First ?><?cs /if ?></bdi> spoke)</span><?cs /if ?></p><?cs /if ?></li><?cs /each ?>
</ol><?cs if:SaidCut ?><p class="soft">Only the beginning of this very long call is shown.</p><?cs /if ?><?cs elif:Running ?><p>Nothing yet.</p><?cs else ?><p>Nothing was said.</p><?cs /if ?></section>
</div><div class="col">
<?cs if:subcount(Notes) ?><section class="card notes"><h2>Notes</h2><?cs if:Notes.Topics ?>
<p>About: <bdi><?cs var:Notes.Topics ?></bdi>.<?cs if:Notes.Mood ?> <?cs var:Notes.Mood ?><?cs /if ?></p><?cs elif:Notes.Mood ?><p><?cs var:Notes.Mood ?></p><?cs /if ?><?cs if:subcount(Notes.Facts) ?><dl class="asked"><?cs each:d = Notes.Facts ?>
<dt><?cs var:d.Name ?></dt><dd><bdi><?cs var:d.Words ?></bdi></dd><?cs /each ?></dl><?cs /if ?>
<p class="soft small"><?cs var:Notes.By ?></p></section>
<section class="card cost"><div class="card-head"><h2>Cost</h2><strong><?cs var:Cost.Sum ?></strong></div><?cs if:subcount(Cost.Lines) ?><ul class="soft small"><?cs each:l = Cost.Lines ?>
<li><?cs var:l.Part ?>, <?cs var:l.Model ?>: <?cs var:l.Sum ?></li><?cs /each ?></ul><?cs /if ?><?cs if:Cost.Unpriced ?>
<p class="small">No price is known of: <?cs var:Cost.Unpriced ?>. Add it with “frontdesk prices set”.</p><?cs /if ?></section><?cs elif:NotesSoon ?><section class="card"><h2>Notes</h2><p>Notes and cost come in a moment.</p></section><?cs /if ?>
<section class="card"><details class="why" open><summary><h2>Why did it do that?</h2></summary>
<?cs if:subcount(Why) ?><ol><?cs each:w = Why ?>
<li><time class="soft small" datetime="<?cs var:iso(w.At) ?>"><?cs var:clock(w.At) ?></time> <bdi><?cs var:w.Text ?></bdi><?cs if:w.Took ?> <span class="soft small">took <?cs var:took(w.Took) ?></span><?cs /if ?></li><?cs /each ?>
</ol><?cs else ?><p>Nothing was noted for this call.</p><?cs /if ?><?cs if:Call.FirstAudioMs > #0 ?><p class="soft small">The caller waited <?cs var:took(Call.FirstAudioMs) ?> for the first words<?cs if:FirstSlow ?>, which is slow<?cs /if ?>.</p><?cs /if ?></details></section>
</div></div>
