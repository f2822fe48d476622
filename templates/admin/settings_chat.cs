<p class="back"><a href="/settings"><?cs call:icon("back") ?>Settings</a></p>
<?cs if:Error ?><div class="problem" role="alert" tabindex="-1" autofocus><h2><?cs call:icon("octagon") ?>There is a problem</h2>
<p><?cs var:Error ?></p><ul><?cs if:Wrong.origins ?><li><a href="#origins"><bdi><?cs var:Wrong.origins ?></bdi></a></li><?cs /if ?><?cs if:Wrong.greeting ?><li><a href="#greeting"><?cs var:Wrong.greeting ?></a></li><?cs /if ?></ul></div><?cs /if ?>
<h1>Website chat</h1>
<p class="soft">Visitors of your website can write to Frontdesk. It answers as it does on the phone: it takes messages, promises a call back, and tells you of emergencies at once.</p>
<form class="card set add" method="post" action="/settings/chat"><h2>The chat</h2><input type="hidden" name="csrf" value="<?cs var:Csrf ?>">
<p class="field tick"><input type="checkbox" id="active" name="active" value="1"<?cs if:Form.active ?> checked<?cs /if ?>><label for="active">The chat is on</label></p>
<p class="field"><label for="origins">Your websites</label><span class="soft small hint" id="origins-help">One a line, like https://www.example.com. The chat is shown on these and nowhere else.</span><?cs if:Wrong.origins ?><span class="wrong" id="origins-wrong"><bdi><?cs var:Wrong.origins ?></bdi></span><?cs /if ?>
<textarea id="origins" name="origins" rows="3" maxlength="4000" autocomplete="off"<?cs if:Wrong.origins ?> aria-invalid="true" aria-describedby="origins-wrong origins-help"<?cs else ?> aria-describedby="origins-help"<?cs /if ?>><?cs var:Form.origins ?></textarea></p>
<p class="field"><label for="greeting">First words</label><span class="soft small hint" id="greeting-help">Empty: “<bdi><?cs var:House ?></bdi>”. That Frontdesk is an automated assistant always stands above the chat.</span><?cs if:Wrong.greeting ?><span class="wrong" id="greeting-wrong"><?cs var:Wrong.greeting ?></span><?cs /if ?>
<textarea id="greeting" name="greeting" rows="2" maxlength="400"<?cs if:Wrong.greeting ?> aria-invalid="true" aria-describedby="greeting-wrong greeting-help"<?cs else ?> aria-describedby="greeting-help"<?cs /if ?>><?cs var:Form.greeting ?></textarea></p>
<p><button class="main">Save the chat</button></p></form>
<section class="card set"><h2>Put it on your website</h2><?cs if:Line ?>
<p class="field"><label for="line">The line</label><span class="soft small hint" id="line-help">Select all of it, copy it, and paste it into your pages before &lt;/body&gt;, or give it to whoever looks after your website.</span>
<textarea id="line" class="secret" rows="6" readonly spellcheck="false" aria-describedby="line-help"><?cs var:Line ?></textarea></p><?cs if:On ?>
<p><a href="/settings/chat/preview">Try it</a>. What you write there is answered and kept as a visitor’s would be.</p><?cs else ?>
<p class="soft">The chat is off: with the line in your pages nothing is shown until you turn it on.</p><?cs /if ?><?cs else ?>
<p class="soft">Save the chat once: then the line to paste stands here.</p><?cs /if ?></section>
