<p class="back"><a href="/settings"><?cs call:icon("back") ?>Settings</a></p>
<h1>Versions</h1>
<p class="soft">Each time a page is saved the whole of the settings is kept. Going back is a new version, so nothing is lost.</p>
<?cs if:subcount(Rows) ?><ol class="cards"><?cs each:r = Rows ?>
<li class="card line"><div><h2>Version <?cs var:r.Number ?></h2><p><?cs var:r.Words ?><span class="soft"> · <time datetime="<?cs var:iso(r.CreatedAt) ?>"><?cs var:when(r.CreatedAt) ?></time><?cs if:r.Who ?> · <bdi><?cs var:r.Who ?></bdi><?cs /if ?></span></p></div><?cs if:r.Now ?><span class="tag good"><?cs call:icon("tick") ?>Last saved</span><?cs else ?>
<form method="post" action="/settings/versions/<?cs var:r.Number ?>/back"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><button aria-label="Go back to version <?cs var:r.Number ?>">Go back to this</button></form><?cs /if ?></li><?cs /each ?>
</ol><?cs else ?><div class="empty card"><p class="big">Nothing was saved on these pages yet.</p><p class="soft">The first time you save one, what was there before is kept as version 1.</p></div><?cs /if ?>
