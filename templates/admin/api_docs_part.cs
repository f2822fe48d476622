<div class="docs">
<p class="back"><a href="/docs/api"><?cs call:icon("back") ?>REST API</a></p>
<h1><?cs var:Part ?></h1>
<?cs each:o = Ops ?><section class="card"><h2><code><?cs var:o.Verb ?> <?cs var:o.Path ?></code></h2>
<p><?cs var:o.Help ?>. <span class="soft">Needs <?cs var:o.Needs ?>.</span></p>
<?cs if:subcount(o.Takes) ?><h3>What it takes</h3><ul class="asks"><?cs each:t = o.Takes ?>
<li><code><strong><?cs var:t.Name ?></strong></code> <span class="soft"><?cs var:t.Kind ?>, in the <?cs var:t.Where ?><?cs if:t.Must ?>, required<?cs /if ?></span><?cs if:t.What ?> <?cs var:t.What ?><?cs /if ?></li><?cs /each ?>
</ul><?cs /if ?>
<h3>How to ask</h3>
<pre><?cs var:o.Curl ?></pre>
<h3>Answer: <?cs var:o.Status ?><?cs if:o.Type ?> <span class="soft"><?cs var:o.Type ?></span><?cs /if ?></h3>
<?cs if:o.Example ?><pre><?cs var:o.Example ?></pre><?cs /if ?></section>
<?cs /each ?></div>
