-- What is remembered of people beside name and number, and what calls lead to beside callbacks.

ALTER TABLE contact ADD COLUMN birthday BLOB;       -- sealed: YYYY-MM-DD, or --MM-DD without a year
ALTER TABLE contact ADD COLUMN anniversary BLOB;    -- sealed, the same
ALTER TABLE contact ADD COLUMN preferred TEXT;      -- call, text, email: how they like to be reached
ALTER TABLE contact ADD COLUMN systems BLOB;        -- sealed: "Lutron lighting, Control4"
ALTER TABLE contact ADD COLUMN crm BLOB;            -- sealed: "dtools 4711, hubspot 12"
ALTER TABLE contact ADD COLUMN tags BLOB;           -- sealed: "builder, slow payer"
ALTER TABLE contact ADD COLUMN language TEXT;       -- en, es, en-GB
ALTER TABLE contact ADD COLUMN texts INTEGER NOT NULL DEFAULT 0;  -- messages that came from them
ALTER TABLE contact ADD COLUMN sources TEXT;        -- who said what: "name=owner;email=call;"
ALTER TABLE contact ADD COLUMN merged_into TEXT;    -- id: this number's person is remembered there
CREATE INDEX contact_recent ON contact (tenant_id, last_at, id);
CREATE INDEX contact_merged ON contact (tenant_id, merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX call_contact ON call (tenant_id, contact_id, started_at) WHERE contact_id IS NOT NULL;
CREATE INDEX callback_contact ON callback (tenant_id, contact_id) WHERE contact_id IS NOT NULL;

ALTER TABLE message ADD COLUMN for_name BLOB;       -- sealed: whom it is for, NULL = the owner
ALTER TABLE message ADD COLUMN from_name BLOB;      -- sealed: whose it is, as they said
ALTER TABLE message ADD COLUMN number BLOB;         -- sealed: where they can be reached
ALTER TABLE message ADD COLUMN urgent INTEGER NOT NULL DEFAULT 0;

CREATE TABLE lead (                         -- somebody who may become a customer
    id          TEXT PRIMARY KEY,
    tenant_id   TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    call_id     TEXT REFERENCES call(id) ON DELETE SET NULL,
    contact_id  TEXT REFERENCES contact(id) ON DELETE SET NULL,
    who_key     TEXT NOT NULL,              -- keyed hash of the number; of a withheld caller the call's id
    name        BLOB,                       -- sealed
    company     BLOB,                       -- sealed
    number      BLOB,                       -- sealed
    email       BLOB,                       -- sealed
    service     TEXT,                       -- id of the profile's service, NULL = none of them
    job         BLOB NOT NULL,              -- sealed: what is wanted
    address     BLOB,                       -- sealed
    budget      BLOB,                       -- sealed: in the caller's words
    timeline    BLOB,                       -- sealed: in the caller's words
    heard_of_us BLOB,                       -- sealed: from whom they know of the business
    state       TEXT NOT NULL CHECK (state IN ('open', 'won', 'lost')),
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX lead_call ON lead (call_id, created_at);
CREATE INDEX lead_who ON lead (tenant_id, who_key, created_at);
CREATE INDEX lead_contact ON lead (tenant_id, contact_id) WHERE contact_id IS NOT NULL;

CREATE TABLE ticket (                       -- something that does not work
    id          TEXT PRIMARY KEY,
    tenant_id   TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    n           INTEGER NOT NULL,           -- the number the caller is told
    call_id     TEXT REFERENCES call(id) ON DELETE SET NULL,
    contact_id  TEXT REFERENCES contact(id) ON DELETE SET NULL,
    name        BLOB,                       -- sealed
    number      BLOB,                       -- sealed
    system      BLOB,                       -- sealed: what it is about: "Lutron lighting"
    problem     BLOB NOT NULL,              -- sealed
    since_text  BLOB,                       -- sealed: in the caller's words
    tried       BLOB,                       -- sealed
    address     BLOB,                       -- sealed
    priority    TEXT NOT NULL,              -- low, normal, high
    state       TEXT NOT NULL CHECK (state IN ('open', 'done')),
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    UNIQUE (tenant_id, n)
) STRICT;
CREATE INDEX ticket_call ON ticket (call_id, created_at);
CREATE INDEX ticket_contact ON ticket (tenant_id, contact_id) WHERE contact_id IS NOT NULL;

CREATE TABLE vendor_note (                  -- a supplier called
    id          TEXT PRIMARY KEY,
    tenant_id   TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    call_id     TEXT REFERENCES call(id) ON DELETE SET NULL,
    contact_id  TEXT REFERENCES contact(id) ON DELETE SET NULL,
    vendor      BLOB NOT NULL,              -- sealed: the company
    person      BLOB,                       -- sealed
    number      BLOB,                       -- sealed
    purpose     TEXT NOT NULL,              -- delivery, order, invoice, visit, offer, other
    reference   BLOB,                       -- sealed: number of an order or invoice
    text        BLOB NOT NULL,              -- sealed
    state       TEXT NOT NULL CHECK (state IN ('open', 'done')),
    created_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX vendor_note_call ON vendor_note (call_id, created_at);
CREATE INDEX vendor_note_contact ON vendor_note (tenant_id, contact_id) WHERE contact_id IS NOT NULL;
