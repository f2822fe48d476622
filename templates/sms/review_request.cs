<?cs if:name ?><?cs var:name ?>, thank<?cs else ?>Thank<?cs /if ?> you for choosing <?cs var:business ?>. A short review helps us a lot: <?cs var:link ?>
