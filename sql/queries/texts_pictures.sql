-- name: picture_insert
-- fields: picture
INSERT INTO picture ({columns}) VALUES ({values}) ON CONFLICT (text_id, n) DO NOTHING

-- name: picture_get
-- fields: picture
SELECT {columns} FROM picture WHERE tenant_id = $1 AND id = $2

-- name: picture_by_call
-- fields: picture
-- plan: picture_call
SELECT {columns} FROM picture WHERE tenant_id = $1 AND call_id = $2 ORDER BY created_at, n LIMIT 200

-- name: picture_about
-- fields: picture
-- plan: picture_about
SELECT {columns} FROM picture WHERE tenant_id = $1 AND about_call_id = $2 ORDER BY created_at, n LIMIT 200

-- name: picture_by_lead
-- fields: picture
-- plan: picture_lead
SELECT {columns} FROM picture WHERE tenant_id = $1 AND lead_id = $2 ORDER BY created_at, n LIMIT 200

-- name: picture_kept
UPDATE picture SET state = 'ready', kind = $3, path = $4, bytes = $5, small_bytes = $6, why = NULL WHERE tenant_id = $1 AND id = $2 AND state IN ('waiting', 'failed')

-- name: picture_not_kept
UPDATE picture SET state = $3, why = $4 WHERE tenant_id = $1 AND id = $2 AND state IN ('waiting', 'failed')

-- what came before there was a lead belongs to it, and what that call asked for
-- name: picture_to_lead
UPDATE picture SET lead_id = $3 WHERE tenant_id = $1 AND lead_id IS NULL AND id IN (SELECT p.id FROM picture p WHERE p.tenant_id = $1 AND p.call_id = $2 UNION SELECT q.id FROM picture q WHERE q.tenant_id = $1 AND q.about_call_id = $2)

-- name: picture_to_callback
UPDATE picture SET callback_id = $3 WHERE tenant_id = $1 AND callback_id IS NULL AND id IN (SELECT p.id FROM picture p WHERE p.tenant_id = $1 AND p.call_id = $2 UNION SELECT q.id FROM picture q WHERE q.tenant_id = $1 AND q.about_call_id = $2)

-- the call that asked that number for pictures last
-- name: picture_asked_by
-- plan: outbox_to
SELECT call_id AS id FROM outbox WHERE tenant_id = $1 AND to_key = $2 AND created_at >= $3 AND state <> 'refused' AND call_id IS NOT NULL AND dedupe LIKE 'text:photo_request:%' ORDER BY created_at DESC LIMIT 1
