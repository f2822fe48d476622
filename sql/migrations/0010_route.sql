-- Who is put through at once, who is not answered; and by which script a call went.

CREATE TABLE exception (                    -- bypasses everything: rings the owner
    id          TEXT PRIMARY KEY,
    tenant_id   TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    number      BLOB NOT NULL,              -- sealed
    number_key  TEXT NOT NULL,
    name        BLOB NOT NULL,              -- sealed
    category    TEXT NOT NULL,              -- family, friends, work, … as the owner calls it
    created_at  INTEGER NOT NULL,
    deleted_at  INTEGER,                    -- soft: the same number again is the same row, revived
    UNIQUE (tenant_id, number_key)
) STRICT;
CREATE INDEX exception_list ON exception (tenant_id, created_at) WHERE deleted_at IS NULL;

ALTER TABLE contact ADD COLUMN standing TEXT;  -- vip, vendor, blocked; NULL = none of these
ALTER TABLE call ADD COLUMN script TEXT;          -- stem of templates/prompts/NAME.cs; NULL = none was run
ALTER TABLE call ADD COLUMN script_version TEXT;  -- which texts it was made of
ALTER TABLE call ADD COLUMN action TEXT;          -- core/route.h's word for what was done
