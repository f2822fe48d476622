-- Turns of the talk question by question, from the caller's input to its answer: who works on it,
-- and until when. What was said is in turn; the answer's page is in call.dialog.

CREATE TABLE talk_turn (
    id            TEXT PRIMARY KEY,
    tenant_id     TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    call_id       TEXT NOT NULL REFERENCES call(id) ON DELETE CASCADE,
    n             INTEGER NOT NULL,         -- the turn's number in its address
    event         TEXT NOT NULL,            -- speech, keys, silence
    text          BLOB,                     -- sealed: what was said or keyed; until it is answered
    claim         TEXT NOT NULL,            -- whoever has it may answer
    lease_until   INTEGER NOT NULL,         -- held for so long at a time; then another may take it
    done_at       INTEGER,                  -- answered
    brain         TEXT,                     -- by whom: rules, model
    trouble       TEXT,                     -- why the model did not, or NULL
    asks          INTEGER NOT NULL,         -- of the model
    tokens_in     INTEGER NOT NULL,
    tokens_cached INTEGER NOT NULL,         -- of tokens_in
    tokens_out    INTEGER NOT NULL,
    first_ms      INTEGER NOT NULL,         -- to the model's first word, 0 = none
    took_ms       INTEGER NOT NULL,
    created_at    INTEGER NOT NULL,
    UNIQUE (call_id, n)
) STRICT;
