<h1><?cs var:Title ?></h1>
<p class="sub small"><?cs if:Path == "/leads" ?><a href="/tickets">Tickets</a><?cs else ?><a href="/leads">Leads</a><?cs /if ?></p>
<nav class="kinds" aria-label="Show"><a class="button" href="<?cs var:Path ?>"<?cs if:All ?> aria-current="page"<?cs /if ?>>All</a> <?cs each:s = Show ?><a class="button" href="<?cs var:Path ?>?show=<?cs var:s.Value ?>"<?cs if:s.Here ?> aria-current="page"<?cs /if ?>><?cs var:s.Label ?></a> <?cs /each ?></nav>
<?cs if:subcount(Rows) ?><ol class="rows"><?cs each:r = Rows ?>
<li><a class="row" href="<?cs var:Path ?>/<?cs var:r.Id ?>"><span class="r-who"><bdi><?cs var:r.Who ?></bdi></span><time class="r-time soft" datetime="<?cs var:iso(r.At) ?>"><?cs var:when(r.At) ?></time><span class="r-what"><bdi><?cs var:r.Text ?></bdi></span><?cs call:tag(r.Tag, r.TagKind, r.TagIcon) ?></a></li><?cs /each ?>
</ol><?cs if:Older ?>
<p class="pager"><a class="button" href="<?cs var:Path ?>?show=<?cs var:State ?>&amp;before=<?cs var:Older ?>"><?cs call:icon("older") ?>Older</a></p><?cs /if ?>
<?cs elif:State ?><div class="empty card"><p class="big">None of these.</p><p class="soft"><a href="<?cs var:Path ?>">Show all</a></p></div>
<?cs elif:Path == "/leads" ?><div class="empty card"><p class="big">No leads yet.</p><p class="soft">When somebody asks for work on the telephone or by text, it is written down here, with the pictures they send.</p></div>
<?cs else ?><div class="empty card"><p class="big">No tickets yet.</p><p class="soft">When something does not work at a customer’s, Frontdesk opens a ticket and tells them its number.</p></div><?cs /if ?>
