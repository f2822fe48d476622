<?cs include!"admin/macros.cs" ?><!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title><?cs var:Page.Title ?></title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<link rel="stylesheet" href="<?cs var:Static.Css ?>">
<link rel="icon" type="image/svg+xml" href="<?cs var:Static.Favicon ?>">
</head>
<body class="<?cs if:subcount(Menu) ?>in<?cs else ?>out<?cs /if ?><?cs if:Paper ?> paper<?cs elif:ToDo.Work ?> bar<?cs /if ?>">
<a class="skip" href="#main">Skip to main content</a>
<?cs if:subcount(Menu) ?><header class="rail">
<p class="business"><strong><bdi><?cs var:Business ?></bdi></strong> <span>Frontdesk</span></p>
<?cs if:sees("/search") ?><form class="seek" role="search" aria-label="Everything" method="get" action="/search"><label for="seek">Search</label><input id="seek" name="q" type="search" maxlength="200" autocomplete="off"></form><?cs /if ?>
<nav aria-label="Pages"><ul><?cs each:m = Menu ?>
<li<?cs if:!m.Bar ?> class="off"<?cs /if ?>><a href="<?cs var:m.Path ?>"<?cs if:m.Here ?> aria-current="<?cs var:m.Here ?>"<?cs /if ?>><?cs call:icon(m.Icon) ?><?cs var:m.Label ?><?cs call:count(m.Count, m.Of) ?></a></li><?cs /each ?>
<li class="more"><a href="/more"<?cs if:More.Here ?> aria-current="<?cs var:More.Here ?>"<?cs /if ?>><?cs call:icon("more") ?>More<?cs call:count(More.Count, "waiting") ?></a></li>
</ul></nav>
</header><?cs /if ?>
<main id="main" tabindex="-1">
<?cs if:Result.Text ?><div class="result" role="status"><?cs call:icon("tick") ?><p><bdi><?cs var:Result.Text ?></bdi></p><?cs if:Result.Undo && may(Result.Undo) ?>
<form method="post" action="<?cs var:Result.Undo ?>"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><button class="link">Undo</button></form><?cs /if ?></div><?cs /if ?>
<?cs include:Page.Body ?>
</main>
<?cs if:Foot.Zone ?><footer class="foot"><p>Times are <?cs var:Foot.Zone ?>. <?cs var:Foot.Change ?> Signed in as <a href="/settings/you"><bdi><?cs var:User.Login ?></bdi></a>.</p>
<form class="leave" method="post" action="/logout"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><button class="quiet"><?cs call:icon("out") ?>Sign out</button></form></footer><?cs /if ?>
</body>
</html>
