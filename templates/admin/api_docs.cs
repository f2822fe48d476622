<div class="docs">
<p class="brand"><a href="/"><?cs call:icon("phone") ?>Frontdesk</a></p>
<h1>REST API</h1>
<p class="soft">For programs that read what the front desk did, or do things for it. The same for tools, as OpenAPI 3.1: <a href="/openapi.json">openapi.json</a></p>
<section class="card"><h2>How to ask</h2>
<pre>curl '<?cs var:Base ?>/v1/calls?limit=5' \
  -H 'Authorization: Bearer TOKEN'</pre>
<ul class="facts">
<li><strong>Token.</strong> Make one under <a href="/settings/tokens">Settings, Tokens for programs</a>. It is for one business: of any other nothing is there. Its scopes are <code>read</code>, <code>write</code>, and <code>personal</code> for names, numbers and words of people; without that they are <code>null</code>.</li>
<li><strong>Pages.</strong> Lists are newest first. <code>limit</code> is how many; the next page is the address in <code>next</code> and in the header <code>Link</code>, until there is none.</li>
<li><strong>Unchanged?</strong> One row comes with an <code>ETag</code>. Send it as <code>If-None-Match</code> and 304 says that nothing is new; send it as <code>If-Match</code> with a change, and 412 says that somebody was quicker.</li>
<li><strong>Twice?</strong> A change with an <code>Idempotency-Key</code> may be sent again: it is done once, and answered the same for a day.</li>
<li><strong>Refused.</strong> Every refusal is <code>application/problem+json</code>: <code>status</code>, <code>code</code>, <code>detail</code> in words, and <code>errors</code> with the field that is wrong.</li>
<li><strong>How often.</strong> <code>RateLimit</code> says how many requests this minute has left; after 429 or 503 wait as long as <code>Retry-After</code> says.</li>
</ul></section>
<?cs each:p = Parts ?><section class="card"><h2><a href="/docs/api/<?cs var:p.Name ?>"><?cs var:p.Title ?></a></h2>
<ul class="asks"><?cs each:r = p.Rows ?>
<li><code><strong><?cs var:r.Verb ?></strong> <?cs var:r.Path ?></code> <span class="soft"><?cs var:r.Help ?></span></li><?cs /each ?>
</ul></section>
<?cs /each ?></div>
