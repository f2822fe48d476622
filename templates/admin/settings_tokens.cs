<p class="back"><a href="/settings"><?cs call:icon("back") ?>Settings</a></p>
<?cs if:Error ?><div class="problem" role="alert" tabindex="-1" autofocus><h2><?cs call:icon("octagon") ?>There is a problem</h2>
<p><?cs var:Error ?></p><?cs if:Wrong.name ?><ul><li><a href="#name"><?cs var:Wrong.name ?></a></li></ul><?cs /if ?></div><?cs /if ?>
<?cs if:Secret ?><div class="result" role="status"><?cs call:icon("tick") ?><p>Made. Copy it now, it is not shown again: <code class="secret"><?cs var:Secret ?></code></p></div><?cs /if ?>
<h1>Tokens for programs</h1>
<p class="soft">With one a program can ask Frontdesk by its REST API. Give each program its own, so that you can take it back. <a href="/docs/api">What a program can ask for</a></p>
<?cs if:subcount(Rows) ?><ol class="cards"><?cs each:r = Rows ?>
<li class="card line"><div><h2><bdi><?cs var:r.Name ?></bdi></h2><p><?cs var:r.May ?> <span class="soft">· made <time datetime="<?cs var:iso(r.CreatedAt) ?>"><?cs var:date(r.CreatedAt) ?></time><?cs if:r.UsedAt ?> · used <time datetime="<?cs var:iso(r.UsedAt) ?>"><?cs var:ago(r.UsedAt) ?></time><?cs else ?> · never used<?cs /if ?></span></p></div><?cs if:r.RevokedAt ?><span class="tag plain"><?cs call:icon("struck") ?>Taken back <?cs var:date(r.RevokedAt) ?></span><?cs else ?>
<form method="post" action="/settings/tokens/revoke"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><input type="hidden" name="id" value="<?cs var:r.Id ?>"><button aria-label="Take back <?cs var:r.Name ?>">Take back</button></form><?cs /if ?></li><?cs /each ?>
</ol><?cs else ?><div class="empty card"><p class="big">No tokens yet.</p><p class="soft">Make one for a program that should read or write here.</p></div><?cs /if ?>
<form class="card set add" method="post" action="/settings/tokens"><h2>Make a token</h2><input type="hidden" name="csrf" value="<?cs var:Csrf ?>">
<p class="field"><label for="name">For which program</label><?cs if:Wrong.name ?><span class="wrong" id="name-wrong"><?cs var:Wrong.name ?></span><?cs /if ?><input id="name" name="name" type="text" maxlength="80" required autocomplete="off" value="<?cs var:Form.name ?>"<?cs if:Wrong.name ?> aria-invalid="true" aria-describedby="name-wrong"<?cs /if ?>></p>
<p class="field tick"><input type="checkbox" id="write" name="write" value="1"<?cs if:Form.write ?> checked<?cs /if ?>><label for="write">It may also change things</label></p>
<p class="field tick"><input type="checkbox" id="personal" name="personal" value="1"<?cs if:Form.personal ?> checked<?cs /if ?>><label for="personal">It sees names, numbers and what was said</label></p>
<p><button class="main">Make it</button></p></form>
