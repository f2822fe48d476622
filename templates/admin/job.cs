<p class="back"><a href="/jobs"><?cs call:icon("back") ?>Long work</a></p>
<h1><?cs var:Job.Name ?></h1>
<div class="card"><?cs if:Job.Going ?><p class="big" role="status"><?cs var:Job.StateWords ?><?cs if:Job.Percent ?>: <?cs var:Job.Percent ?> of 100<?cs elif:Job.Done ?>: <?cs var:Job.Done ?> so far<?cs /if ?></p>
<?cs if:Job.Percent ?><progress max="100" value="<?cs var:Job.Percent ?>" aria-label="How far it is"></progress><?cs /if ?>
<p class="soft">You can leave this page. It shows by itself how far it is.</p><p class="does"><a class="button" href="/jobs/<?cs var:Job.Id ?>">Refresh</a></p>
<?cs elif:Job.Failed ?><p class="big"><?cs call:icon("triangle") ?> Not done</p><p><?cs var:Job.Words ?></p>
<?cs else ?><p class="big"><?cs call:icon("tick") ?> <?cs if:Dry ?>Tried, nothing changed yet<?cs else ?>Done<?cs /if ?></p><p><?cs var:Job.Words ?>.</p>
<?cs if:File ?><p class="does"><a class="button main" href="/jobs/<?cs var:Job.Id ?>/file.csv" download="<?cs var:File ?>">Download <?cs var:File ?></a></p><p class="soft small">For a spreadsheet. It is kept for a week.</p><?cs /if ?>
<?cs if:Dry ?><div class="does"><form method="post" action="/jobs/<?cs var:Job.Id ?>/go"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><button class="main">Read them in now</button></form><a class="button" href="/people/import">Choose another file</a></div><?cs /if ?><?cs /if ?>
<p class="soft small">Begun <time datetime="<?cs var:iso(Job.CreatedAt) ?>"><?cs var:when(Job.CreatedAt) ?></time><?cs if:Job.EndedAt ?>, ended <time datetime="<?cs var:iso(Job.EndedAt) ?>"><?cs var:when(Job.EndedAt) ?></time>. Receipt <?cs var:Job.Id ?><?cs /if ?></p></div>
<?cs if:subcount(Wrong) ?><section class="card"><h2>What was not read</h2><ol class="past"><?cs each:w = Wrong ?>
<li><strong>Line <?cs var:w.Line ?></strong> <bdi><?cs var:w.Text ?></bdi></li><?cs /each ?></ol><?cs if:WrongCut ?><p class="soft small">Only the first 200 are shown.</p><?cs /if ?></section><?cs /if ?>
