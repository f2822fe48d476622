<p class="back"><a href="/settings"><?cs call:icon("back") ?>Settings</a></p>
<h1>What Frontdesk is told</h1>
<p class="soft">For each kind of call Frontdesk is told what to do. These are its own words; you can put yours in their place.</p>
<ul class="rows settings-list"><?cs each:r = Rows ?>
<li><a class="row plain-row" href="/settings/scripts/<?cs var:r.Name ?>"><span class="r-who"><?cs var:r.Name ?></span><span class="r-what soft"><?cs var:r.Help ?><?cs if:r.When ?>. Used for: <bdi><?cs var:r.When ?></bdi><?cs /if ?><?cs if:r.Own ?>. In your words<?cs /if ?></span></a></li><?cs /each ?>
</ul>
