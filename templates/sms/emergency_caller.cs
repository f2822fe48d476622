<?cs var:business ?>: <?cs if:owner ?><?cs var:owner ?> has<?cs else ?>Our people have<?cs /if ?> been told of your emergency. If anybody is in danger, call 911.
