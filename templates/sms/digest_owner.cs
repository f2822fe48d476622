<?cs var:business ?>, <?cs var:period ?>: <?cs var:figures ?>
