-- Deliveries go by destination; one that may have been done is asked about; who wants no texts.

ALTER TABLE outbox ADD COLUMN dest TEXT NOT NULL DEFAULT '';        -- the other side: its kind, or a host
ALTER TABLE outbox ADD COLUMN asking INTEGER NOT NULL DEFAULT 0;    -- n: may be done; the n-th question is due
UPDATE outbox SET dest = kind;

DROP INDEX outbox_due;
DROP INDEX outbox_claimed;
CREATE INDEX outbox_due ON outbox (dest, priority, next_at, id) WHERE state = 'waiting';
CREATE INDEX outbox_dest ON outbox (dest, next_at) WHERE state = 'waiting';
CREATE INDEX outbox_claimed ON outbox (tenant_id, dest, lease_until) WHERE state = 'claimed';
CREATE INDEX outbox_remote ON outbox (remote_id) WHERE remote_id IS NOT NULL;

CREATE TABLE text_stop (                    -- numbers that get no texts of a business
    tenant_id   TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    number_key  TEXT NOT NULL,              -- keyed hash: it holds though the person is forgotten
    how         TEXT NOT NULL,              -- text (they wrote STOP), twilio (it says so), owner
    since       INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, number_key)
) STRICT;
