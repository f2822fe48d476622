Sorry we missed you. We have your message and <?cs if:Owner ?><?cs var:Owner ?><?cs else ?>we<?cs /if ?> will call you back.<?cs if:Business ?> <?cs var:Business ?><?cs /if ?>
