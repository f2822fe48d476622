<div class="sorry">
<h1><?cs var:Failure.Title ?></h1>
<p><?cs var:Failure.Text ?></p>
<?cs if:Failure.Reference ?><p class="soft">Reference <code><?cs var:Failure.Reference ?></code></p><?cs /if ?>
<p><a class="button" href="/calls"><?cs call:icon("back") ?>Calls</a></p>
</div>
