<h1>More</h1>
<ul class="card places"><?cs each:m = Menu ?><?cs if:!m.Bar ?>
<li><a href="<?cs var:m.Path ?>"><?cs call:icon(m.Icon) ?><?cs var:m.Label ?><?cs call:count(m.Count, m.Of) ?></a></li><?cs /if ?><?cs /each ?>
</ul>
