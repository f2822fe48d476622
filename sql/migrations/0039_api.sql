-- What REST clients list: voice sessions, newest first.
CREATE INDEX voice_session_recent ON voice_session (tenant_id, created_at, id);

CREATE TABLE idp_keys (                     -- of the operator's identity provider, as it gave them
    tenant_id   TEXT NOT NULL,              -- '-': the machine's, of all businesses
    id          TEXT NOT NULL,              -- where they are from
    keys        TEXT,                       -- a JWK set; NULL = none came yet
    fetched_at  INTEGER NOT NULL,           -- these; 0 = never
    fresh_until INTEGER NOT NULL,
    wanted_at   INTEGER NOT NULL,           -- a token bore a key that is not among them
    not_before  INTEGER NOT NULL,           -- it failed: not asked again before
    failures    INTEGER NOT NULL,           -- since it went well
    PRIMARY KEY (tenant_id, id)
) STRICT;
