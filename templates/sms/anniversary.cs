<?cs if:name ?><?cs var:name ?>, happy<?cs else ?>Happy<?cs /if ?> anniversary from all of us at <?cs var:business ?>. Thank you for being with us.
