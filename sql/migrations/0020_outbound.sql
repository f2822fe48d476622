-- Promises by the clock; visits that are over.

ALTER TABLE callback ADD COLUMN due_at INTEGER;                       -- NULL = not reckoned yet
ALTER TABLE callback ADD COLUMN next_at INTEGER NOT NULL DEFAULT 0;   -- when the clock looks at it again
ALTER TABLE callback ADD COLUMN told INTEGER NOT NULL DEFAULT 0;      -- 1 = reminded, 2 = and told once that it is missed, …
ALTER TABLE callback ADD COLUMN closed_by TEXT;                       -- owner, call, text, put_through
UPDATE callback SET next_at = 9007199254740991;                       -- of before: nobody is woken for them
CREATE INDEX callback_next ON callback (next_at) WHERE state = 'open';
CREATE INDEX callback_number ON callback (tenant_id, number_key) WHERE state = 'open';

CREATE INDEX appointment_past ON appointment (end_at) WHERE status IN ('booked', 'moved');
