<?cs var:business ?>: we are calling <?cs if:owner ?><?cs var:owner ?><?cs else ?>somebody<?cs /if ?> for you now.<?cs if:advice ?> <?cs var:advice ?><?cs /if ?> If anybody is in danger, call 911.
