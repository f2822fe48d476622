<?cs var:business ?>, the phone: <?cs var:what ?>. <?cs if:back ?>Callers are talked with as before.<?cs else ?>Until then callers are led on by questions and keys.<?cs /if ?>
