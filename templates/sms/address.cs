Please reply with the address where the work is.<?cs if:business ?> <?cs var:business ?><?cs /if ?>
