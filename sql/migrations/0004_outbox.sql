-- What must reach the outside world: one row per effect, written in the transaction of its cause,
-- delivered by the worker (lib/store/outbox.h tells the states).

CREATE TABLE outbox (
    id           TEXT PRIMARY KEY,
    tenant_id    TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    call_id      TEXT REFERENCES call(id) ON DELETE SET NULL,  -- whose timeline tells what came of it
    kind         TEXT NOT NULL,              -- sms: a row of the worker's table of kinds
    dedupe       TEXT NOT NULL,              -- the cause: the same one again is no second effect
    priority     INTEGER NOT NULL,           -- lower goes first
    payload      BLOB NOT NULL,              -- sealed JSON
    to_key       TEXT,                       -- keyed hash of the number it goes to
    state        TEXT NOT NULL,              -- waiting, claimed, sent, delivered, refused, failed, unknown
    attempts     INTEGER NOT NULL,
    max_attempts INTEGER NOT NULL,           -- then it is given up
    next_at      INTEGER NOT NULL,           -- not before
    lease_until  INTEGER,                    -- claimed: whoever has it must have written its end by then
    ambiguous    INTEGER NOT NULL,           -- of one attempt nobody knows whether it was done
    remote_id    TEXT,                       -- the other side's name for it: SM…
    remote_state TEXT,                       -- the other side's last word: queued, delivered, …
    code         INTEGER NOT NULL,           -- the other side's error, 0 = none
    last_error   BLOB,                       -- sealed sentence
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    done_at      INTEGER,
    UNIQUE (tenant_id, dedupe)
) STRICT;
CREATE INDEX outbox_due ON outbox (kind, priority, next_at, id) WHERE state = 'waiting';
CREATE INDEX outbox_claimed ON outbox (tenant_id, kind, lease_until) WHERE state = 'claimed';
CREATE INDEX outbox_recent ON outbox (tenant_id, created_at);
CREATE INDEX outbox_attention ON outbox (tenant_id, created_at) WHERE state IN ('failed', 'unknown');
CREATE INDEX outbox_refused ON outbox (tenant_id, to_key) WHERE state = 'refused';
CREATE INDEX outbox_call ON outbox (call_id, created_at, id);
