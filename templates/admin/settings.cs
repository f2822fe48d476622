<h1>Settings</h1>
<ul class="rows settings-list"><?cs each:p = Pages ?>
<li><a class="row plain-row" href="<?cs var:p.Path ?>"><span class="r-who"><?cs var:p.Title ?></span><span class="r-what soft"><?cs var:p.About ?></span></a></li><?cs /each ?>
</ul>
