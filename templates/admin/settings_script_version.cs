<p class="back"><a href="/settings/scripts/<?cs var:Name ?>"><?cs call:icon("back") ?>Script <?cs var:Name ?></a></p>
<h1><?cs if:House ?>Frontdesk’s own words<?cs else ?>Version <?cs var:Number ?><?cs /if ?></h1>
<?cs if:Different ?><p class="soft">“−” stood there then, “+” stands there now.</p>
<ol class="card diff"><?cs each:l = Lines ?>
<li class="<?cs var:l.Kind ?>"><?cs if:l.Kind == "plus" ?>+ <?cs elif:l.Kind == "minus" ?>− <?cs else ?>&nbsp; <?cs /if ?><?cs var:l.Text ?></li><?cs /each ?></ol>
<form class="does" method="post" action="/settings/scripts/<?cs var:Name ?>/<?cs var:Number ?>/back"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><button class="main">Go back to this</button></form><?cs else ?><p>The same as what runs now.</p><?cs /if ?>
