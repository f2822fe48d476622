<p class="back"><a href="/settings/connections"><?cs call:icon("back") ?>Connections</a></p>
<h1>Telegram</h1>
<p class="soft">In a chat that is linked you are told of calls and emergencies, and can ask: who called, what is due, where do you go next.</p>
<?cs if:Code ?><div class="result" role="status"><?cs call:icon("tick") ?><div><p>Send this to your bot within <?cs var:Minutes ?> minutes, once. It is shown only now:</p>
<p><code class="secret">/start <?cs var:Code ?></code></p>
<ol><li>Open Telegram on your phone and look for your bot by its name.</li><li>Press Start, or open the chat with it.</li><li>Write the line above to it, with /start before the code.</li><li>It answers that the chat is yours. <a href="/settings/telegram">Load this page again</a> to see it below.</li></ol></div></div><?cs /if ?>
<?cs if:subcount(Chats) ?><ol class="cards"><?cs each:c = Chats ?>
<li class="card line"><div><h2><bdi><?cs if:c.Name ?><?cs var:c.Name ?><?cs else ?>A chat<?cs /if ?></bdi></h2><p>Answers to <bdi><?cs var:c.Login ?></bdi> <span class="soft">· since <time datetime="<?cs var:iso(c.Since) ?>"><?cs var:date(c.Since) ?></time><?cs if:c.Muted ?> · muted<?cs /if ?></span></p></div>
<form method="post" action="/settings/telegram/<?cs var:c.Id ?>/unlink"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><button aria-label="Take away the chat of <?cs if:c.Name ?><?cs var:c.Name ?><?cs else ?><?cs var:c.Login ?><?cs /if ?>">Take away</button></form></li><?cs /each ?>
</ol><?cs else ?><div class="empty card"><p class="big">No chat is linked yet.</p><p class="soft"><?cs if:Bot ?>Link yours below: it takes a minute.<?cs else ?>There is no bot yet.<?cs /if ?></p></div><?cs /if ?>
<?cs if:Bot ?><form class="card set add" method="post" action="/settings/telegram"><h2>Link your chat</h2><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><p>You get a code, and send it to the bot. Then that chat is yours: whoever holds that phone may ask what you may see.</p>
<p><button class="main">Get a code</button></p></form><?cs else ?><section class="card set"><h2>First, a bot</h2><p>Whoever runs this machine writes /newbot to @BotFather in Telegram, and sets the token it gets as <code>TELEGRAM_BOT_TOKEN</code>. Then you link your chat here.</p></section><?cs /if ?>
