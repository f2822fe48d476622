<?cs def:chart(c) ?><div class="scrolls<?cs if:c.End ?> end-first<?cs /if ?>" tabindex="0" role="group" aria-label="<?cs var:c.Title ?>"><svg class="chart" viewBox="0 0 <?cs var:c.W ?> <?cs var:c.H ?>" role="img" aria-labelledby="t-<?cs var:c.Name ?> d-<?cs var:c.Name ?>"><title id="t-<?cs var:c.Name ?>"><?cs var:c.Title ?></title><desc id="d-<?cs var:c.Name ?>"><?cs var:c.Desc ?></desc><?cs each:s = c.Shapes ?><path class="<?cs var:s.C ?>" d="<?cs var:s.D ?>"/><?cs /each ?><?cs each:t = c.Texts ?><text class="<?cs var:t.C ?>" x="<?cs var:t.X ?>" y="<?cs var:t.Y ?>"><?cs var:t.T ?></text><?cs /each ?></svg></div><?cs /def ?><?cs #
?><?cs def:numbers(t) ?><details class="numbers"><summary>The same as a table</summary>
<div class="scrolls" tabindex="0" role="group" aria-label="<?cs var:t.Title ?>"><table><caption><?cs var:t.Title ?></caption>
<thead><tr><?cs each:h = t.Head ?><th scope="col"><?cs var:h ?></th><?cs /each ?></tr></thead>
<tbody><?cs each:r = t.Rows ?><tr><th scope="row"><bdi><?cs var:r.Title ?></bdi></th><?cs each:c = r.Cells ?><td><bdi><?cs var:c ?></bdi></td><?cs /each ?></tr>
<?cs /each ?></tbody></table></div></details>
<p class="small file"><a href="/reports/<?cs var:t.Name ?>.csv?<?cs var:Days ?>">Save as a file<span class="unseen">: <?cs var:t.Title ?></span> (CSV)</a></p><?cs /def ?><?cs #
?><?cs if:Error ?><div class="problem" role="alert" tabindex="-1" autofocus><h2><?cs call:icon("octagon") ?>There is a problem</h2>
<p><a href="#from"><?cs var:Error ?></a></p></div><?cs /if ?>
<h1>Reports</h1>
<nav class="presets" aria-label="Time"><ul><?cs each:p = Presets ?><li><a href="<?cs var:p.Path ?>"<?cs if:p.Here ?> aria-current="true"<?cs /if ?>><?cs var:p.Label ?></a></li><?cs /each ?></ul></nav>
<form class="filter span" method="get" action="/reports"><label for="from">From</label> <input id="from" name="from" type="date" value="<?cs var:From ?>">
<label for="to">to</label> <input id="to" name="to" type="date" value="<?cs var:To ?>"><?cs if:subcount(Places) ?>
<label for="place">at</label> <select id="place" name="place"><option value="">All places</option><?cs each:p = Places ?><option value="<?cs var:p.Id ?>"<?cs if:p.Here ?> selected<?cs /if ?>><?cs var:p.Name ?></option><?cs /each ?></select><?cs /if ?>
<button>Show</button></form>
<?cs if:None ?><div class="empty card"><p class="big">Not enough calls yet.</p><p class="soft">Come back after a few days, or choose another time above.</p></div>
<?cs else ?><p class="big headline"><?cs var:Headline ?></p><p><?cs var:Compare ?></p>
<?cs if:Few ?><p class="soft">These are few calls: they say little yet.</p><?cs /if ?><?cs /if ?>
<?cs if:Charts.hours.Title ?><section class="card report" aria-labelledby="when"><h2 id="when">When do people call?</h2><p><?cs var:Busiest ?></p>
<?cs call:chart(Charts.hours) ?><?cs call:numbers(Tables.hours) ?></section>
<section class="card report" aria-labelledby="who"><h2 id="who">Who took the calls?</h2><p><?cs var:AfterHours ?></p>
<p class="legend small"><span class="k t-desk"></span>Frontdesk <span class="k t-owner"></span>needed you <span class="k t-lost"></span>lost</p>
<?cs call:chart(Charts.days) ?><?cs call:numbers(Tables.days) ?></section>
<section class="card report" aria-labelledby="ends"><h2 id="ends">What came of them?</h2>
<ol class="ends"><?cs each:e = Ends ?><li><span><strong><?cs var:e.N ?></strong> <?cs if:e.Path ?><a href="<?cs var:e.Path ?>"><?cs var:e.Words ?></a><?cs else ?><?cs var:e.Words ?><?cs /if ?></span>
<svg class="part" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="<?cs var:e.Kind ?>" width="<?cs var:e.Part ?>" height="8"/></svg></li><?cs /each ?></ol>
<?cs call:numbers(Tables.outcomes) ?></section>
<section class="card report" aria-labelledby="waits"><h2 id="waits">Does it answer fast?</h2><p><?cs var:Waits ?></p>
<p class="legend small"><span class="k w-usual"></span>usual wait <span class="k w-long"></span>longest 1 in 20</p>
<?cs call:chart(Charts.waits) ?><?cs call:numbers(Tables.waits) ?></section>
<section class="card report" aria-labelledby="cost"><h2 id="cost">What does it cost?</h2><p><?cs var:Spent ?></p>
<?cs call:chart(Charts.cost) ?><?cs call:numbers(Tables.cost) ?></section>
<section class="card report" aria-labelledby="callers"><h2 id="callers">Who called most?</h2>
<?cs if:subcount(Callers) ?><ol class="ends"><?cs each:c = Callers ?><li><span><?cs if:c.Path ?><a href="<?cs var:c.Path ?>"><bdi><?cs var:c.Who ?></bdi></a><?cs else ?><bdi><?cs var:c.Who ?></bdi><?cs /if ?>: <?cs var:c.Calls ?></span></li><?cs /each ?></ol>
<?cs else ?><p>Nobody called more than once.</p><?cs /if ?><?cs call:numbers(Tables.callers) ?></section><?cs /if ?>
<section class="card report" aria-labelledby="kept"><h2 id="kept">Were promises kept?</h2>
<?cs if:subcount(Promises) ?><ul class="ends"><?cs each:p = Promises ?><li<?cs if:p.Kind ?> class="late"<?cs /if ?>><?cs if:p.Kind ?><?cs call:icon("triangle") ?><?cs /if ?><a href="<?cs var:p.Path ?>"><?cs var:p.Words ?></a></li><?cs /each ?></ul>
<?cs else ?><p>Nothing was promised.</p><?cs /if ?><?cs call:numbers(Tables.promises) ?></section>
<section class="card report" aria-labelledby="money"><h2 id="money">This month's money</h2>
<p><?cs var:Money.Words ?></p><?cs if:Money.Meter ?>
<p><meter min="0" max="<?cs var:Money.Limit ?>" value="<?cs var:Money.Spent ?>" aria-label="Spent of this month's limit"></meter></p><?cs if:Money.Meter == "full" ?>
<p class="late"><?cs call:icon("triangle") ?>The limit is reached: calls are answered as you chose for that case. Emergencies still reach you.</p><?cs /if ?><?cs /if ?><?cs if:Money.Hour ?>
<p><?cs var:Money.Hour ?></p><?cs /if ?><?cs if:Money.None ?>
<p class="soft">No limit is set.</p><?cs /if ?>
<?cs if:sees("/settings/limits") ?><p><a href="/settings/limits">Set limits</a></p><?cs /if ?></section>
<section class="card report" aria-labelledby="digest"><h2 id="digest">Weekly digest</h2>
<p><?cs if:Digest.When ?><?cs var:Digest.When ?><?cs else ?>It is turned off: nobody gets it.<?cs /if ?></p>
<details class="numbers"><summary>What it would say of this time</summary><pre><bdi><?cs var:Digest.Text ?></bdi></pre></details></section>
