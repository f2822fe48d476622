-- Promises by the clock; calls that we make; what people answer about their visits.

ALTER TABLE callback ADD COLUMN due_at INTEGER;                       -- NULL = not reckoned yet
ALTER TABLE callback ADD COLUMN next_at INTEGER NOT NULL DEFAULT 0;   -- when the clock looks at it again
ALTER TABLE callback ADD COLUMN told INTEGER NOT NULL DEFAULT 0;      -- 1 = reminded, 2 = and told once that it is missed, …
ALTER TABLE callback ADD COLUMN closed_by TEXT;                       -- owner, call, text, put_through
UPDATE callback SET next_at = 9007199254740991;                       -- of before: nobody is woken for them
CREATE INDEX callback_next ON callback (next_at) WHERE state = 'open';
CREATE INDEX callback_number ON callback (tenant_id, number_key) WHERE state = 'open';

CREATE INDEX appointment_past ON appointment (end_at) WHERE status IN ('booked', 'moved');

CREATE TABLE appointment_answer (           -- what was said to a reminder; of one time of a visit each once
    id             TEXT PRIMARY KEY,
    tenant_id      TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    appointment_id TEXT NOT NULL,           -- no reference: who books needs no right to this table
   
    call_id        TEXT REFERENCES call(id) ON DELETE SET NULL,
    start_at       INTEGER NOT NULL,        -- the time it was said of
    answer         TEXT NOT NULL CHECK (answer IN ('confirmed', 'cancelled', 'move')),
    how            TEXT NOT NULL CHECK (how IN ('key', 'speech', 'text', 'owner')),
    created_at     INTEGER NOT NULL,
    UNIQUE (appointment_id, start_at, answer)
) STRICT;
CREATE INDEX appointment_answer_call ON appointment_answer (call_id) WHERE call_id IS NOT NULL;

CREATE TABLE out_call (                     -- somebody is to be called; one row for all its tries
    id             TEXT PRIMARY KEY,
    tenant_id      TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    location_id    TEXT NOT NULL REFERENCES location(id) ON DELETE CASCADE,
    kind           TEXT NOT NULL CHECK (kind IN ('reminder', 'ring_me')),
    dedupe         TEXT NOT NULL,           -- its cause: the same one again is no second call
    appointment_id TEXT,                    -- a reminder's
    callback_id    TEXT,                    -- to be kept by it
    call_id        TEXT REFERENCES call(id) ON DELETE SET NULL,        -- whose timeline tells of it
    number         BLOB NOT NULL,           -- sealed: who is called (of ring_me: after the owner)
    number_key     TEXT NOT NULL,
    from_number    TEXT NOT NULL,           -- ours
    state          TEXT NOT NULL CHECK (state IN ('open', 'done')),
    tries          INTEGER NOT NULL,        -- the try that waits or runs, from 1
    call_sid       TEXT,                    -- of that try, as soon as it is known
    placed_at      INTEGER,                 -- when the latest one was asked for
    until_at       INTEGER NOT NULL,        -- after it nobody is called any more
    answered_by    TEXT,                    -- human, machine
    end            TEXT,                    -- how it ended: talked, message_left, not_reached, …
    created_at     INTEGER NOT NULL,
    updated_at     INTEGER NOT NULL,
    UNIQUE (tenant_id, dedupe)
) STRICT;
CREATE INDEX out_call_open ON out_call (updated_at) WHERE state = 'open';
CREATE INDEX out_call_placed ON out_call (tenant_id, placed_at) WHERE placed_at IS NOT NULL;
CREATE INDEX out_call_recent ON out_call (tenant_id, created_at);
CREATE UNIQUE INDEX out_call_ringing ON out_call (callback_id) WHERE state = 'open' AND kind = 'ring_me';
CREATE INDEX out_call_appointment ON out_call (appointment_id) WHERE appointment_id IS NOT NULL;
CREATE INDEX out_call_callback ON out_call (callback_id) WHERE callback_id IS NOT NULL;
CREATE INDEX out_call_call ON out_call (call_id) WHERE call_id IS NOT NULL;

CREATE TABLE call_wish (                    -- numbers that may or may not be called by a machine
    tenant_id   TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    number_key  TEXT NOT NULL,              -- keyed hash: it holds though the person is forgotten
    wish        TEXT NOT NULL CHECK (wish IN ('stop', 'consent')),
    how         TEXT NOT NULL,              -- key (in a call), owner
    since       INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, number_key)
) STRICT;

CREATE INDEX contact_vip ON contact (tenant_id, id) WHERE standing = 'vip' AND merged_into IS NULL;
