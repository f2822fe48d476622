<p class="back"><a href="<?cs var:Person.Path ?>"><?cs call:icon("back") ?><bdi><?cs var:Person.Who ?></bdi></a></p>
<h1>Erase <bdi><?cs var:Person.Who ?></bdi>?</h1>
<div class="card"><h2>What goes, for good</h2><ul class="list"><li>Name, numbers and all that is known</li><?cs each:g = Goes ?><li><?cs var:g ?></li><?cs /each ?><li>Texts to and from them, and what was noted of them for you</li><li>Their place among those put straight through</li></ul>
<h2>What stays</h2><ul class="list"><li>That this number wants no texts or calls, if they said so: without their name, and not readable</li><li>That you erased somebody, and when</li><li>Backups and files that were made before</li></ul>
<?cs if:Why ?><p class="mark"><?cs call:icon("triangle") ?> <strong><?cs var:Why ?></strong></p><p class="does"><a class="button main" href="<?cs var:Person.Path ?>">Back</a></p>
<?cs else ?><p>This cannot be undone. Reports count these calls no longer.</p><div class="does"><a class="button main" href="<?cs var:Person.Path ?>">Cancel</a>
<form method="post" action="<?cs var:Person.Path ?>/erase"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><button>Erase <bdi><?cs var:Person.Who ?></bdi> for good</button></form></div><?cs /if ?></div>
