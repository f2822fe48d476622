<h1>Calendars</h1>
<?cs if:subcount(Trouble) ?><div class="notice"><?cs call:icon("triangle") ?><div><p>Somebody should look at this:</p><ul><?cs each:t = Trouble ?><li><bdi><?cs var:t ?></bdi></li><?cs /each ?></ul></div></div><?cs /if ?>
<section class="card set"><h2>Google Calendar</h2>
<?cs if:Google.State == "ok" ?><p class="mark"><?cs call:icon("tick") ?><span>Connected. Visits that callers book are written there, and what you change there comes back.</span></p>
<?cs elif:Google.State == "broken" ?><p class="mark"><?cs call:icon("triangle") ?><bdi><?cs var:Google.Why ?></bdi></p><p>Until then callers hear that you will confirm their visit.</p>
<?cs else ?><p>Not connected. Visits are kept in Frontdesk’s own calendar only.</p><?cs /if ?>
<?cs if:Google.Can && Google.State != "ok" && sees("/google/connect") ?><p><a class="button main" href="/google/connect">Connect Google</a></p><?cs elif:Google.State == "none" ?><p class="soft">To connect it here, whoever runs this machine makes a client at Google, with <code><?cs var:Google.Base ?>/google/callback</code> as its redirect address, and sets <code>GOOGLE_CLIENT_ID</code> and <code>GOOGLE_CLIENT_SECRET</code>.</p><?cs /if ?>
<?cs if:Google.State != "none" && may("/google/disconnect") ?><form method="post" action="/google/disconnect"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><button>Disconnect Google</button></form><?cs /if ?></section>
<?cs if:subcount(Sources) ?><section class="card set"><h2>What is read</h2><?cs each:s = Sources ?>
<h3><bdi><?cs var:s.Name ?></bdi><?cs if:s.Main ?> <span class="soft small">gets the visits</span><?cs /if ?></h3>
<p><?cs if:s.Person ?>Only <bdi><?cs var:s.Person ?></bdi> is busy then. <?cs /if ?><?cs if:s.SyncedAt > #0 ?><?cs var:s.Events ?> <?cs if:s.Events == #1 ?>time is<?cs else ?>times are<?cs /if ?> taken; read <time datetime="<?cs var:iso(s.SyncedAt) ?>"><?cs var:ago(s.SyncedAt) ?></time>.<?cs else ?>Not read yet.<?cs /if ?></p>
<?cs if:s.Why ?><p class="mark"><?cs call:icon("triangle") ?><bdi><?cs var:s.Why ?></bdi></p><?cs /if ?>
<?cs if:s.Id && may("/calendar/:id/drop") ?><form method="post" action="/calendar/<?cs var:s.Id ?>/drop"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><button aria-label="Stop reading <?cs var:s.Name ?>">Stop reading</button></form><?cs /if ?><?cs /each ?>
<?cs if:may("/calendar/read") ?><form method="post" action="/calendar/read"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><button>Read all now</button></form><?cs /if ?></section><?cs /if ?>
<?cs if:may("/calendar/import") ?><section class="card set"><h2>Add a calendar by its address</h2>
<p>Frontdesk reads it, and callers are not offered times that are taken there. In Google Calendar it is the “secret address in iCal format”, in iCloud and Outlook the link of a calendar that you publish. Whoever has it can read the calendar, so it is not shown here again.</p>
<form method="post" action="/calendar/import"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>">
<p class="field"><label for="url">Address</label><input id="url" name="url" type="text" inputmode="url" autocomplete="off" autocapitalize="none" spellcheck="false" required maxlength="2000"></p>
<?cs if:subcount(People) ?><p class="field"><label for="person">Who is busy then</label><select id="person" name="person"><option value="">Everybody</option><?cs each:p = People ?><option><?cs var:p ?></option><?cs /each ?></select></p><?cs /if ?>
<p><button class="main">Add this calendar</button></p></form></section><?cs /if ?>
