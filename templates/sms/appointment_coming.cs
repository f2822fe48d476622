Thank you. See you on <?cs var:when ?><?cs if:service ?> for <?cs var:service ?><?cs /if ?>. <?cs var:business ?>
