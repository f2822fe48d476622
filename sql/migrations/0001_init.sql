-- Frontdesk's first schema. Times are UTC milliseconds, flags 0/1, ids text.
-- Columns marked "sealed" hold AEAD boxes (lib/db/seal.h); *_key columns hold keyed hashes.

CREATE TABLE tenant (
    id          TEXT PRIMARY KEY,
    slug        TEXT NOT NULL UNIQUE,
    name        TEXT NOT NULL,
    profile     TEXT NOT NULL,              -- JSON: greeting, services, people, emergencies, …
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL
) STRICT;

CREATE TABLE location (
    id          TEXT PRIMARY KEY,
    tenant_id   TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    name        TEXT NOT NULL,
    zone        TEXT NOT NULL,              -- IANA time zone
    hours       TEXT NOT NULL,              -- JSON {"mon":[["08:00","17:00"]],…}
    owner_name  TEXT,
    owner_phone BLOB,                       -- sealed
    created_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX location_tenant ON location (tenant_id);

CREATE TABLE number (                       -- the business's own numbers
    e164        TEXT PRIMARY KEY,
    tenant_id   TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    location_id TEXT NOT NULL REFERENCES location(id) ON DELETE CASCADE,
    created_at  INTEGER NOT NULL
) STRICT;

CREATE TABLE user (
    id            TEXT PRIMARY KEY,
    tenant_id     TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    login         TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,            -- argon2id
    failed        INTEGER NOT NULL DEFAULT 0,
    locked_until  INTEGER,
    created_at    INTEGER NOT NULL,
    last_login_at INTEGER
) STRICT;

CREATE TABLE session (                      -- id is the SHA-256 of the cookie
    id          TEXT PRIMARY KEY,
    tenant_id   TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    user_id     TEXT NOT NULL REFERENCES user(id) ON DELETE CASCADE,
    csrf        TEXT NOT NULL,
    flash       TEXT,
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX session_expires ON session (expires_at);
CREATE INDEX session_user ON session (user_id);

CREATE TABLE token (                        -- REST clients; id is the SHA-256 of the token
    id          TEXT PRIMARY KEY,
    tenant_id   TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    name        TEXT NOT NULL,
    scope       TEXT NOT NULL,              -- "read" or "read write"
    created_at  INTEGER NOT NULL,
    used_at     INTEGER,
    revoked_at  INTEGER
) STRICT;

CREATE TABLE contact (                      -- a person known by number
    id          TEXT PRIMARY KEY,
    tenant_id   TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    number      BLOB NOT NULL,              -- sealed
    number_key  TEXT NOT NULL,
    name        BLOB,                       -- sealed
    company     BLOB,                       -- sealed
    email       BLOB,                       -- sealed
    notes       BLOB,                       -- sealed
    calls       INTEGER NOT NULL DEFAULT 0,
    first_at    INTEGER NOT NULL,
    last_at     INTEGER NOT NULL,
    UNIQUE (tenant_id, number_key)
) STRICT;

CREATE TABLE call (
    id                TEXT PRIMARY KEY,
    tenant_id         TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    location_id       TEXT NOT NULL REFERENCES location(id),
    contact_id        TEXT REFERENCES contact(id) ON DELETE SET NULL,
    call_sid          TEXT NOT NULL UNIQUE,
    direction         TEXT NOT NULL,
    caller_kind       TEXT NOT NULL,        -- new, known, withheld
    from_number       BLOB,                 -- sealed; NULL when withheld
    from_key          TEXT,
    to_number         TEXT NOT NULL,
    mode              TEXT NOT NULL,        -- realtime, gather, record: the rung it is on
    status            TEXT NOT NULL,        -- Twilio's word
    status_rank       INTEGER NOT NULL,     -- never goes back
    next_step         TEXT,                 -- what /voice/next does: hangup, transfer, message, gather
    transfer_to       BLOB,                 -- sealed
    transfer_reason   BLOB,                 -- sealed
    stream_token      TEXT,                 -- SHA-256 of the one-time token
    stream_token_end  INTEGER,              -- when it expires
    stream_started_at INTEGER,
    stream_ended_at   INTEGER,
    stream_end        TEXT,                 -- why: goodbye, transfer, message, caller_left, model_lost, …
    dialog            BLOB,                 -- sealed: state of the turn-based talk
    outcome           TEXT,                 -- one word for lists; set once the call is over
    summary           BLOB,                 -- sealed
    urgent            INTEGER NOT NULL DEFAULT 0,
    engine            TEXT,                 -- which Realtime server and model spoke
    first_audio_ms    INTEGER,              -- stream start to our first audio
    started_at        INTEGER NOT NULL,
    ended_at          INTEGER,
    duration_ms       INTEGER,
    updated_at        INTEGER NOT NULL
) STRICT;
CREATE INDEX call_recent ON call (tenant_id, started_at DESC, id);
CREATE INDEX call_from ON call (tenant_id, from_key, started_at);
CREATE INDEX call_running ON call (tenant_id, started_at) WHERE ended_at IS NULL;

CREATE TABLE turn (                         -- what was said, both sides
    id          TEXT PRIMARY KEY,
    tenant_id   TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    call_id     TEXT NOT NULL REFERENCES call(id) ON DELETE CASCADE,
    item_id     TEXT NOT NULL,              -- the engine's name for it: a repeat is not a new turn
    who         TEXT NOT NULL CHECK (who IN ('caller', 'desk')),
    how         TEXT NOT NULL,              -- speech, keys, menu
    text        BLOB NOT NULL,              -- sealed
    unheard     BLOB,                       -- sealed: said by us but not heard
    start_ms    INTEGER NOT NULL,           -- since the call's start
    end_ms      INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    UNIQUE (call_id, item_id)
) STRICT;
CREATE INDEX turn_call ON turn (call_id, start_ms, created_at);

CREATE TABLE event (                        -- why it did that
    id          TEXT PRIMARY KEY,
    tenant_id   TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    call_id     TEXT NOT NULL REFERENCES call(id) ON DELETE CASCADE,
    kind        TEXT NOT NULL,              -- rule, stream, model, tool, ladder, status, note
    name        TEXT NOT NULL,
    detail      BLOB,                       -- sealed sentence
    at_ms       INTEGER NOT NULL,           -- since the call's start
    dedupe      TEXT,                       -- a repeat of the cause is not a new event
    created_at  INTEGER NOT NULL,
    UNIQUE (call_id, dedupe)
) STRICT;
CREATE INDEX event_call ON event (call_id, at_ms, created_at);

CREATE TABLE tool_run (                     -- one tool call, kept before it acts
    id          TEXT PRIMARY KEY,
    tenant_id   TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    call_id     TEXT NOT NULL REFERENCES call(id) ON DELETE CASCADE,
    dedupe      TEXT NOT NULL,              -- tool + meaning of the arguments
    tool        TEXT NOT NULL,
    args        BLOB NOT NULL,              -- sealed JSON
    result      BLOB,                       -- sealed JSON
    ok          INTEGER NOT NULL DEFAULT 0,
    at_ms       INTEGER NOT NULL,
    took_ms     INTEGER NOT NULL DEFAULT 0,
    created_at  INTEGER NOT NULL,
    UNIQUE (call_id, dedupe)
) STRICT;
CREATE INDEX tool_run_call ON tool_run (call_id, at_ms);

CREATE TABLE callback (                     -- a promise to ring somebody
    id          TEXT PRIMARY KEY,
    tenant_id   TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    call_id     TEXT REFERENCES call(id) ON DELETE SET NULL,
    contact_id  TEXT REFERENCES contact(id) ON DELETE SET NULL,
    name        BLOB,                       -- sealed
    number      BLOB,                       -- sealed
    number_key  TEXT,
    reason      BLOB,                       -- sealed
    when_text   BLOB,                       -- sealed: in the caller's words
    urgent      INTEGER NOT NULL DEFAULT 0,
    state       TEXT NOT NULL CHECK (state IN ('open', 'done', 'dropped')),
    created_at  INTEGER NOT NULL,
    closed_at   INTEGER
) STRICT;
CREATE INDEX callback_open ON callback (tenant_id, state, created_at);
CREATE INDEX callback_call ON callback (call_id);

CREATE TABLE message (                      -- left by a caller for the owner
    id            TEXT PRIMARY KEY,
    tenant_id     TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    call_id       TEXT NOT NULL REFERENCES call(id) ON DELETE CASCADE,
    recording_sid TEXT UNIQUE,
    recording_url BLOB,                     -- sealed
    seconds       INTEGER NOT NULL DEFAULT 0,
    text          BLOB,                     -- sealed
    state         TEXT NOT NULL,            -- new, heard, erased
    created_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX message_call ON message (call_id);

CREATE TABLE counter (                      -- per day: webhooks refused, unknown numbers, …
    tenant_id   TEXT NOT NULL,              -- "-" when it belongs to no tenant
    name        TEXT NOT NULL,
    day         TEXT NOT NULL,              -- YYYY-MM-DD, UTC
    n           INTEGER NOT NULL,
    last_at     INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, name, day)
) STRICT;

CREATE TABLE audit (
    id          TEXT PRIMARY KEY,
    tenant_id   TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    user_id     TEXT,
    action      TEXT NOT NULL,
    object      TEXT,
    created_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX audit_recent ON audit (tenant_id, created_at);

CREATE TABLE setting (                      -- changed by the owner; over the environment
    tenant_id   TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    key         TEXT NOT NULL,
    value       TEXT NOT NULL,
    updated_at  INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, key)
) STRICT;

CREATE TABLE key_check (                    -- a known text sealed: tells whether the key is right
    id          TEXT PRIMARY KEY,
    tenant_id   TEXT NOT NULL,
    proof       BLOB NOT NULL
) STRICT;
