<p class="back"><a href="/settings"><?cs call:icon("back") ?>Settings</a></p>
<h1>Texts</h1>
<p class="soft">The texts (SMS) that Frontdesk sends, as an example caller would get them. Each can be in your words.</p>
<ul class="rows settings-list"><?cs each:r = Rows ?>
<li><a class="row plain-row" href="/settings/texts/<?cs var:r.Name ?>"><span class="r-who"><?cs var:r.Name ?></span><span class="soft small"><?cs var:r.Purpose ?><?cs if:r.Own ?>. In your words<?cs /if ?></span><span class="r-what"><bdi><?cs var:r.Text ?></bdi></span></a></li><?cs /each ?>
</ul>
