Sorry we missed you. We have your message and <?cs if:owner ?><?cs var:owner ?><?cs else ?>we<?cs /if ?> will call you back.<?cs if:business ?> <?cs var:business ?><?cs /if ?>
