<div class="head"><h1>Calls</h1>
<form class="filter" method="get" action="/calls"><label for="show">Show</label>
<select id="show" name="show"><?cs each:f = Filters ?>
<option value="<?cs var:f.Value ?>"<?cs if:f.Here ?> selected<?cs /if ?>><?cs var:f.Label ?></option><?cs /each ?>
</select> <button>Find</button><?cs if:Filtered ?> <a href="/calls">Clear</a><?cs /if ?></form></div>
<?cs if:Refused.Count ?><div class="notice"><?cs call:icon("triangle") ?><div><p><?cs var:Refused.Count ?> refused today because <?cs var:Refused.Its ?> signature did not match.</p>
<details><summary>See how to mend it</summary>
<p>Each message from the phone network is signed with your account's token and the address it was sent to. The last one that did not fit came <time datetime="<?cs var:iso(Refused.At) ?>"><?cs var:ago(Refused.At) ?></time>. Callers on those calls were not answered.</p>
<ol><li>The address: what is set for your number at the phone network must begin with <code><?cs var:Refused.Base ?></code>. If it does not, change it there, or change the setting <code>PUBLIC_BASE_URL</code> here.</li>
<li>The token: <code>TWILIO_AUTH_TOKEN</code> must be the one of the account that owns the number.</li>
<li>Still refused? <code>frontdesk doctor signature</code> tells which of the two it is.</li></ol></details></div></div><?cs /if ?>
<?cs if:subcount(Calls) ?><?cs if:Newer ?><p class="pager"><a class="button" href="<?cs var:Newer ?>"><?cs call:icon("newer") ?>Newer calls</a></p><?cs /if ?>
<?cs each:c = Calls ?><?cs if:c.Day ?><?cs if:!first(c) ?></ol><?cs /if ?><h2 class="day"><?cs var:c.Day ?></h2>
<ol class="rows"><?cs /if ?>
<li><a class="row<?cs if:c.Running ?> running<?cs /if ?>" href="/calls/<?cs var:c.Id ?>">
<time class="r-time" datetime="<?cs var:iso(c.StartedAt) ?>"><?cs var:time(c.StartedAt) ?></time>
<strong class="r-who"><bdi><?cs var:c.Who ?></bdi></strong>
<span class="r-what"><bdi><?cs var:c.Words ?></bdi></span>
<?cs call:tag(c.Tag, c.TagKind, c.TagIcon) ?>
<span class="r-len"><?cs if:!c.Running ?><?cs var:dur(c.DurationMs) ?><?cs /if ?></span></a></li><?cs /each ?>
</ol><?cs if:Older ?><p class="pager"><a class="button" href="<?cs var:Older ?>"><?cs call:icon("older") ?>Older calls</a></p><?cs /if ?>
<?cs elif:Filtered ?><div class="empty card"><p>No calls match. <a href="/calls">Clear the filter.</a></p></div>
<?cs else ?><div class="empty card"><p class="big">No calls yet.</p>
<p><?cs if:OwnNumber ?>Ring <a href="tel:<?cs var:OwnNumberE164 ?>"><?cs var:OwnNumber ?></a> to try it, or run a practice call: <?cs else ?>Run a practice call: <?cs /if ?><code>frontdesk call --say "I need a plumber"</code></p>
<p class="soft">Each call appears here as soon as it is answered.</p></div><?cs /if ?>
