-- Recordings: what was recorded of a call, by whom it is kept, and on what ground.

CREATE TABLE recording (
    id          TEXT PRIMARY KEY,
    tenant_id   TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    call_id     TEXT NOT NULL REFERENCES call(id) ON DELETE CASCADE,
    kind        TEXT NOT NULL CHECK (kind IN ('own', 'twilio', 'message')),
    state       TEXT NOT NULL CHECK (state IN ('recording', 'ready', 'broken', 'erased')),
    path        TEXT,                       -- own: below the folder recordings; its sound is sealed
    twilio_sid  TEXT UNIQUE,                -- the others: Twilio's name for it
    url         BLOB,                       -- sealed: where Twilio keeps it
    ms          INTEGER NOT NULL DEFAULT 0,
    bytes       INTEGER NOT NULL DEFAULT 0, -- of the file
    cut         TEXT,                       -- why it ends before the call did, or NULL
    consent     TEXT NOT NULL CHECK (consent IN ('spoken', 'not_needed', 'message')),
    consent_at  INTEGER,                    -- when it was spoken
    started_at  INTEGER NOT NULL,
    ended_at    INTEGER,
    erased_at   INTEGER
) STRICT;
CREATE INDEX recording_call ON recording (tenant_id, call_id, started_at);
CREATE INDEX recording_recent ON recording (tenant_id, started_at);
CREATE INDEX recording_open ON recording (started_at) WHERE state = 'recording';
CREATE INDEX audit_object ON audit (tenant_id, object, created_at);
