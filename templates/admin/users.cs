<?cs if:Error ?><div class="problem" role="alert" tabindex="-1" autofocus><h2><?cs call:icon("octagon") ?>There is a problem</h2>
<p><?cs var:Error ?></p><?cs if:Wrong.number ?><ul><li><a href="#number"><?cs var:Wrong.number ?></a></li></ul><?cs /if ?></div><?cs /if ?>
<h1>People who can sign in</h1>
<p><a href="/settings/audit">Who looked at what, and who changed what</a></p>
<?cs if:Link ?><div class="notice" role="status"><?cs call:icon("tick") ?><div><p><strong>Give them this link.</strong> It works once, for 3 days, and is shown only now.</p>
<p class="secret"><code><?cs var:Link ?></code></p><?cs if:Sent ?><p><?cs var:Sent ?></p><?cs /if ?></div></div><?cs /if ?>
<?cs if:subcount(Invites) ?><section class="card set"><h2>Invited</h2><?cs each:i = Invites ?>
<h3><bdi><?cs if:i.Name ?><?cs var:i.Name ?><?cs else ?>Somebody<?cs /if ?></bdi></h3>
<p><?cs var:i.May ?><?cs if:i.Place ?>, <bdi><?cs var:i.Place ?></bdi> only<?cs /if ?>. The link works until <time datetime="<?cs var:iso(i.ExpiresAt) ?>"><?cs var:when(i.ExpiresAt) ?></time>.</p>
<form method="post" action="/settings/invites/<?cs var:i.Id ?>/drop"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><button aria-label="Take back the invitation of <?cs if:i.Name ?><?cs var:i.Name ?><?cs else ?>somebody<?cs /if ?>">Take back</button></form><?cs /each ?></section><?cs /if ?>
<ol class="cards people"><?cs each:p = People ?>
<li class="card who"><h2><bdi><?cs var:p.Login ?></bdi><?cs if:p.Me ?> <span class="soft small">you</span><?cs /if ?></h2>
<p><?cs var:p.May ?><?cs if:p.Place ?>, <bdi><?cs var:p.Place ?></bdi> only<?cs /if ?> <span class="soft">· <?cs if:p.TotpOn == #1 ?>with a second step<?cs else ?>password only<?cs /if ?>, <?cs if:p.LastLoginAt > #0 ?>last signed in <time datetime="<?cs var:iso(p.LastLoginAt) ?>"><?cs var:ago(p.LastLoginAt) ?></time><?cs else ?>never signed in<?cs /if ?></span></p>
<details><summary>Change or remove<span class="hide"> <?cs var:p.Login ?></span></summary>
<form class="set" method="post" action="/settings/users/<?cs var:p.Id ?>/role"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>">
<p class="field"><label for="role-<?cs var:p.Id ?>">What they may</label><select id="role-<?cs var:p.Id ?>" name="role"><?cs each:r = p.Roles ?><option value="<?cs var:r.Value ?>"<?cs if:r.Here ?> selected<?cs /if ?>><?cs var:r.Label ?></option><?cs /each ?></select></p>
<?cs if:subcount(p.Places) ?><p class="field"><label for="place-<?cs var:p.Id ?>">Where</label><select id="place-<?cs var:p.Id ?>" name="place"><option value="">All places</option><?cs each:l = p.Places ?><option value="<?cs var:l.Value ?>"<?cs if:l.Here ?> selected<?cs /if ?>><?cs var:l.Label ?></option><?cs /each ?></select></p><?cs /if ?>
<p class="does"><button>Save</button></p></form>
<form method="post" action="/settings/users/<?cs var:p.Id ?>/remove"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><p class="does"><button><span>Remove <bdi><?cs var:p.Login ?></bdi></span></button></p></form></details></li><?cs /each ?>
</ol>
<form class="card add" method="post" action="/settings/users"><h2>Invite somebody</h2><input type="hidden" name="csrf" value="<?cs var:Csrf ?>">
<p class="soft">They get a link, and choose their own name and password.</p>
<p class="field"><label for="name">For whom</label><input id="name" name="name" type="text" maxlength="100" autocomplete="off" value="<?cs var:Form.name ?>"></p>
<p class="field"><label for="number">Send the link by text to (if you like)</label><?cs if:Wrong.number ?><span class="wrong" id="number-wrong"><?cs var:Wrong.number ?></span><?cs /if ?>
<input id="number" name="number" type="tel" maxlength="40" autocomplete="off" value="<?cs var:Form.number ?>"<?cs if:Wrong.number ?> aria-invalid="true" aria-describedby="number-wrong"<?cs /if ?>></p>
<p class="field"><label for="role">What they may</label><select id="role" name="role"><?cs each:r = New.Roles ?><option value="<?cs var:r.Value ?>"<?cs if:r.Here ?> selected<?cs /if ?>><?cs var:r.Label ?>: <?cs var:r.May ?></option><?cs /each ?></select></p>
<?cs if:subcount(New.Places) ?><p class="field"><label for="place">Where</label><select id="place" name="place"><option value="">All places</option><?cs each:l = New.Places ?><option value="<?cs var:l.Value ?>"><?cs var:l.Label ?></option><?cs /each ?></select></p><?cs /if ?>
<p><button class="main">Make a link</button></p></form>
