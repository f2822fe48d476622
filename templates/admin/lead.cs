<p class="back"><a href="<?cs var:Path ?>"><?cs call:icon("back") ?><?cs var:Title ?></a></p>
<h1 class="who"><bdi><?cs var:It.Who ?></bdi></h1>
<p class="sub"><?cs var:It.What ?> <span class="soft">·</span> <time class="soft" datetime="<?cs var:iso(It.At) ?>"><?cs var:when(It.At) ?></time></p>
<p class="tags"><?cs call:tag(It.Tag, It.TagKind, It.TagIcon) ?></p>
<section class="card"><h2>What is wanted</h2><p class="big"><bdi><?cs var:It.Text ?></bdi></p><?cs if:subcount(Facts) ?>
<dl class="asked"><?cs each:f = Facts ?><dt><?cs var:f.Name ?></dt><dd><bdi><?cs var:f.Words ?></bdi></dd><?cs /each ?></dl><?cs /if ?>
<div class="does"><?cs if:It.Shown ?><a class="button main" href="tel:<?cs var:It.Number ?>"><?cs call:icon("phone") ?>Call <?cs var:It.Shown ?></a><?cs /if ?><?cs if:may("/leads/:id/:to") ?><?cs each:d = Do ?>
<form method="post" action="<?cs var:Path ?>/<?cs var:It.Id ?>/<?cs var:d.To ?>"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><button><?cs var:d.Label ?></button></form><?cs /each ?><?cs /if ?></div>
<p class="again"><?cs if:It.Person ?><a href="/messages/<?cs var:It.Person ?>">Messages with them</a><?cs /if ?><?cs if:It.CallId ?> <a href="/calls/<?cs var:It.CallId ?>">The call it came from</a><?cs /if ?></p></section>
<?cs if:subcount(Pictures) ?><section class="card"><h2>Pictures</h2><?cs call:pictures(Pictures) ?></section><?cs /if ?>
