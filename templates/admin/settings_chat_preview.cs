<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title><?cs var:Page.Title ?></title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<link rel="stylesheet" href="<?cs var:Static.Css ?>">
<link rel="icon" type="image/svg+xml" href="<?cs var:Static.Favicon ?>">
<?cs if:Key ?><script src="/chat.js" data-business="<?cs var:Key ?>" defer></script>
<?cs /if ?></head>
<body class="out">
<main id="main">
<p class="back"><a href="/settings/chat">Website chat</a></p>
<h1>Try the chat</h1>
<?cs if:Key ?><p>The button is below, at the right. What you write is answered and kept as a visitor’s would be, so an emergency is told to you, too.</p><?cs else ?><p>The chat is off. <a href="/settings/chat">Turn it on</a> to try it.</p><?cs /if ?>
</main>
</body>
</html>
