<div class="live-head"><h1>Live board</h1><p class="soft" id="live-count"><?cs var:Count ?></p><a class="button again" id="live-again" href="/live">Refresh</a></div>
<p class="soft small" id="live-state" role="status"></p>
<div id="live-alert" role="alert"></div>
<p id="live-new" hidden><button type="button" class="wide"></button></p>
<button type="button" class="quiet small" id="live-aloud" aria-pressed="false" hidden>Read new lines aloud</button>
<div id="live-calls"><?cs include!"admin/live_calls.cs" ?></div>
<?cs if:may("/live/ticket") ?><form id="live-ticket" method="post" action="/live/ticket" hidden><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"></form>
<script src="<?cs var:Static.Live ?>" defer></script><?cs /if ?>
