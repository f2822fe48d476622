<p class="back"><a href="/calls/<?cs var:Call.Id ?>"><?cs call:icon("back") ?><bdi><?cs var:Who ?></bdi></a></p>
<h1>Erase this call of <bdi><?cs var:Who ?></bdi>?</h1>
<p class="sub small soft"><time datetime="<?cs var:iso(Call.StartedAt) ?>"><?cs var:when(Call.StartedAt) ?></time></p>
<div class="card"><?cs if:Why ?><p class="mark"><?cs call:icon("triangle") ?> <strong><?cs var:Why ?></strong></p><p class="does"><a class="button main" href="/calls/<?cs var:Call.Id ?>">Back</a></p>
<?cs else ?><h2>What goes, for good</h2><ul class="list"><?cs each:g = Goes ?><li><?cs var:g ?></li><?cs /each ?></ul>
<h2>What stays</h2><ul class="list"><li>That there was a call, when, how long it was and what it cost</li><li>Callbacks, appointments and requests for work that came of it</li><li>What is known of the person, and their texts: <bdi><?cs var:Who ?></bdi> can be erased as a whole on their own page</li><li>Backups and files that were made before</li></ul>
<p>This cannot be undone.</p><div class="does"><a class="button main" href="/calls/<?cs var:Call.Id ?>">Cancel</a>
<form method="post" action="/calls/<?cs var:Call.Id ?>/erase"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><button>Erase this call for good</button></form></div><?cs /if ?></div>
