<?cs if:name ?><?cs var:name ?>, happy<?cs else ?>Happy<?cs /if ?> birthday, and all the best, from all of us at <?cs var:business ?>.
