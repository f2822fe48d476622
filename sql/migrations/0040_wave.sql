-- The shape of a recording, for the picture of it; and calls whose words were erased by hand.

ALTER TABLE recording ADD COLUMN wave BLOB;      -- sealed: talk/wave.h; "" = it cannot be opened; NULL = not looked at
CREATE INDEX recording_undrawn ON recording (started_at) WHERE wave IS NULL AND state = 'ready' AND path IS NOT NULL;

ALTER TABLE call ADD COLUMN erased_at INTEGER;   -- what was said went then; that the call was stays
