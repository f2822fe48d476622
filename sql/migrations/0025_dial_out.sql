-- Calls that we make to remind of appointments; what people answer to them; what they consented to.

CREATE TABLE out_call (                     -- somebody is to be reminded by a call; one row for all its tries
    id             TEXT PRIMARY KEY,
    tenant_id      TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    location_id    TEXT NOT NULL REFERENCES location(id) ON DELETE CASCADE,
    dedupe         TEXT NOT NULL,           -- its cause: the same one again is no second call
    appointment_id TEXT NOT NULL,           -- no reference: who books needs no right to this table
    start_at       INTEGER NOT NULL,        -- the time of it that is told
    or_text        INTEGER NOT NULL,        -- 1 = when nobody can be reached, a text is sent
    call_id        TEXT REFERENCES call(id) ON DELETE SET NULL,
    number         BLOB NOT NULL,           -- sealed: who is called
    from_number    TEXT NOT NULL,           -- ours
    state          TEXT NOT NULL CHECK (state IN ('open', 'done')),
    tries          INTEGER NOT NULL,        -- the try that waits or runs, from 1
    placed_at      INTEGER,                 -- when the latest one was asked for
    call_sid       TEXT,                    -- from here on of that try: Twilio's name for it
    answered_by    TEXT CHECK (answered_by IN ('human', 'machine', 'message', 'fax', 'unknown')),
    ended          TEXT,                    -- Twilio's word for its end
    ending         TEXT,                    -- what all came to
    until_at       INTEGER NOT NULL,        -- after it nobody is called any more
    created_at     INTEGER NOT NULL,
    updated_at     INTEGER NOT NULL,
    UNIQUE (tenant_id, dedupe)
) STRICT;
CREATE INDEX out_call_open ON out_call (updated_at) WHERE state = 'open';
CREATE INDEX out_call_placed ON out_call (tenant_id, placed_at) WHERE placed_at IS NOT NULL;
CREATE INDEX out_call_recent ON out_call (tenant_id, created_at);
CREATE INDEX out_call_location ON out_call (location_id);
CREATE INDEX out_call_call ON out_call (call_id) WHERE call_id IS NOT NULL;

CREATE TABLE appointment_answer (           -- what was said to a reminder; of one time of a visit each once
    id             TEXT PRIMARY KEY,
    tenant_id      TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    appointment_id TEXT NOT NULL,           -- no reference: who books needs no right to this table
    call_id        TEXT REFERENCES call(id) ON DELETE SET NULL,
    start_at       INTEGER NOT NULL,        -- the time it was said of
    answer         TEXT NOT NULL CHECK (answer IN ('confirmed', 'change')),
    created_at     INTEGER NOT NULL,
    UNIQUE (appointment_id, start_at, answer)
) STRICT;
CREATE INDEX appointment_answer_call ON appointment_answer (call_id) WHERE call_id IS NOT NULL;

CREATE TABLE consent (                      -- what numbers said of calls by a machine, of greetings
    tenant_id   TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    number_key  TEXT NOT NULL,              -- keyed hash: it holds though the person is forgotten
    about       TEXT NOT NULL CHECK (about IN ('calls', 'greetings')),
    yes         INTEGER NOT NULL,           -- 1 = they want it, 0 = they do not
    how         TEXT NOT NULL,              -- key (in a call), owner
    since       INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, number_key, about)
) STRICT;

CREATE INDEX contact_vip ON contact (tenant_id, id) WHERE standing = 'vip' AND merged_into IS NULL;
