-- Our own calendar. A visit takes up one resource (a person or a chair) from its start to the end of
-- the gap after it; no two that stand may overlap, whoever writes them: the triggers see to it.

CREATE TABLE appointment (
    id            TEXT PRIMARY KEY,         -- made of what caused it: a repeat is the same row
    tenant_id     TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    location_id   TEXT NOT NULL REFERENCES location(id) ON DELETE CASCADE,
    contact_id    TEXT REFERENCES contact(id) ON DELETE SET NULL,
    call_id       TEXT REFERENCES call(id) ON DELETE SET NULL,
    service       TEXT NOT NULL,            -- its id in the profile
    service_name  TEXT NOT NULL,            -- as it was called then
    resource      TEXT NOT NULL,            -- keyed hash of who or what it takes up
    resource_name BLOB,                     -- sealed: "Raj"; NULL = a chair
    status        TEXT NOT NULL CHECK (status IN ('held', 'booked', 'moved', 'cancelled', 'done')),
    start_at      INTEGER NOT NULL,
    end_at        INTEGER NOT NULL,
    busy_until    INTEGER NOT NULL,         -- end and the gap after it
    hold_until    INTEGER,                  -- of a held one: then it is as if it was not there
    name          BLOB,                     -- sealed: who comes, or is visited
    number        BLOB,                     -- sealed: where they are reached
    number_key    TEXT,
    caller_key    TEXT,                     -- of the number that booked it, where another one was given
    address       BLOB,                     -- sealed
    notes         BLOB,                     -- sealed
    urgent        INTEGER NOT NULL DEFAULT 0,
    source        TEXT NOT NULL,            -- call, owner
    sequence      INTEGER NOT NULL DEFAULT 0, -- one more with each change
    link_hash     TEXT NOT NULL UNIQUE,     -- SHA-256 of the secret in the customer's link
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    -- two days at most: how far back a search for overlaps must look
    CHECK (start_at < end_at AND end_at <= busy_until AND busy_until - start_at <= 172800000)
) STRICT;
CREATE INDEX appointment_when ON appointment (tenant_id, start_at, id);
CREATE INDEX appointment_resource ON appointment (tenant_id, resource, start_at);
CREATE INDEX appointment_number ON appointment (tenant_id, number_key, start_at, id);
CREATE INDEX appointment_caller ON appointment (tenant_id, caller_key, start_at, id);
CREATE INDEX appointment_contact ON appointment (tenant_id, contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX appointment_call ON appointment (call_id, start_at, id);
CREATE INDEX appointment_held ON appointment (tenant_id, hold_until) WHERE status = 'held';

CREATE TRIGGER appointment_taken_insert BEFORE INSERT ON appointment
WHEN NEW.status IN ('held', 'booked', 'moved') AND EXISTS (
    SELECT 1 FROM appointment AS a
    WHERE a.tenant_id = NEW.tenant_id AND a.resource = NEW.resource AND a.id <> NEW.id
      AND a.start_at > NEW.start_at - 172800000 AND a.start_at < NEW.busy_until
      AND a.busy_until > NEW.start_at
      AND (a.status IN ('booked', 'moved') OR (a.status = 'held' AND a.hold_until > NEW.updated_at)))
BEGIN
    SELECT RAISE(ABORT, 'slot_taken');
END;

CREATE TRIGGER appointment_taken_update
BEFORE UPDATE OF tenant_id, resource, start_at, end_at, busy_until, status, hold_until ON appointment
WHEN NEW.status IN ('held', 'booked', 'moved') AND EXISTS (
    SELECT 1 FROM appointment AS a
    WHERE a.tenant_id = NEW.tenant_id AND a.resource = NEW.resource AND a.id <> NEW.id
      AND a.start_at > NEW.start_at - 172800000 AND a.start_at < NEW.busy_until
      AND a.busy_until > NEW.start_at
      AND (a.status IN ('booked', 'moved') OR (a.status = 'held' AND a.hold_until > NEW.updated_at)))
BEGIN
    SELECT RAISE(ABORT, 'slot_taken');
END;

-- The owner's calendar as an address to subscribe to: one secret of a business at a time.
CREATE TABLE calendar_feed (                -- id is the SHA-256 of the secret
    id          TEXT PRIMARY KEY,
    tenant_id   TEXT NOT NULL UNIQUE REFERENCES tenant(id) ON DELETE CASCADE,
    created_at  INTEGER NOT NULL
) STRICT;
