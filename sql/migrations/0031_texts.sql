-- Pictures that came with texts, numbers that texts do not reach, and conversations that the owner
-- answers by hand.

CREATE TABLE picture (
    id            TEXT PRIMARY KEY,
    tenant_id     TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    text_id       TEXT NOT NULL REFERENCES text_in(id) ON DELETE CASCADE,
    call_id       TEXT NOT NULL REFERENCES call(id) ON DELETE CASCADE,   -- the conversation it came in
    about_call_id TEXT REFERENCES call(id) ON DELETE SET NULL,           -- the call that it belongs to
    lead_id       TEXT REFERENCES lead(id) ON DELETE SET NULL,
    callback_id   TEXT REFERENCES callback(id) ON DELETE SET NULL,
    n             INTEGER NOT NULL,           -- 0, 1, … within its text
    message_sid   TEXT NOT NULL,
    media_sid     TEXT NOT NULL,              -- Twilio's names for it: ME…
    state         TEXT NOT NULL CHECK (state IN ('waiting', 'ready', 'refused', 'failed')),
    kind          TEXT,                       -- jpeg, png, gif, webp, heic: by its first bytes
    path          TEXT,                       -- below the folder pictures; sealed
    bytes         INTEGER NOT NULL DEFAULT 0,
    small_bytes   INTEGER NOT NULL DEFAULT 0, -- of its small likeness; 0 = there is none
    why           BLOB,                       -- sealed sentence: refused, failed
    created_at    INTEGER NOT NULL,
    UNIQUE (text_id, n)
) STRICT;
CREATE INDEX picture_call ON picture (tenant_id, call_id, created_at);
CREATE INDEX picture_about ON picture (tenant_id, about_call_id, created_at) WHERE about_call_id IS NOT NULL;
CREATE INDEX picture_lead ON picture (tenant_id, lead_id, created_at) WHERE lead_id IS NOT NULL;
CREATE INDEX picture_callback ON picture (tenant_id, callback_id, created_at) WHERE callback_id IS NOT NULL;

CREATE TABLE text_mark (                    -- numbers that texts do not reach
    tenant_id   TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    number_key  TEXT NOT NULL,              -- keyed hash
    code        INTEGER NOT NULL,           -- Twilio's: 30006 a landline, …
    since       INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, number_key)
) STRICT;

CREATE TABLE text_hand (                    -- numbers that the owner writes to by hand
    tenant_id   TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    number_key  TEXT NOT NULL,              -- keyed hash
    until       INTEGER NOT NULL,           -- so long Frontdesk does not answer their texts
    PRIMARY KEY (tenant_id, number_key)
) STRICT;

-- a thread's texts of ours, in order, whatever became of them (as in 0028, the condition is always so)
CREATE INDEX outbox_thread ON outbox (tenant_id, to_key, created_at, id) WHERE created_at > 0;
