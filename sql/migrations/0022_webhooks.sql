-- Who is told of what happens, by webhook (Standard Webhooks), and with which secrets.

CREATE TABLE webhook (
    id            TEXT PRIMARY KEY,
    tenant_id     TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    url           BLOB NOT NULL,              -- sealed: with Make and Zapier it is itself the secret
    events        TEXT NOT NULL,              -- names, a space between; * = all
    format        TEXT NOT NULL,              -- standard, flat
    personal      INTEGER NOT NULL,           -- names, numbers and words of people are sent, too
    state         TEXT NOT NULL,              -- on, off (by hand), gone (it said 410), failing (days without success)
    failures      INTEGER NOT NULL,           -- in a row
    failing_since INTEGER,
    last_ok_at    INTEGER,
    last_status   INTEGER NOT NULL,           -- of HTTP; 0 = no answer yet, or none
    revision      INTEGER NOT NULL,           -- counts changes by people: the ETag
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX webhook_tenant ON webhook (tenant_id, created_at, id);

CREATE TABLE webhook_secret (                 -- two while they are being changed
    id         TEXT PRIMARY KEY,
    tenant_id  TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    webhook_id TEXT NOT NULL REFERENCES webhook(id) ON DELETE CASCADE,
    secret     BLOB NOT NULL,                 -- sealed whsec_…
    created_at INTEGER NOT NULL,
    ends_at    INTEGER                        -- signs until then; NULL = the one that holds
) STRICT;
CREATE INDEX webhook_secret_of ON webhook_secret (webhook_id, created_at);

CREATE INDEX outbox_webhook ON outbox (tenant_id, dest, created_at) WHERE kind = 'webhook';
