<?cs if:Error ?><div class="problem" role="alert" tabindex="-1" autofocus><h2><?cs call:icon("octagon") ?>There is a problem</h2>
<p><?cs var:Error ?></p><ul><?cs if:Wrong.name ?><li><a href="#name"><?cs var:Wrong.name ?></a></li><?cs /if ?><?cs if:Wrong.number ?><li><a href="#number"><?cs var:Wrong.number ?></a></li><?cs /if ?><?cs if:Wrong.category ?><li><a href="#category"><?cs var:Wrong.category ?></a></li><?cs /if ?></ul></div><?cs /if ?>
<h1>Put straight through</h1>
<p class="soft">Family, friends and key customers: Frontdesk asks them nothing and rings you at once. A hidden or doubtful number is never put through this way.</p>
<?cs if:subcount(Rows) ?><ol class="cards people"><?cs each:r = Rows ?>
<li class="card line"><div><h2><bdi><?cs var:r.Name ?></bdi></h2><p><a class="tel" href="tel:<?cs var:r.Number ?>"><?cs var:r.Shown ?></a> <span class="soft">· <bdi><?cs var:r.Group ?></bdi>, since <time datetime="<?cs var:iso(r.CreatedAt) ?>"><?cs var:date(r.CreatedAt) ?></time></span></p></div>
<?cs if:may("/exceptions/:id/remove") ?><form method="post" action="/exceptions/<?cs var:r.Id ?>/remove"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><button aria-label="Remove <?cs var:r.Name ?>">Remove</button></form><?cs /if ?></li><?cs /each ?>
</ol><?cs if:Cut ?><p class="soft">Only the first 1,000 are shown.</p><?cs /if ?><?cs else ?><div class="empty card"><p class="big">No numbers yet.</p><p class="soft"><?cs if:may("/exceptions") ?>Add family or anyone who should skip Frontdesk.<?cs else ?>Family, and whoever should skip Frontdesk, will stand here.<?cs /if ?></p></div><?cs /if ?>
<?cs if:may("/exceptions") ?><form class="card add" method="post" action="/exceptions"><h2>Add a number</h2><input type="hidden" name="csrf" value="<?cs var:Csrf ?>">
<p class="field"><label for="name">Name</label><?cs if:Wrong.name ?><span class="wrong" id="name-wrong"><?cs var:Wrong.name ?></span><?cs /if ?>
<input id="name" name="name" type="text" maxlength="100" required autocomplete="off" value="<?cs var:Form.name ?>"<?cs if:Wrong.name ?> aria-invalid="true" aria-describedby="name-wrong"<?cs /if ?>></p>
<p class="field"><label for="number">Phone number</label><?cs if:Wrong.number ?><span class="wrong" id="number-wrong"><?cs var:Wrong.number ?></span><?cs /if ?>
<input id="number" name="number" type="tel" maxlength="40" required autocomplete="off" value="<?cs var:Form.number ?>"<?cs if:Wrong.number ?> aria-invalid="true" aria-describedby="number-wrong"<?cs /if ?>></p>
<p class="field"><label for="category">Who they are</label><?cs if:Wrong.category ?><span class="wrong" id="category-wrong"><?cs var:Wrong.category ?></span><?cs /if ?>
<select id="category" name="category"><?cs each:g = Groups ?><option value="<?cs var:g.Value ?>"<?cs if:g.Here ?> selected<?cs /if ?>><?cs var:g.Label ?></option><?cs /each ?></select></p>
<p><button class="main">Add this number</button></p></form><?cs /if ?>
