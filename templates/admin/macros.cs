<?cs def:icon(name) ?><svg class="i" aria-hidden="true"><use href="<?cs var:Static.Icons ?>#<?cs var:name ?>"/></svg><?cs /def ?><?cs #
?><?cs def:pictures(list) ?><ul class="pictures"><?cs each:p = list ?>
<li><?cs if:p.Not ?><p class="soft small"><?cs var:p.Not ?></p><?cs else ?><a href="/pictures/<?cs var:p.Id ?>"<?cs if:p.Download ?> download<?cs /if ?>><?cs if:p.Small ?><img src="/pictures/<?cs var:p.Id ?>/small" alt="Picture that was texted" loading="lazy"><?cs /if ?><span><?cs if:p.Download ?>Download the picture (<?cs var:p.Download ?>, <?cs var:p.Size ?>)<?cs else ?>Open the picture (<?cs var:p.Size ?>)<?cs /if ?></span></a><?cs /if ?></li><?cs /each ?>
</ul><?cs /def ?><?cs #
?><?cs def:tag(word, kind, icon) ?><span class="tag <?cs var:kind ?>"><?cs call:icon(icon) ?><?cs var:word ?></span><?cs /def ?><?cs #
?><?cs def:count(n, of) ?><?cs if:n ?><span class="count"><?cs var:n ?><span class="vh"> <?cs var:of ?></span></span><?cs /if ?><?cs /def ?><?cs #
?>