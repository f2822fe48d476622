<?cs var:business ?>: you get no more texts from us. Reply START to get them again.
