-- Profiles (lib/core/business.h): people with their phones and PINs apart and sealed, and what a
-- location says otherwise than its business.

ALTER TABLE tenant ADD COLUMN people BLOB;      -- sealed JSON: owner's PIN, staff, vendors
ALTER TABLE location ADD COLUMN overlay TEXT;   -- JSON, merged into tenant.profile (RFC 7386)
ALTER TABLE location ADD COLUMN people BLOB;    -- sealed JSON, merged into tenant.people
