<?cs var:business ?>: you are invited to its Frontdesk. Choose a name and a password within 3 days: <?cs var:link ?>
