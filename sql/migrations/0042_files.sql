-- A file whose row goes, goes too: what is to be removed is noted in the transaction that takes the
-- row away, by whatever way it goes (and where an erased recording lets go of its file), and the
-- worker removes it after. Whoever is killed in between leaves the note.
CREATE TABLE file_gone (
    id          TEXT PRIMARY KEY,
    tenant_id   TEXT NOT NULL,              -- which may be gone by then: no reference
    kind        TEXT NOT NULL CHECK (kind IN ('picture', 'recording')),
    path        TEXT NOT NULL,              -- below the folder of its kind
    UNIQUE (kind, path)
) STRICT;

CREATE TRIGGER picture_gone AFTER DELETE ON picture WHEN OLD.path IS NOT NULL
BEGIN
    INSERT INTO file_gone (id, tenant_id, kind, path) VALUES (lower(hex(randomblob(12))), OLD.tenant_id, 'picture', OLD.path)
    ON CONFLICT (kind, path) DO NOTHING;
END;

CREATE TRIGGER recording_gone AFTER DELETE ON recording WHEN OLD.path IS NOT NULL
BEGIN
    INSERT INTO file_gone (id, tenant_id, kind, path) VALUES (lower(hex(randomblob(12))), OLD.tenant_id, 'recording', OLD.path)
    ON CONFLICT (kind, path) DO NOTHING;
END;
