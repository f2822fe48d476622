-- How long callers waited: one row an answer of ours. Numbers only, no words.

CREATE TABLE latency (
    id          TEXT PRIMARY KEY,
    tenant_id   TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    call_id     TEXT NOT NULL REFERENCES call(id) ON DELETE CASCADE,
    turn        INTEGER NOT NULL,           -- 0 = the first word of the call, then 1, 2, …
    kind        TEXT NOT NULL,              -- answer (the first word) or turn
    total_ms    INTEGER NOT NULL,           -- the caller's last sound (or the call's beginning) to our first sound at Twilio's socket
    model_ms    INTEGER NOT NULL,           -- of it: waiting for the model
    tool_ms     INTEGER NOT NULL,           -- of it: looking things up
    own_us      INTEGER NOT NULL,           -- of it: ours, microseconds
    day         TEXT NOT NULL,              -- YYYY-MM-DD where the business is
    created_at  INTEGER NOT NULL,
    UNIQUE (call_id, turn)
) STRICT;
CREATE INDEX latency_day ON latency (tenant_id, kind, day, total_ms);
