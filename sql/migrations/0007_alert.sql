-- What the owner must hear of at once.

CREATE TABLE alert (
    id          TEXT PRIMARY KEY,
    tenant_id   TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    call_id     TEXT REFERENCES call(id) ON DELETE SET NULL,
    who_key     TEXT NOT NULL,              -- keyed hash of the caller's number; of a withheld caller the call's id
    kind        TEXT NOT NULL CHECK (kind IN ('emergency', 'escalation')),
    severity    TEXT NOT NULL CHECK (severity IN ('P1', 'P2', 'P3')),
    because     BLOB NOT NULL,              -- sealed: which rule, by which words
    words       BLOB NOT NULL,              -- sealed: what was said
    told        INTEGER NOT NULL,           -- 1: messages to the owner were queued with it
    state       TEXT NOT NULL CHECK (state IN ('open', 'seen')),
    created_at  INTEGER NOT NULL,
    seen_at     INTEGER
) STRICT;
CREATE INDEX alert_who ON alert (tenant_id, who_key, created_at);
CREATE INDEX alert_recent ON alert (tenant_id, created_at);
CREATE INDEX alert_call ON alert (call_id, created_at);

ALTER TABLE call ADD COLUMN severity TEXT;  -- the worst that was heard: P1, P2, P3; NULL = none
