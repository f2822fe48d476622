<div class="door">
<p class="brand"><?cs call:icon("phone") ?>Frontdesk</p>
<?cs if:Error ?><div class="problem" role="alert" tabindex="-1" autofocus><h2><?cs call:icon("octagon") ?>There is a problem</h2>
<p><a href="#code" id="wrong"><?cs var:Error ?></a></p></div><?cs /if ?>
<form class="card sign-in" method="post" action="/login/code">
<h1>Your code</h1>
<input type="hidden" name="csrf" value="<?cs var:Form.Csrf ?>">
<input type="hidden" name="next" value="<?cs var:Form.Next ?>">
<p class="field"><label for="code">The 6 digits of your app, or a recovery code</label>
<input id="code" name="code" type="text" autocomplete="one-time-code" autocapitalize="none" spellcheck="false" required maxlength="30"<?cs if:Error ?> aria-describedby="wrong"<?cs /if ?>></p>
<p><button class="main wide">Go on</button></p>
</form>
<p class="soft small">Lost both? An owner can remove you and invite you again; whoever runs this machine can switch the second step off: <code>frontdesk user reset-totp NAME</code></p>
</div>
