<?cs var:business ?>: please text what it is about to this number; <?cs if:owner ?><?cs var:owner ?> reads<?cs else ?>we read<?cs /if ?> it as soon as possible.
