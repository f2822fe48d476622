<p class="back"><a href="/live"><?cs call:icon("back") ?>Live board</a></p>
<h1>Hang up?</h1>
<div class="card"><?cs if:Cannot ?><p class="big"><?cs var:Cannot ?></p><?cs else ?><p>Frontdesk says goodbye to <bdi><?cs var:Who ?></bdi> and ends the call. This cannot be undone.</p>
<div class="does"><a class="button main" href="/live">Keep the call</a>
<form method="post" action="/live/<?cs var:Id ?>/hangup"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><input type="hidden" name="once" value="<?cs var:Once ?>"><button>Hang up now</button></form></div><?cs /if ?></div>
