<?cs if:Error ?><div class="problem" role="alert" tabindex="-1" autofocus><h2><?cs call:icon("octagon") ?>There is a problem</h2>
<p><a href="#<?cs var:Field ?>"><?cs var:Error ?></a></p></div><?cs /if ?>
<h1>You</h1>
<p class="soft">Signed in as <bdi><?cs var:User.Login ?></bdi>: <?cs var:User.May ?><?cs if:User.Place ?>, <bdi><?cs var:User.Place ?></bdi> only<?cs /if ?>.</p>
<?cs if:subcount(Codes) ?><div class="notice" role="status"><?cs call:icon("tick") ?><div><p><?cs var:Done ?> <strong>Write these recovery codes down.</strong> Each signs you in once if you lose your phone. They are shown only now.</p>
<ul class="codes"><?cs each:c = Codes ?><li><code><?cs var:c ?></code></li><?cs /each ?></ul></div></div><?cs /if ?>
<section class="card set"><h2>Second step</h2>
<?cs if:Totp == "on" ?><p class="mark"><?cs call:icon("tick") ?><span>On: signing in wants your password and a code of your app. <?cs var:CodesLeft ?> of 10 recovery codes are left.</span></p>
<form method="post" action="/settings/you/codes"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><p class="field"><label for="password">Your password</label><input id="password" name="password" type="password" autocomplete="current-password" required maxlength="500"<?cs if:Field == "password" ?> aria-invalid="true"<?cs /if ?>></p>
<p class="does"><button>New recovery codes</button><button formaction="/settings/you/totp/off">Turn it off</button></p></form>
<?cs elif:Key.Groups ?><p>Add this key to an app for codes (on this phone: <a href="<?cs var:Key.Link ?>">open the app</a>), then enter the 6 digits it shows.</p>
<p class="secret"><code><?cs var:Key.Groups ?></code></p>
<form method="post" action="/settings/you/totp/on"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><p class="field"><label for="code">Code</label><input id="code" name="code" type="text" inputmode="numeric" autocomplete="one-time-code" required maxlength="30"<?cs if:Field == "code" ?> aria-invalid="true"<?cs /if ?>></p>
<p class="does"><button class="main">Turn it on</button></p></form>
<?cs else ?><p>Off. With it, a password that somebody has seen opens nothing: a code of an app on your phone is wanted, too.</p>
<form method="post" action="/settings/you/totp"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><p class="field"><label for="password">Your password</label><input id="password" name="password" type="password" autocomplete="current-password" required maxlength="500"<?cs if:Field == "password" ?> aria-invalid="true"<?cs /if ?>></p>
<p class="does"><button>Set it up</button></p></form><?cs /if ?></section>
<section class="card set"><h2>Password</h2>
<form method="post" action="/settings/you/password"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><p class="field"><label for="old">The one you have</label><input id="old" name="old" type="password" autocomplete="current-password" required maxlength="500"<?cs if:Field == "old" ?> aria-invalid="true"<?cs /if ?>></p><p class="field"><label for="new">New one, 10 letters or more</label><input id="new" name="new" type="password" autocomplete="new-password" required maxlength="500"<?cs if:Field == "new" ?> aria-invalid="true"<?cs /if ?>></p>
<p class="does"><button>Change it</button></p></form></section>
<section class="card set"><h2>Where you are signed in</h2><?cs each:s = Sessions ?>
<h3><?cs if:s.Agent ?><?cs var:s.Agent ?><?cs else ?>A browser<?cs /if ?><?cs if:s.Here ?> <span class="soft small">this one</span><?cs /if ?></h3>
<p class="soft">Since <time datetime="<?cs var:iso(s.CreatedAt) ?>"><?cs var:when(s.CreatedAt) ?></time>, used <time datetime="<?cs var:iso(s.SeenAt) ?>"><?cs var:ago(s.SeenAt) ?></time></p><?cs if:!s.Here ?>
<form method="post" action="/settings/you/sessions/<?cs var:s.Ref ?>/end"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><button aria-label="Sign out <?cs if:s.Agent ?><?cs var:s.Agent ?><?cs else ?>that browser<?cs /if ?>">Sign out</button></form><?cs /if ?><?cs /each ?>
<?cs if:Others ?><form method="post" action="/settings/you/sessions"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><p class="does"><button>Sign out everywhere else</button></p></form><?cs /if ?></section>
