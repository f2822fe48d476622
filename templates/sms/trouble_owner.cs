<?cs var:business ?>, the phone: <?cs var:what ?>. <?cs if:back ?>Calls are answered as usual again.<?cs else ?>Until it is back, callers are helped by simple questions and keys.<?cs /if ?>
