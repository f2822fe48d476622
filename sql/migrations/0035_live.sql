-- Calls watched and steered while they run.

-- In which order a business's words were written down, over all of its calls: who watches asks for
-- what came since. A turn that is corrected gets a number anew. Turns from before have none.
ALTER TABLE turn ADD COLUMN seq INTEGER;
CREATE UNIQUE INDEX turn_seq ON turn (tenant_id, seq) WHERE seq > 0;

-- What somebody of the business asks of a call that runs. Whoever leads the call does it: the bridge
-- while its stream is open, else the next page for Twilio.
CREATE TABLE live_order (
    id          TEXT PRIMARY KEY,
    tenant_id   TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    call_id     TEXT NOT NULL REFERENCES call(id) ON DELETE CASCADE,
    kind        TEXT NOT NULL CHECK (kind IN ('through', 'say', 'message', 'hangup')),
    text        BLOB,                       -- sealed: the sentence to be said
    phone       BLOB,                       -- sealed: who is rung, E.164
    name        BLOB,                       -- sealed: their name
    dedupe      TEXT NOT NULL,              -- one press of a button, or one text
    state       TEXT NOT NULL CHECK (state IN ('waiting', 'asked', 'done', 'cut', 'failed', 'late')),
    created_at  INTEGER NOT NULL,
    done_at     INTEGER,
    UNIQUE (tenant_id, dedupe)
) STRICT;
CREATE INDEX live_order_call ON live_order (call_id, created_at);
CREATE INDEX live_order_waiting ON live_order (created_at) WHERE state = 'waiting';

-- Who may watch by WebSocket: id is the SHA-256 of a ticket that the dashboard made for a session and
-- that opens one socket. The row stays as long as the session does: without it the socket is closed.
CREATE TABLE live_ticket (
    id          TEXT PRIMARY KEY,
    tenant_id   TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    session_id  TEXT NOT NULL REFERENCES session(id) ON DELETE CASCADE,
    expires_at  INTEGER NOT NULL,           -- not used by then: never
    ends_at     INTEGER NOT NULL,           -- when the session does
    used_at     INTEGER
) STRICT;
CREATE INDEX live_ticket_session ON live_ticket (session_id);
