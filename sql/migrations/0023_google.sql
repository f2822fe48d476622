-- Calendars outside of ours: Google's, by an owner's consent or a service account, and those that are
-- read from an address; what is taken in them, and which of our visits stands in Google as what.

CREATE TABLE google_grant (
    id            TEXT PRIMARY KEY,
    tenant_id     TEXT NOT NULL UNIQUE REFERENCES tenant(id) ON DELETE CASCADE,
    kind          TEXT NOT NULL CHECK (kind IN ('owner', 'service')),
    refresh_token BLOB,                     -- sealed; of an owner's consent
    scopes        TEXT NOT NULL,            -- as granted
    state         TEXT NOT NULL CHECK (state IN ('ok', 'broken')),
    why           BLOB,                     -- sealed sentence, of a broken one
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL
) STRICT;

CREATE TABLE calendar_source (
    id            TEXT PRIMARY KEY,
    tenant_id     TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    kind          TEXT NOT NULL CHECK (kind IN ('google', 'ics')),
    main          INTEGER NOT NULL,         -- visits are written into it
    resource      TEXT,                     -- as in appointment: whose it is; NULL = it blocks everybody
    resource_name BLOB,                     -- sealed
    address       BLOB NOT NULL,            -- sealed: Google's id of it, or where it is read
    address_key   TEXT NOT NULL,            -- keyed hash
    sync_token    TEXT,                     -- Google's; NULL = read it whole
    etag          TEXT,                     -- of what was read last, and when that was changed
    modified      TEXT,
    full_at       INTEGER,                  -- when it was read whole
    synced_at     INTEGER,                  -- when it was last read
    failing_since INTEGER,
    why           BLOB,                     -- sealed sentence: why it cannot be read
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    UNIQUE (tenant_id, address_key)
) STRICT;

CREATE TABLE calendar_busy (                -- what others have put there, and nothing of what it is
    id          TEXT PRIMARY KEY,           -- keyed hash of source and event
    tenant_id   TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    source_id   TEXT NOT NULL REFERENCES calendar_source(id) ON DELETE CASCADE,
    start_at    INTEGER NOT NULL,
    end_at      INTEGER NOT NULL,
    seen_at     INTEGER NOT NULL            -- in which reading of the whole
) STRICT;
CREATE INDEX calendar_busy_when ON calendar_busy (tenant_id, end_at);
CREATE INDEX calendar_busy_source ON calendar_busy (source_id, seen_at);

CREATE TABLE calendar_event (               -- a visit in Google
    id          TEXT PRIMARY KEY REFERENCES appointment(id) ON DELETE CASCADE,
    tenant_id   TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    source_id   TEXT NOT NULL REFERENCES calendar_source(id) ON DELETE CASCADE,
    event_id    TEXT NOT NULL,              -- Google's, made by us of the visit and generation
    generation  INTEGER NOT NULL,           -- one more when Google has an old one of that name
    state       TEXT NOT NULL CHECK (state IN ('wanted', 'there', 'taken', 'gone')),
    moves       TEXT,                       -- of a hold: the visit that is to be moved to it
    told        INTEGER NOT NULL,           -- 1: the caller heard "the owner will confirm"; 2: its end is told
    etag        TEXT,
    start_at    INTEGER,                    -- as Google has it
    end_at      INTEGER,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    UNIQUE (tenant_id, event_id)
) STRICT;
CREATE INDEX calendar_event_source ON calendar_event (source_id, state, start_at);
CREATE INDEX calendar_event_open ON calendar_event (tenant_id, state, updated_at);
