<p class="back"><a href="/settings"><?cs call:icon("back") ?>Settings</a></p>
<h1>Connections</h1>
<p class="soft">What Frontdesk needs from outside. Keys are set where this machine is set up and are never shown here.</p><?cs each:r = Rows ?>
<section class="card set"><h2><?cs var:r.Title ?></h2><p><?cs var:r.State ?> <span class="soft">For <?cs var:r.About ?>; set by <code><?cs var:r.Where ?></code>.</span><?cs if:r.Link ?> <a href="<?cs var:r.Link ?>">Its settings</a><?cs /if ?></p>
<?cs if:r.Probe ?><p class="mark"><?cs if:r.Probe == "ok" ?><?cs call:icon("tick") ?><?cs elif:r.Probe == "bad" ?><?cs call:icon("triangle") ?><?cs else ?><?cs call:icon("clock") ?><?cs /if ?><span><?cs if:r.Probe == "waits" ?>Being tested. <a href="/settings/connections">Refresh</a><?cs else ?><bdi><?cs var:r.Sentence ?></bdi><?cs /if ?> <span class="soft"><time datetime="<?cs var:iso(r.At) ?>"><?cs var:ago(r.At) ?></time></span></span></p><?cs /if ?>
<form method="post" action="/settings/connections/<?cs var:r.What ?>/test"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><button aria-label="Test <?cs var:r.Title ?>">Test</button></form></section><?cs /each ?>
