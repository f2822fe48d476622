<p class="back"><a href="/settings/users"><?cs call:icon("back") ?>People who can sign in</a></p>
<div class="head"><h1>Who looked, and who changed</h1>
<form class="filter" method="get" action="/settings/audit"><label for="who">Who</label><select id="who" name="who"><option value="">Everybody</option><?cs each:p = People ?><option value="<?cs var:p.Value ?>"<?cs if:p.Here ?> selected<?cs /if ?>><?cs var:p.Label ?></option><?cs /each ?></select>
<label for="what">What</label><select id="what" name="what"><?cs each:k = Kinds ?><option value="<?cs var:k.Value ?>"<?cs if:k.Here ?> selected<?cs /if ?>><?cs var:k.Label ?></option><?cs /each ?></select>
<button>Show</button></form></div>
<?cs if:subcount(Rows) ?><ol class="card trail"><?cs each:r = Rows ?>
<li><p><strong><bdi><?cs var:r.Name ?></bdi></strong> <?cs if:r.Link ?><a href="<?cs var:r.Link ?>"><?cs var:r.Words ?></a><?cs else ?><?cs var:r.Words ?><?cs /if ?></p>
<p class="soft small"><time datetime="<?cs var:iso(r.CreatedAt) ?>"><?cs var:when(r.CreatedAt) ?></time><?cs if:r.RequestId ?> · request <code><?cs var:r.RequestId ?></code><?cs /if ?></p></li><?cs /each ?>
</ol><p class="pager"><?cs if:Older ?><a class="button" href="/settings/audit?<?cs var:Older ?>"><?cs call:icon("older") ?>Older</a> <?cs /if ?><a class="button" href="/settings/audit.csv?<?cs var:Query ?>">As a file (CSV)</a></p>
<?cs elif:Filtered ?><div class="empty card"><p class="big">Nothing of that kind.</p><p><a href="/settings/audit">Show everything</a></p></div>
<?cs else ?><div class="empty card"><p class="big">Nothing yet.</p><p class="soft">Whoever looks at a call, or changes something, is written down here.</p></div><?cs /if ?>
