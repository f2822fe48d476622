Call back due <?cs var:when ?>: <?cs var:caller ?><?cs if:reason ?>. <?cs var:reason ?><?cs /if ?> (<?cs var:business ?>)
