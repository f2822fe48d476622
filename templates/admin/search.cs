<?cs if:Error ?><div class="problem" role="alert" tabindex="-1" autofocus><h2><?cs call:icon("octagon") ?>There is a problem</h2><p><?cs var:Error ?></p></div><?cs /if ?>
<h1>Search</h1>
<form class="filter search" role="search" method="get" action="/search"><label for="q">Names, numbers, or words that were said or written</label>
<input id="q" name="q" type="search" maxlength="200" value="<?cs var:Query ?>"> <button class="main"><?cs call:icon("search") ?>Find</button></form>
<?cs if:subcount(People) ?><h2 class="day">People</h2><ol class="rows"><?cs each:r = People ?>
<li><a class="row" href="/people/<?cs var:r.Id ?>"><time class="r-time" datetime="<?cs var:iso(r.LastAt) ?>"><?cs var:date(r.LastAt) ?></time>
<strong class="r-who"><bdi><?cs var:r.Who ?></bdi></strong><span class="r-what"><?cs var:r.Shown ?> <bdi><?cs var:r.About ?></bdi></span><?cs if:r.Tag ?><?cs call:tag(r.Tag, r.TagKind, r.TagIcon) ?><?cs /if ?><span class="r-len"><?cs var:r.Count ?></span></a></li><?cs /each ?>
</ol><?cs if:MorePeople ?><p><a href="<?cs var:MorePeople ?>">All people with these words</a></p><?cs /if ?><?cs /if ?>
<?cs if:subcount(Rows) ?><h2 class="day"><?cs if:Further ?>Said or written, older<?cs else ?>Said or written<?cs /if ?></h2><ol class="hits"><?cs each:r = Rows ?>
<li class="card"><h3><a href="<?cs var:r.Path ?>"><bdi><?cs var:r.Who ?></bdi></a></h3> <time class="soft small" datetime="<?cs var:iso(r.At) ?>"><?cs var:when(r.At) ?></time>
<p><span class="soft"><?cs var:r.By ?>:</span> <bdi><?cs each:p = r.Parts ?><?cs if:p.Mark ?><mark><?cs var:p.Text ?></mark><?cs else ?><?cs var:p.Text ?><?cs /if ?><?cs /each ?></bdi></p></li><?cs /each ?>
</ol><?cs if:Older ?><p class="pager"><a class="button" href="<?cs var:Older ?>"><?cs call:icon("older") ?>Older</a></p><?cs /if ?>
<?cs elif:Common ?><div class="empty card"><p class="big">These words are in nearly every call.</p><p class="soft">Add one that says what it was about: a name, a street, a thing.</p></div>
<?cs elif:Query && !subcount(People) ?><div class="empty card"><p class="big"><?cs if:Further ?>No more.<?cs else ?>Nothing found.<?cs /if ?></p><p class="soft">All words must be in one sentence or message. Try fewer, or another form of a word.</p></div>
<?cs elif:!Query ?><p class="soft">Words are found in what callers and Frontdesk said, in messages and texts, in summaries, and in what is known of people. Four digits find the end of a number.</p><?cs /if ?>
