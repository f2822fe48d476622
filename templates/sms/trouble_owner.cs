<?cs var:business ?>, the phone: <?cs var:what ?>. Until then callers are led on by questions and keys.
