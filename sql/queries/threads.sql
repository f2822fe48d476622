-- name: thread_people
-- fields: contact
-- plan: contact_recent
SELECT {columns} FROM contact WHERE tenant_id = $1 AND merged_into IS NULL AND calls + texts > 0 AND (last_at, id) < ($2, $3) ORDER BY last_at DESC, id DESC LIMIT $4

-- name: thread_calls
-- fields: call
-- plan: call_contact
SELECT {columns} FROM call WHERE tenant_id = $1 AND contact_id = $2 AND started_at < $3 ORDER BY started_at DESC LIMIT $4

-- name: thread_texts
-- fields: text_in
-- plan: text_in_call
SELECT {columns} FROM text_in WHERE call_id IN (SELECT c.id FROM call c WHERE c.tenant_id = $1 AND c.contact_id = $2) AND created_at < $3 ORDER BY created_at DESC, id DESC LIMIT $4

-- name: thread_messages
-- fields: message
-- plan: message_call
SELECT {columns} FROM message WHERE call_id IN (SELECT c.id FROM call c WHERE c.tenant_id = $1 AND c.contact_id = $2) AND created_at < $3 ORDER BY created_at DESC, id DESC LIMIT $4

-- name: thread_chats
-- fields: turn
-- plan: call_contact
SELECT {columns} FROM turn WHERE call_id IN (SELECT c.id FROM call c WHERE c.tenant_id = $1 AND c.contact_id = $2 AND c.channel IN ('session', 'chat')) AND created_at < $3 ORDER BY created_at DESC, start_ms DESC LIMIT $4

-- name: thread_sent
-- fields: outbox
-- plan: outbox_thread
SELECT {columns} FROM outbox WHERE tenant_id = $1 AND to_key = $2 AND created_at > 0 AND created_at < $3 AND kind = 'sms' ORDER BY created_at DESC, id DESC LIMIT $4

-- name: thread_notice
-- fields: outbox
-- plan: outbox_thread
SELECT {columns} FROM outbox WHERE tenant_id = $1 AND to_key = $2 AND created_at > 0 AND created_at >= $3 AND call_id IS NOT NULL AND kind IN ('sms', 'owner_text') AND dedupe NOT LIKE 'reply:%' AND dedupe NOT LIKE 'hand:%' ORDER BY created_at DESC, id DESC LIMIT 1
