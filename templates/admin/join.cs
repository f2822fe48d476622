<div class="door">
<p class="brand"><?cs call:icon("phone") ?>Frontdesk</p>
<?cs if:Error ?><div class="problem" role="alert" tabindex="-1" autofocus><h2><?cs call:icon("octagon") ?>There is a problem</h2>
<p><a href="#login" id="wrong"><?cs var:Error ?></a></p></div><?cs /if ?>
<form class="card sign-in" method="post" action="/join/<?cs var:Form.Secret ?>">
<h1>Welcome<?cs if:Invite.Name ?>, <bdi><?cs var:Invite.Name ?></bdi><?cs /if ?></h1>
<p class="soft">You are invited to the Frontdesk of <bdi><?cs var:Business ?></bdi> (<?cs var:Invite.May ?>). Choose how you sign in.</p>
<p class="field"><label for="login">Name</label>
<input id="login" name="login" type="text" autocomplete="username" autocapitalize="none" spellcheck="false" required maxlength="80" value="<?cs var:Form.Login ?>"<?cs if:Error ?> aria-describedby="wrong"<?cs /if ?>></p>
<p class="field"><label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="new-password" required maxlength="500" aria-describedby="least"></p>
<p class="soft small" id="least">10 letters or more; three or four words are a good one.</p>
<p><button class="main wide">Sign in</button></p>
</form></div>
