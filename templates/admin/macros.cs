<?cs def:icon(name) ?><svg class="i" aria-hidden="true"><use href="<?cs var:Static.Icons ?>#<?cs var:name ?>"/></svg><?cs /def ?><?cs #
?><?cs def:tag(word, kind, icon) ?><span class="tag <?cs var:kind ?>"><?cs call:icon(icon) ?><?cs var:word ?></span><?cs /def ?><?cs #
?><?cs def:count(n, of) ?><?cs if:n ?><span class="count"><?cs var:n ?><span class="vh"> <?cs var:of ?></span></span><?cs /if ?><?cs /def ?><?cs #
?>