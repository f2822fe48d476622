<?cs if:Error ?><div class="problem" role="alert" tabindex="-1" autofocus><h2><?cs call:icon("octagon") ?>There is a problem</h2>
<p><a href="#move"><?cs var:Error ?></a></p></div><?cs /if ?>
<p class="back"><a href="<?cs var:Back ?>"><?cs call:icon("back") ?>Calendar</a></p>
<h1><bdi><?cs var:Visit.Who ?></bdi></h1>
<p class="sub"><strong><time datetime="<?cs var:iso(Visit.StartAt) ?>"><?cs var:When ?></time></strong> to <?cs var:time(Visit.EndAt) ?></p>
<p class="tags"><?cs each:t = Visit.Tags ?><?cs call:tag(t.Word, t.Kind, t.Icon) ?> <?cs /each ?><?cs if:Visit.Urgent ?><?cs call:tag("Urgent", "p2", "triangle") ?><?cs /if ?></p>
<section class="card"><dl class="asked"><dt>What</dt><dd><bdi><?cs var:Visit.ServiceName ?></bdi></dd>
<?cs if:Visit.ResourceName ?><dt>With</dt><dd><bdi><?cs var:Visit.ResourceName ?></bdi></dd><?cs /if ?><?cs if:Visit.Address ?><dt>Where</dt><dd><bdi><?cs var:Visit.Address ?></bdi></dd><?cs /if ?><?cs if:Number ?><dt>Number</dt><dd><a href="tel:<?cs var:Visit.Number ?>"><?cs var:Number ?></a></dd><?cs /if ?><?cs if:Visit.Notes ?><dt>Notes</dt><dd><bdi><?cs var:Visit.Notes ?></bdi></dd><?cs /if ?>
<dt>Coming</dt><dd><?cs if:Visit.ConfirmedAt > #0 ?>They said that they come, <time datetime="<?cs var:iso(Visit.ConfirmedAt) ?>"><?cs var:when(Visit.ConfirmedAt) ?></time><?cs else ?>They have not said so yet<?cs /if ?></dd></dl>
<?cs if:Visit.CallId ?><p class="again"><a href="/calls/<?cs var:Visit.CallId ?>">The call that booked it</a></p><?cs /if ?></section>
<?cs if:Stands && may("/calendar/visits/:id/move") ?><section class="card set" id="move"><h2>Move it</h2>
<?cs if:NoService ?><p>Its service is not in your list any more, so that no free times can be looked for.</p><?cs else ?>
<form class="filter" method="get" action="/calendar/visits/<?cs var:Visit.Id ?>"><label for="day">Free times on</label><input id="day" name="day" type="date" value="<?cs var:Day ?>"> <button>Look</button><?cs if:Day ?> <a href="/calendar/visits/<?cs var:Visit.Id ?>">Any day</a><?cs /if ?></form>
<?cs if:subcount(Slots) ?><form method="post" action="/calendar/visits/<?cs var:Visit.Id ?>/move"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><?cs if:Day ?><input type="hidden" name="day" value="<?cs var:Day ?>"><?cs /if ?>
<fieldset class="times"><legend>New time</legend><?cs each:s = Slots ?>
<label><input type="radio" name="slot" value="<?cs var:s.Id ?>" required> <span><?cs var:s.When ?><?cs if:s.With ?> <span class="soft">with <bdi><?cs var:s.With ?></bdi></span><?cs /if ?></span></label><?cs /each ?></fieldset>
<p><button class="main">Move it to that time</button></p></form>
<?cs else ?><p><?cs if:Day ?>Nothing is free on that day. <?cs else ?>Nothing is free. <?cs /if ?><bdi><?cs var:NoSlots ?></bdi></p><?cs /if ?><?cs /if ?></section>
<section class="card set"><details><summary><h2>Cancel it</h2></summary><p>The time becomes free again, and who would have come is told by text.</p>
<form method="post" action="/calendar/visits/<?cs var:Visit.Id ?>/cancel"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><button>Cancel the visit of <bdi><?cs var:Visit.Who ?></bdi></button></form></details></section><?cs /if ?>
