-- The chat on a business's own website: whether it is on, where it may stand, how it begins.

CREATE TABLE web_chat (
    id          TEXT PRIMARY KEY,           -- public: it stands in the pages of the website
    tenant_id   TEXT NOT NULL UNIQUE REFERENCES tenant(id) ON DELETE CASCADE,
    active      INTEGER NOT NULL DEFAULT 0,
    origins     TEXT NOT NULL,              -- "https://a.example https://b.example"
    greeting    TEXT NOT NULL,              -- in the owner's words; "" = the house's
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL
) STRICT;
