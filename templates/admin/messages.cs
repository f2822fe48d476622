<h1>Messages</h1>
<?cs if:subcount(Rows) ?><ol class="rows"><?cs each:r = Rows ?>
<li><a class="row" href="/messages/<?cs var:r.Id ?>"><span class="r-who"><bdi><?cs var:r.Who ?></bdi></span><time class="r-time soft" datetime="<?cs var:iso(r.At) ?>"><?cs var:when(r.At) ?></time><span class="r-what"><bdi><?cs var:r.What ?></bdi></span><?cs call:tag(r.Tag, r.TagKind, r.TagIcon) ?></a></li><?cs /each ?>
</ol>
<?cs if:Older || Newer ?><nav class="pager" aria-label="More messages"><?cs if:Newer ?><a class="button" href="/messages">Newest</a><?cs /if ?> <?cs if:Older ?><a class="button" href="/messages?before=<?cs var:Older ?>"><?cs call:icon("older") ?>Older</a><?cs /if ?></nav><?cs /if ?>
<?cs else ?><div class="empty card"><p class="big">No messages yet.</p><p class="soft">When somebody calls or texts, what was said and written appears here, person by person.</p></div><?cs /if ?>
