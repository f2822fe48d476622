<p class="back"><a href="<?cs var:Back ?>"><?cs call:icon("back") ?><bdi><?cs var:Person.Who ?></bdi></a></p>
<h1>Block <bdi><?cs var:Person.Who ?></bdi>?</h1>
<div class="card"><p>Calls from <?cs var:Person.Shown ?><?cs each:m = Person.More ?> and <?cs var:m.Shown ?><?cs /each ?> will be ended at once. What is known stays, and you can undo it at any time.</p>
<div class="does"><a class="button main" href="<?cs var:Back ?>">Cancel</a>
<form method="post" action="<?cs var:Person.Path ?>/standing"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><input type="hidden" name="to" value="blocked"><?cs if:Back != Person.Path ?><input type="hidden" name="back" value="<?cs var:Back ?>"><?cs /if ?><button><?cs call:icon("struck") ?>Block <?cs var:Person.Shown ?></button></form></div></div>
