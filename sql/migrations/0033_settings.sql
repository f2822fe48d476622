-- What the settings pages wrote: every saved profile, so that one can be gone back to; and scripts
-- in a business's own words, over the files of templates/prompts.

CREATE TABLE profile_version (
    id          TEXT PRIMARY KEY,
    tenant_id   TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    number      INTEGER NOT NULL,           -- 1, 2, … of this business
    what        TEXT NOT NULL,              -- the page that wrote it: "hours"
    user_id     TEXT,                       -- who; NULL = nobody of the pages (a file, a command)
    doc         BLOB NOT NULL,              -- sealed: the whole document, without the PIN
    created_at  INTEGER NOT NULL,
    UNIQUE (tenant_id, number)
) STRICT;

CREATE TABLE script_text (
    id          TEXT PRIMARY KEY,
    tenant_id   TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    script      TEXT NOT NULL,              -- its name in lib/talk/script.c
    number      INTEGER NOT NULL,           -- 1, 2, … of this script
    text        TEXT NOT NULL,              -- "" = back to the house's own
    user_id     TEXT,
    created_at  INTEGER NOT NULL,
    UNIQUE (tenant_id, script, number)
) STRICT;

CREATE TABLE probe (                        -- a connection that an owner had tested
    id          TEXT PRIMARY KEY,
    tenant_id   TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    what        TEXT NOT NULL,              -- twilio, model, telegram, google
    ok          INTEGER NOT NULL DEFAULT 0,
    sentence    TEXT,                       -- what came of it; NULL = it is under way
    asked_at    INTEGER NOT NULL,
    done_at     INTEGER,
    UNIQUE (tenant_id, what)
) STRICT;
