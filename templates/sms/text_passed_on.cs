Thank you, I have passed it on<?cs if:owner ?> to <?cs var:owner ?><?cs /if ?>. <?cs var:business ?>
