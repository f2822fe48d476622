<div class="door">
<p class="brand"><?cs call:icon("phone") ?>Frontdesk</p>
<?cs if:Error ?><div class="problem" role="alert" tabindex="-1" autofocus><h2><?cs call:icon("octagon") ?>There is a problem</h2>
<p id="wrong"><a href="#password"><?cs var:Error ?></a></p></div><?cs /if ?>
<?cs if:Notice ?><p class="notice" role="status"><?cs call:icon("clock") ?><span><?cs var:Notice ?></span></p><?cs /if ?>
<form class="card sign-in" method="post" action="/login">
<h1>Sign in</h1>
<input type="hidden" name="csrf" value="<?cs var:Form.Csrf ?>">
<input type="hidden" name="next" value="<?cs var:Form.Next ?>">
<p class="field"><label for="login">Name</label>
<input id="login" name="login" type="text" autocomplete="username" autocapitalize="none" spellcheck="false" required maxlength="100" value="<?cs var:Form.Login ?>"<?cs if:Error ?> aria-describedby="wrong"<?cs /if ?>></p>
<p class="field"><label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required maxlength="500"<?cs if:Error ?> aria-describedby="wrong"<?cs /if ?>></p>
<p><button class="main wide">Sign in</button></p>
</form>
<p class="soft small">Forgotten your password? Whoever runs this machine can give you a new one: <code>frontdesk user password NAME</code></p>
</div>
