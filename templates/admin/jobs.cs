<h1>Long work</h1>
<p class="soft">What takes a while goes on by itself, also when you leave the page. Files are kept for a week.</p>
<div class="card"><h2>Start something</h2><div class="does">
<form method="post" action="/people/export"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><button>People as a file</button></form>
<a class="button" href="/people/import">Read in a list of people…</a>
<form class="filter" method="post" action="/jobs/calls"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><label for="days">Calls of the last</label><select id="days" name="days"><option value="30">30 days</option><option value="90" selected>90 days</option><option value="366">year</option><option value="3660">10 years</option></select> <button>Calls as a file</button></form>
<form method="post" action="/jobs/reindex"><input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><button>Make everything searchable anew</button></form></div></div>
<?cs if:subcount(Rows) ?><h2 class="day">So far</h2><ol class="rows"><?cs each:j = Rows ?>
<li><a class="row" href="/jobs/<?cs var:j.Id ?>"><time class="r-time" datetime="<?cs var:iso(j.CreatedAt) ?>"><?cs var:time(j.CreatedAt) ?></time>
<strong class="r-who"><?cs var:j.Name ?></strong><span class="r-what"><?cs var:j.Words ?></span>
<?cs if:j.Going ?><?cs call:tag(j.StateWords, "todo", "clock") ?><?cs elif:j.Failed ?><?cs call:tag(j.StateWords, "p2", "triangle") ?><?cs else ?><?cs call:tag(j.StateWords, "good", "tick") ?><?cs /if ?>
<span class="r-len"><?cs var:date(j.CreatedAt) ?></span></a></li><?cs /each ?></ol>
<?cs else ?><div class="empty card"><p class="big">Nothing yet.</p><p class="soft">What you start above appears here.</p></div><?cs /if ?>
