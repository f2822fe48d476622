-- Wrong PINs of numbers that called as an owner's; and new messages of a business, by time.

CREATE TABLE pin_try (
    tenant_id   TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    who_key     TEXT NOT NULL,              -- keyed hash of the number that called
    failed      INTEGER NOT NULL,           -- wrong ones since the last right one
    last_at     INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, who_key)
) STRICT;

CREATE INDEX message_new ON message (tenant_id, created_at) WHERE state = 'new';
