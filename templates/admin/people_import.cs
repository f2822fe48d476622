<?cs if:Error ?><div class="problem" role="alert" tabindex="-1" autofocus><h2><?cs call:icon("octagon") ?>There is a problem</h2><p><a href="#file"><?cs var:Error ?></a></p></div><?cs /if ?>
<p class="back"><a href="/people"><?cs call:icon("back") ?>People</a></p>
<h1>Read in a list of people</h1>
<p class="soft">A CSV file as your phone, spreadsheet or CRM writes it, with the column names in the first line: one must hold telephone numbers. It is tried first; nothing changes until you say so.</p>
<form class="card add" method="post" action="/people/import" enctype="multipart/form-data"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>">
<p class="field"><label for="file">The file (up to 4 MB)</label><?cs if:Error ?><span class="wrong" id="file-wrong"><?cs var:Error ?></span><?cs /if ?><input id="file" name="file" type="file" accept=".csv,text/csv,text/plain"<?cs if:Error ?> aria-invalid="true" aria-describedby="file-wrong"<?cs /if ?>></p>
<p><button class="main">Try it</button></p></form>
<p class="soft small">Understood are: phone, name, company, e-mail, birthday, anniversary, preferred contact, systems, crm, notes, tags, language, vip, address. An empty cell leaves what there is.</p>
