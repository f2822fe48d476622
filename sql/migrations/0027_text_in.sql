-- Conversations by text: a session (voice_session) by the pair of numbers that write, and the texts
-- that came in. What was said is in the turns of its call, as for any other conversation.

CREATE TABLE text_in (
    id          TEXT PRIMARY KEY,
    tenant_id   TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    call_id     TEXT NOT NULL REFERENCES call(id) ON DELETE CASCADE,
    session_id  TEXT NOT NULL,
    pair_key    TEXT NOT NULL,              -- keyed hash of the numbers that write to each other
    message_sid TEXT NOT NULL UNIQUE,       -- the same text again is no second one
    token       TEXT,                       -- Twilio's name of the webhook that brought it
    text        BLOB NOT NULL,              -- sealed
    pictures    INTEGER NOT NULL,           -- sent with it
    made        TEXT NOT NULL,              -- what it was taken for: core/text_in.h
    state       TEXT NOT NULL CHECK (state IN ('waiting', 'answered', 'none')),
    turn        INTEGER NOT NULL,           -- of the talk, which answers it; 0 = none yet
    reply       TEXT,                       -- cause of the answer's row in the outbox
    on_page     INTEGER NOT NULL DEFAULT 0, -- the answer went out as the webhook's own
    created_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX text_in_session ON text_in (session_id, created_at, id);
CREATE INDEX text_in_pair ON text_in (tenant_id, pair_key, created_at, id);
CREATE INDEX text_in_call ON text_in (call_id);
CREATE INDEX text_in_waiting ON text_in (created_at) WHERE state = 'waiting';

ALTER TABLE voice_session ADD COLUMN pair_key TEXT;   -- keyed hash of the numbers that write to each other
ALTER TABLE voice_session ADD COLUMN asked TEXT;      -- our last text asks whether that visit is off: its id
-- one conversation at a time between two numbers
CREATE UNIQUE INDEX voice_session_pair ON voice_session (tenant_id, pair_key) WHERE state = 'ACTIVE' AND pair_key IS NOT NULL;

ALTER TABLE appointment ADD COLUMN confirmed_at INTEGER;   -- who comes said so
-- when somebody was last told of a visit
CREATE INDEX outbox_to ON outbox (tenant_id, to_key, created_at) WHERE state <> 'refused';
