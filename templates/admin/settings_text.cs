<p class="back"><a href="/settings/texts"><?cs call:icon("back") ?>Texts</a></p>
<?cs if:Error ?><div class="problem" role="alert" tabindex="-1" autofocus><h2><?cs call:icon("octagon") ?>There is a problem</h2>
<p><?cs var:Error ?></p><ul><li><a href="#words"><bdi><?cs var:Wrong ?></bdi></a></li></ul></div><?cs /if ?>
<h1>Text <?cs var:Name ?></h1>
<p class="soft">What it is for: <?cs var:Purpose ?>.</p>
<?cs if:Text ?><section class="card set"><h2><?cs if:Tried ?>As it would read (not saved)<?cs else ?>As it reads<?cs /if ?></h2><blockquote><bdi><?cs var:Text ?></bdi></blockquote><p class="soft"><?cs var:Parts ?></p></section><?cs /if ?>
<form class="card set add" method="post" action="/settings/texts/<?cs var:Name ?>"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><input type="hidden" name="seen" value="<?cs var:Seen ?>">
<p class="field"><label for="words">Your words</label><span class="soft small hint" id="words-help">Empty: Frontdesk’s own. These stand for what is known then: <?cs each:x = Vars ?>{<?cs var:x.Name ?>} <?cs /each ?></span><?cs if:Wrong ?><span class="wrong" id="words-wrong"><bdi><?cs var:Wrong ?></bdi></span><?cs /if ?>
<textarea id="words" name="words" rows="4" maxlength="400"<?cs if:Wrong ?> aria-invalid="true" aria-describedby="words-wrong words-help"<?cs else ?> aria-describedby="words-help"<?cs /if ?>><?cs var:Words ?></textarea></p>
<p class="does"><button name="try" value="1">Show it, do not save</button><button class="main">Save this text</button></p></form>
