-- Looking for words, and long work.

-- Something in which words are found: a turn, what is known of a person, a message left, a summary.
-- It goes with the row it is of, and its words with it.
CREATE TABLE word_doc (
    n           INTEGER PRIMARY KEY,
    tenant_id   TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    turn_id     TEXT UNIQUE REFERENCES turn(id) ON DELETE CASCADE,
    contact_id  TEXT UNIQUE REFERENCES contact(id) ON DELETE CASCADE,
    message_id  TEXT UNIQUE REFERENCES message(id) ON DELETE CASCADE,
    call_id     TEXT UNIQUE REFERENCES call(id) ON DELETE CASCADE,   -- its summary
    at          INTEGER NOT NULL
) STRICT;

-- Which words are in it: never the words, a keyed hash of business and word. Millions of rows, so
-- the business stands in the hash and in word_doc only.
CREATE TABLE word_at (
    word        INTEGER NOT NULL,
    at          INTEGER NOT NULL,
    doc         INTEGER NOT NULL REFERENCES word_doc(n) ON DELETE CASCADE,
    PRIMARY KEY (word, at, doc)
) STRICT, WITHOUT ROWID;
CREATE INDEX word_at_doc ON word_at (doc);

-- Long work: asked for on a page, done by the worker, whoever is still looking.
CREATE TABLE job (
    id          TEXT PRIMARY KEY,
    tenant_id   TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    user_id     TEXT,                       -- who asked for it; NULL = at the terminal
    kind        TEXT NOT NULL,              -- people_import, people_export, calls_export, person_erase, reindex
    about       TEXT NOT NULL,              -- JSON: what exactly; ids and settings, nothing of people
    state       TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed')),
    claim       TEXT,                       -- which worker has it
    lease_until INTEGER NOT NULL,           -- running: after it another may go on
    tries       INTEGER NOT NULL,           -- times it was begun
    place       TEXT,                       -- JSON: how far it is, written with each step
    done        INTEGER NOT NULL,
    total       INTEGER NOT NULL,           -- 0 = not known
    wrong       INTEGER NOT NULL,           -- rows that could not be read
    words       BLOB,                       -- sealed: what came of it, a sentence
    created_at  INTEGER NOT NULL,
    ended_at    INTEGER
) STRICT;
CREATE INDEX job_recent ON job (tenant_id, created_at, id);
CREATE INDEX job_due ON job (lease_until) WHERE state IN ('waiting', 'running');
CREATE INDEX job_old ON job (ended_at) WHERE ended_at IS NOT NULL;

CREATE TABLE job_piece (                    -- a file that goes in or comes out, and what is wrong in it
    id          TEXT PRIMARY KEY,
    tenant_id   TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    job_id      TEXT NOT NULL REFERENCES job(id) ON DELETE CASCADE,
    part        TEXT NOT NULL CHECK (part IN ('in', 'out', 'wrong')),
    n           INTEGER NOT NULL,           -- from 0; of what is wrong, in the order it was told
    line        INTEGER NOT NULL,           -- of what is wrong: the row's line
    bytes       INTEGER NOT NULL,
    text        BLOB NOT NULL,              -- sealed
    UNIQUE (job_id, part, n)
) STRICT;
