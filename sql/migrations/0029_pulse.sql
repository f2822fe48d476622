-- What runs leaves its pulse, so that the dashboard knows what does not.
CREATE TABLE pulse (
    tenant_id TEXT NOT NULL,                -- '-': the machine's, of all businesses
    id        TEXT NOT NULL,                -- worker, bridge, model
    ok        INTEGER NOT NULL CHECK (ok IN (0, 1)),
    at        INTEGER NOT NULL,             -- last heard of
    since     INTEGER NOT NULL,             -- it has been so since then
    took_ms   INTEGER NOT NULL,             -- model: until it answered
    what      TEXT,                         -- model: its engine's name
    why       TEXT,                         -- not ok: what it does, behind its name
    PRIMARY KEY (tenant_id, id)
) STRICT;
