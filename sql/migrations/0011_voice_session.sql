-- Conversations by other mouths than Twilio's: sessions of the REST service. What is said and done
-- in one is in the rows of its call, as for any other.

CREATE TABLE voice_session (
    id          TEXT PRIMARY KEY,
    tenant_id   TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    call_id     TEXT NOT NULL UNIQUE REFERENCES call(id) ON DELETE CASCADE,
    state       TEXT NOT NULL CHECK (state IN ('ACTIVE', 'COMPLETED', 'FAILED', 'ABANDONED')),
    outside_key TEXT,                       -- keyed hash of a provider's own name of the call
    idem_key    TEXT,                       -- keyed hash of the Idempotency-Key it was started with
    idem_body   TEXT,                       -- and of what was sent with it
    audio       TEXT NOT NULL,              -- what answers sound like: none, wav, mulaw
    voice       TEXT,                       -- whose voice, or NULL
    idle_ms     INTEGER NOT NULL,           -- it lapses when nothing comes for so long
    expires_at  INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    ended_at    INTEGER,
    UNIQUE (tenant_id, idem_key),
    UNIQUE (tenant_id, outside_key)
) STRICT;
CREATE INDEX voice_session_due ON voice_session (expires_at) WHERE state = 'ACTIVE';

ALTER TABLE call ADD COLUMN channel TEXT;         -- session, telephony; NULL = a call by Twilio
ALTER TABLE talk_turn ADD COLUMN idem_key TEXT;   -- as in voice_session
ALTER TABLE talk_turn ADD COLUMN idem_body TEXT;
CREATE UNIQUE INDEX talk_turn_idem ON talk_turn (call_id, idem_key) WHERE idem_key IS NOT NULL;
