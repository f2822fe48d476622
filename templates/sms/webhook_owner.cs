<?cs var:business ?>: the webhook to <?cs var:where ?> was switched off: <?cs var:because ?>. Nothing more is sent there until you switch it on again.
