-- The Telegram bot listens: who it answers, and what it was told.

CREATE TABLE telegram_link (                -- a private chat that answers to one person of one business
    id          TEXT PRIMARY KEY,
    tenant_id   TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    user_id     TEXT NOT NULL REFERENCES user(id) ON DELETE CASCADE,
    chat        BLOB NOT NULL,              -- sealed: its number at Telegram
    chat_key    TEXT NOT NULL UNIQUE,       -- keyed hash of it
    name        BLOB,                       -- sealed: what they call themselves there
    muted_until INTEGER,                    -- messages make no sound before; NULL = they do
    created_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX telegram_link_tenant ON telegram_link (tenant_id, created_at, id);
CREATE INDEX telegram_link_user ON telegram_link (user_id);

CREATE TABLE telegram_code (                -- a chat that sends it is that person's, once
    id          TEXT PRIMARY KEY,           -- SHA-256 of the code
    tenant_id   TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    user_id     TEXT NOT NULL REFERENCES user(id) ON DELETE CASCADE,
    expires_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX telegram_code_tenant ON telegram_code (tenant_id, user_id);
CREATE INDEX telegram_code_user ON telegram_code (user_id);

CREATE TABLE telegram_update (              -- what came from a chat that is somebody's
    id          TEXT PRIMARY KEY,           -- the bot's number, and Telegram's of the update
    tenant_id   TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    body        BLOB NOT NULL,              -- sealed: as it came
    state       TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'failed')),
    tries       INTEGER NOT NULL,
    created_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX telegram_update_waiting ON telegram_update (created_at, id) WHERE state = 'waiting';
CREATE INDEX telegram_update_old ON telegram_update (tenant_id, created_at);
