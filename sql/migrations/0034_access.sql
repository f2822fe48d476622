-- Who may do what: the role of a person who signs in, the one place they may be limited to, their
-- second step, links that invite others, and what is tried at the door.

ALTER TABLE user ADD COLUMN role TEXT NOT NULL DEFAULT 'owner' CHECK (role IN ('owner', 'staff', 'read'));
ALTER TABLE user ADD COLUMN location_id TEXT REFERENCES location(id);   -- NULL = all places
ALTER TABLE user ADD COLUMN totp BLOB;              -- sealed: the key of their codes, base 32
ALTER TABLE user ADD COLUMN totp_on INTEGER NOT NULL DEFAULT 0;    -- they have shown that they have it
ALTER TABLE user ADD COLUMN totp_step INTEGER NOT NULL DEFAULT 0;  -- of the last code taken: none twice
ALTER TABLE user DROP COLUMN failed;                -- counted in login_try
ALTER TABLE user DROP COLUMN locked_until;
CREATE INDEX user_tenant ON user (tenant_id, created_at);

CREATE TABLE user_code (                            -- codes for who has lost the phone
    user_id     TEXT NOT NULL REFERENCES user(id) ON DELETE CASCADE,
    tenant_id   TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    code_key    TEXT NOT NULL,                      -- keyed hash
    used_at     INTEGER,
    PRIMARY KEY (user_id, code_key)
) STRICT;

ALTER TABLE session ADD COLUMN ref TEXT;            -- its name on pages
ALTER TABLE session ADD COLUMN agent TEXT;          -- "Firefox on Android"
ALTER TABLE session ADD COLUMN seen_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN half INTEGER NOT NULL DEFAULT 0;    -- password right, code not given yet

CREATE TABLE invite (                               -- a link that makes a login, once
    id          TEXT PRIMARY KEY,
    tenant_id   TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    secret_hash TEXT NOT NULL UNIQUE,               -- SHA-256 of what is in the link
    name        TEXT,                               -- for whom
    role        TEXT NOT NULL CHECK (role IN ('owner', 'staff', 'read')),
    location_id TEXT REFERENCES location(id),
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL,
    used_at     INTEGER                             -- used, or taken back
) STRICT;
CREATE INDEX invite_open ON invite (tenant_id, created_at) WHERE used_at IS NULL;

CREATE TABLE login_try (                            -- wrong passwords and codes
    tenant_id   TEXT NOT NULL,                      -- "-": at the door nobody has one yet
    who_key     TEXT NOT NULL,                      -- keyed hash of a name, an address, or both
    failed      INTEGER NOT NULL,
    last_at     INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, who_key)
) STRICT;
CREATE INDEX login_try_last ON login_try (last_at);

-- The audit: who looked at what and changed what, by whom and in which request. Rows are never
-- changed, and forgotten only when they are older than a business keeps them.
ALTER TABLE audit ADD COLUMN who TEXT;              -- a login or a token's name, as it was then
ALTER TABLE audit ADD COLUMN session_ref TEXT;
ALTER TABLE audit ADD COLUMN request_id TEXT;
ALTER TABLE audit ADD COLUMN look INTEGER NOT NULL DEFAULT 0;      -- looked at, not changed

CREATE TABLE audit_limit (                          -- what is older may go
    tenant_id   TEXT PRIMARY KEY NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    before      INTEGER NOT NULL
) STRICT;

CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN
    SELECT RAISE(ABORT, 'the audit is never changed');
END;
CREATE TRIGGER audit_is_new BEFORE INSERT ON audit             -- a row in place of another is no new one
WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id) BEGIN
    SELECT RAISE(ABORT, 'the audit is never changed');
END;
CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit
WHEN NOT EXISTS (SELECT 1 FROM audit_limit WHERE tenant_id = OLD.tenant_id AND before > OLD.created_at) BEGIN
    SELECT RAISE(ABORT, 'the audit is kept');
END;
