<?cs def:failed(what) ?><p class="soft"><?cs var:what ?> did not load. <a href="/">Refresh</a></p><?cs /def ?>
<?cs if:StateFailed ?><p class="state card"><?cs call:icon("question") ?><span>Whether all is well could not be looked up. <a href="/">Refresh</a></span></p><?cs else ?>
<p class="state card <?cs var:State.Kind ?>"><?cs call:icon(State.Icon) ?><span><strong><?cs var:State.Head ?></strong> <bdi><?cs var:State.Words ?></bdi><?cs if:State.Link && sees("/health") ?> <a href="/health"><?cs var:State.Link ?></a><?cs /if ?></span></p><?cs /if ?>
<?cs if:NowFailed ?><?cs call:failed("Who is on the phone") ?><?cs elif:subcount(Now) ?><ul class="on-now"><?cs each:c = Now ?>
<li class="card"><?cs call:icon("live") ?><span>On the phone now: <strong><bdi><?cs var:c.Who ?></bdi></strong>, <?cs var:c.Length ?><?cs if:c.Urgent ?> <?cs call:tag("Urgent", "p2", "triangle") ?><?cs /if ?></span> <?cs if:sees("/live") ?><a class="button" href="/live">Read along<span class="vh">: <?cs var:c.Who ?></span></a><?cs /if ?></li><?cs /each ?></ul><?cs /if ?>
<div class="head"><h1>Today</h1><p class="soft"><?cs var:DayLine ?></p></div>
<div class="cols"><div class="col">
<section class="first"><div class="card-head"><h2>Do these first</h2><?cs if:sees("/callbacks") ?><a href="/callbacks">All callbacks</a><?cs /if ?></div>
<?cs if:WorkFailed ?><?cs call:failed("Your list") ?><?cs elif:subcount(Work) ?><ol class="cards"><?cs each:w = Work ?>
<li class="card item <?cs var:w.TagKind ?>"><?cs call:tag(w.Tag, w.TagKind, w.TagIcon) ?>
<h3><?cs if:w.Href ?><a href="<?cs var:w.Href ?>"><bdi><?cs var:w.Head ?></bdi></a><?cs else ?><bdi><?cs var:w.Head ?></bdi><?cs /if ?></h3>
<?cs if:w.Words ?><p class="two-lines"><bdi><?cs var:w.Words ?></bdi></p><?cs /if ?>
<?cs if:w.Number || (w.Done && may(w.Done)) ?><div class="does"><?cs if:w.Number ?><a class="button main" href="tel:<?cs var:w.Number ?>" aria-label="Call <?cs var:w.Shown ?>"><?cs call:icon("phone") ?>Call <span class="at-desk"><?cs var:w.Shown ?></span></a><?cs /if ?>
<?cs if:w.Done && may(w.Done) ?><form method="post" action="<?cs var:w.Done ?>"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><input type="hidden" name="back" value="/"><button aria-label="<?cs var:w.Label ?>: <?cs var:w.Head ?>"><?cs call:icon("check") ?><?cs var:w.Label ?></button></form><?cs /if ?></div><?cs /if ?></li><?cs /each ?>
</ol><?cs if:WorkMore ?><p class="soft more-work">And <?cs var:WorkMore ?> more<?cs if:sees("/callbacks") ?> on <a href="/callbacks">Callbacks</a>, <a href="/calls">Calls</a> and <a href="/attention">Needs attention</a><?cs /if ?>.</p><?cs /if ?>
<?cs elif:FirstDay ?><div class="card empty"><p class="big">No calls yet.</p><p><?cs if:OwnNumber ?>Ring <a href="tel:<?cs var:OwnNumberE164 ?>"><?cs var:OwnNumber ?></a> to try it, or run a practice call: <?cs else ?>Run a practice call: <?cs /if ?><code>frontdesk call --say "I need a plumber"</code></p></div>
<?cs else ?><div class="card calm"><?cs call:icon("tick") ?><p class="big"><?cs var:Calm ?></p></div><?cs /if ?></section>
<?cs if:LatestFailed ?><?cs call:failed("Latest calls") ?><?cs elif:subcount(Latest) ?><section class="latest"><div class="card-head"><h2>Latest calls</h2><a href="/calls">All calls</a></div>
<ol class="rows"><?cs each:c = Latest ?>
<li><a class="row" href="/calls/<?cs var:c.Id ?>">
<time class="r-time" datetime="<?cs var:iso(c.At) ?>"><?cs var:time(c.At) ?></time>
<strong class="r-who"><bdi><?cs var:c.Who ?></bdi></strong>
<span class="r-what"><bdi><?cs var:c.Words ?></bdi></span>
<?cs call:tag(c.Tag, c.TagKind, c.TagIcon) ?></a></li><?cs /each ?>
</ol></section><?cs /if ?>
</div><div class="col">
<section class="card"><div class="card-head"><h2>Appointments</h2><?cs if:sees("/calendar") ?><a href="/calendar">Calendar</a><?cs /if ?></div>
<?cs if:VisitsFailed ?><?cs call:failed("Appointments") ?><?cs elif:subcount(Visits) ?><ol class="visits"><?cs each:a = Visits ?>
<li><time datetime="<?cs var:iso(a.At) ?>"><?cs var:time(a.At) ?></time><span><strong><bdi><?cs var:a.Who ?></bdi></strong><?cs if:a.What ?>, <bdi><?cs var:a.What ?></bdi><?cs /if ?><?cs if:a.With ?> <span class="soft">with <bdi><?cs var:a.With ?></bdi></span><?cs /if ?><?cs if:a.Where ?><br><span class="soft small"><bdi><?cs var:a.Where ?></bdi></span><?cs /if ?><?cs if:a.Coming ?><br><span class="coming small"><?cs call:icon("check") ?>They are coming</span><?cs /if ?></span></li><?cs /each ?>
</ol><?cs if:VisitsCut ?><p class="soft">And more: see the calendar.</p><?cs /if ?><?cs else ?><p class="soft">Nothing booked today.</p><?cs /if ?></section>
<section class="card"><h2>So far today</h2>
<?cs if:FiguresFailed ?><?cs call:failed("The figures") ?><?cs else ?><ul class="figures"><?cs each:f = Figures ?><li><?cs if:f.Href && sees(f.Href) ?><a href="<?cs var:f.Href ?>"><?cs var:f.Words ?></a><?cs else ?><?cs var:f.Words ?><?cs /if ?></li><?cs /each ?></ul>
<?cs if:Cost ?><p class="soft small">Cost today so far: <?cs var:Cost ?>.</p><?cs /if ?><?cs /if ?></section>
</div></div>
