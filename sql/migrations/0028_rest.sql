-- REST: lists of everything by pages, and writes that may be sent twice.

-- Of all rows; the condition (which is always so) keeps an index from queries that others serve
-- better: only those that say it too may use it.
CREATE INDEX exception_page ON exception (tenant_id, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX callback_page ON callback (tenant_id, created_at, id) WHERE created_at > 0;
CREATE INDEX lead_page ON lead (tenant_id, created_at, id) WHERE created_at > 0;
CREATE INDEX ticket_page ON ticket (tenant_id, created_at, id) WHERE created_at > 0;
CREATE INDEX message_page ON message (tenant_id, created_at, id) WHERE created_at > 0;
CREATE INDEX turn_page ON turn (tenant_id, created_at, id) WHERE created_at > 0;

CREATE TABLE api_reply (                    -- what a write with an Idempotency-Key was answered
    id         TEXT PRIMARY KEY,            -- keyed hash of token, method, path and key
    tenant_id  TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    asked      TEXT NOT NULL,               -- keyed hash of the request's body
    status     INTEGER NOT NULL,
    headers    TEXT NOT NULL,
    body       BLOB NOT NULL,               -- sealed
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX api_reply_old ON api_reply (tenant_id, created_at);

-- Scopes: who could read could read everything, and goes on so.
UPDATE token SET scope = scope || ' personal' WHERE scope IN ('read', 'read write');
