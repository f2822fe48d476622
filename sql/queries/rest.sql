-- Pages of what there is, newest first: older than ($2, $3), at most $4, in state $5 ('' = any).
-- name: exception_page
-- fields: exception
-- plan: exception_page
SELECT {columns} FROM exception WHERE tenant_id = $1 AND deleted_at IS NULL AND (created_at, id) < ($2, $3) ORDER BY created_at DESC, id DESC LIMIT $4

-- name: exception_get
-- fields: exception
SELECT {columns} FROM exception WHERE tenant_id = $1 AND id = $2 AND deleted_at IS NULL

-- name: callback_page
-- fields: callback
-- plan: callback_page
SELECT {columns} FROM callback WHERE tenant_id = $1 AND created_at > 0 AND (created_at, id) < ($2, $3) AND ($5 = '' OR state = $5) ORDER BY created_at DESC, id DESC LIMIT $4

-- name: lead_page
-- fields: lead
-- plan: lead_page
SELECT {columns} FROM lead WHERE tenant_id = $1 AND created_at > 0 AND (created_at, id) < ($2, $3) AND ($5 = '' OR state = $5) ORDER BY created_at DESC, id DESC LIMIT $4

-- name: lead_state
UPDATE lead SET state = $3, updated_at = $4 WHERE tenant_id = $1 AND id = $2

-- name: ticket_page
-- fields: ticket
-- plan: ticket_page
SELECT {columns} FROM ticket WHERE tenant_id = $1 AND created_at > 0 AND (created_at, id) < ($2, $3) AND ($5 = '' OR state = $5) ORDER BY created_at DESC, id DESC LIMIT $4

-- name: ticket_get
-- fields: ticket
SELECT {columns} FROM ticket WHERE tenant_id = $1 AND id = $2

-- name: ticket_state
UPDATE ticket SET state = coalesce($3, state), priority = coalesce($4, priority), updated_at = $5 WHERE tenant_id = $1 AND id = $2

-- name: message_page
-- fields: message
-- plan: message_page
SELECT {columns} FROM message WHERE tenant_id = $1 AND created_at > 0 AND (created_at, id) < ($2, $3) AND ($5 = '' OR state = $5) ORDER BY created_at DESC, id DESC LIMIT $4

-- name: turn_page
-- fields: turn
-- plan: turn_page
SELECT {columns} FROM turn WHERE tenant_id = $1 AND created_at > 0 AND (created_at, id) < ($2, $3) ORDER BY created_at DESC, id DESC LIMIT $4

-- name: turn_get
-- fields: turn
SELECT {columns} FROM turn WHERE tenant_id = $1 AND id = $2

-- name: appointment_page
-- fields: appointment
-- plan: appointment_when
SELECT {columns} FROM appointment WHERE tenant_id = $1 AND (start_at, id) < ($2, $3) AND ($5 = '' OR status = $5) ORDER BY start_at DESC, id DESC LIMIT $4

-- name: voice_session_page
-- fields: voice_session
-- plan: voice_session_recent
SELECT {columns} FROM voice_session WHERE tenant_id = $1 AND (created_at, id) < ($2, $3) AND ($5 = '' OR state = $5) ORDER BY created_at DESC, id DESC LIMIT $4

-- name: location_page
-- fields: location
-- plan: location_tenant
SELECT {columns} FROM location WHERE tenant_id = $1 AND (created_at, id) < ($2, $3) ORDER BY created_at DESC, id DESC LIMIT $4

-- name: api_reply_insert
-- fields: api_reply
INSERT INTO api_reply ({columns}) VALUES ({values})

-- name: api_reply_get
-- fields: api_reply
SELECT {columns} FROM api_reply WHERE tenant_id = $1 AND id = $2

-- name: api_reply_purge
-- plan: api_reply_old
DELETE FROM api_reply WHERE tenant_id = $1 AND created_at < $2
