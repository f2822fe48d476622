<?cs # What the owner is told of a day or a week, by Telegram and on the terminal: plain text. ?><?cs
var:Business ?>, <?cs var:Period ?>

<?cs var:Line ?><?cs
if:Outcomes.0.Many ?>
Calls: <?cs each:o = Outcomes ?><?cs if:name(o) != "0" ?>, <?cs /if ?><?cs var:o.N ?> <?cs var:o.Many ?><?cs /each ?>.<?cs
/if ?><?cs
if:Escalations ?>
Wanted you in person: <?cs var:Escalations ?>.<?cs
/if ?><?cs
if:Promised || Kept ?>
Callbacks: <?cs var:Promised ?> promised, <?cs var:Kept ?> done.<?cs
/if ?><?cs
each:c = Open ?>
- call back <?cs var:c.Who ?><?cs if:c.Reason ?>: <?cs var:c.Reason ?><?cs /if ?><?cs if:c.When ?> (<?cs var:c.When ?>)<?cs /if ?><?cs
/each ?><?cs
if:More ?>
- and <?cs var:More ?> more<?cs
/if ?><?cs
if:Undone ?>
Promised, but not done: <?cs var:Undone ?>. See the calls marked so.<?cs
/if ?><?cs
if:Tickets ?>
Support tickets: <?cs var:Tickets ?>.<?cs
/if ?><?cs
if:Visits ?>
Coming up: <?cs var:Visits ?>.<?cs
/if ?><?cs
if:Top.0.Who ?>
Called most: <?cs each:t = Top ?><?cs if:name(t) != "0" ?>, <?cs /if ?><?cs var:t.Who ?> <?cs var:t.N ?> times<?cs /each ?>.<?cs
/if ?><?cs
if:Cost ?>
Cost of the calls: <?cs var:Cost ?>.<?cs
/if ?><?cs
if:Wait ?>
Callers waited <?cs var:Wait ?> s for an answer (half of them less).<?cs
/if ?>
