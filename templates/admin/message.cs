<?cs if:Error ?><div class="problem" role="alert" tabindex="-1" autofocus><h2><?cs call:icon("octagon") ?>There is a problem</h2>
<ul><li><?cs if:Cannot ?><?cs var:Error ?><?cs else ?><a href="#text"><?cs var:Error ?></a><?cs /if ?></li></ul></div><?cs /if ?>
<p class="back"><a href="/messages"><?cs call:icon("back") ?>Messages</a></p>
<h1 class="who"><bdi><?cs var:Who ?></bdi></h1>
<p class="sub"><?cs if:Shown ?><a class="tel" href="tel:<?cs var:Number ?>"><?cs var:Shown ?></a> <span class="soft">·</span> <?cs /if ?><a href="tel:<?cs var:Number ?>">Call <bdi><?cs var:First ?></bdi></a></p>
<?cs if:Older ?><p class="again"><a class="button" href="/messages/<?cs var:Person ?>?before=<?cs var:Older ?>"><?cs call:icon("older") ?>Older</a></p><?cs /if ?>
<?cs if:subcount(Lines) ?><ol class="thread"><?cs each:l = Lines ?>
<li class="<?cs var:l.Kind ?>"><?cs if:l.Kind == "call" || l.Kind == "message" ?><p class="note"><?cs if:l.Kind == "call" ?><?cs call:icon("phone") ?><?cs else ?><?cs call:icon("tape") ?><?cs /if ?><span><a href="/calls/<?cs var:l.CallId ?>"><bdi><?cs if:l.Kind == "message" ?>Left a message: “<?cs var:l.Text ?>”<?cs else ?><?cs var:l.Text ?><?cs /if ?></bdi></a> <time class="soft small" datetime="<?cs var:iso(l.At) ?>"><?cs var:when(l.At) ?></time></span></p><?cs else ?>
<p class="small"><b class="speaker"><bdi><?cs var:l.Who ?></bdi> <?cs if:l.Web ?>wrote on your website<?cs else ?>wrote<?cs /if ?></b> <time class="soft" datetime="<?cs var:iso(l.At) ?>"><?cs var:when(l.At) ?></time></p>
<?cs if:l.Text ?><p class="bubble"><bdi><?cs var:l.Text ?></bdi></p><?cs /if ?><?cs if:subcount(l.Pictures) ?><?cs call:pictures(l.Pictures) ?><?cs /if ?>
<?cs if:l.State ?><p class="sent-as small<?cs if:l.Failed ?> failed<?cs /if ?>"><?cs if:l.Failed ?><?cs call:icon("triangle") ?><?cs /if ?><span><?cs var:l.State ?></span></p><?cs /if ?><?cs /if ?></li><?cs /each ?>
</ol><?cs else ?><div class="empty card"><p class="big">No messages yet.</p><p class="soft">What is written to and by <bdi><?cs var:First ?></bdi> appears here.</p></div><?cs /if ?>
<?cs if:Newer ?><p class="again"><a class="button" href="/messages/<?cs var:Person ?>">Newest</a></p><?cs /if ?>
<?cs if:Cannot ?><section class="card"><h2>Writing to <bdi><?cs var:First ?></bdi></h2><p class="big"><?cs var:Cannot ?></p><p class="soft">Call instead.<?cs if:Marked ?> No text is tried since <time datetime="<?cs var:iso(Marked) ?>"><?cs var:when(Marked) ?></time>.<?cs /if ?></p><?cs if:Marked ?>
<form class="again" method="post" action="/messages/<?cs var:Person ?>/reach"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><button>Try texts again</button></form><?cs /if ?></section>
<?cs else ?><form class="card write" method="post" action="/messages/<?cs var:Person ?>/send"><h2><label for="text">Write to <bdi><?cs var:First ?></bdi></label></h2><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><input type="hidden" name="key" value="<?cs var:Key ?>">
<textarea id="text" name="text" rows="4" maxlength="1600" required aria-describedby="text-hint"<?cs if:Error ?> aria-invalid="true"<?cs /if ?>><?cs var:Text ?></textarea>
<p class="soft small" id="text-hint">160 characters are one text; with emoji or letters that are not plain English, 70. Longer ones are sent as several.</p>
<p class="again"><button class="main">Send text</button></p></form><?cs /if ?>
<form class="card line" method="post" action="/messages/<?cs var:Person ?>/answering"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><div><h2>Who answers</h2><p><?cs if:Hand.Always ?>You answer texts from <bdi><?cs var:First ?></bdi>. They come to your phone.<?cs elif:Hand.Until ?>You answer by hand until <time datetime="<?cs var:iso(Hand.Until) ?>"><?cs var:when(Hand.Until) ?></time>; then Frontdesk does again.<?cs else ?>Frontdesk answers texts from <bdi><?cs var:First ?></bdi>.<?cs /if ?></p></div>
<?cs if:Hand.Always || Hand.Until ?><button name="frontdesk" value="1">Let Frontdesk answer</button><?cs else ?><button name="frontdesk" value="0">I answer</button><?cs /if ?></form>
