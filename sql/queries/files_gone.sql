-- name: file_gone_list
-- fields: file_gone
SELECT {columns} FROM file_gone WHERE id > $1 ORDER BY id LIMIT $2

-- the row of an erased recording stays, and names no file any more
-- name: file_gone_recording_of
INSERT INTO file_gone (id, tenant_id, kind, path) SELECT id, tenant_id, 'recording', path FROM recording WHERE tenant_id = $1 AND id = $2 AND path IS NOT NULL ON CONFLICT (kind, path) DO NOTHING

-- name: file_gone_end
DELETE FROM file_gone WHERE tenant_id = $1 AND id = $2

-- how old this database is: the first business came with it
-- name: file_gone_since
SELECT coalesce(min(created_at), $1) FROM tenant

-- name: file_gone_picture
SELECT count(*) FROM picture WHERE id = $1

-- name: file_gone_recording
SELECT count(*) FROM recording WHERE id = $1
