-- name: callback_insert
-- fields: callback
INSERT INTO callback ({columns}) VALUES ({values})

-- name: callback_by_call
-- fields: callback
-- plan: callback_call
SELECT {columns} FROM callback WHERE tenant_id = $1 AND call_id = $2 ORDER BY created_at LIMIT 50

-- name: callback_open_count
-- plan: callback_open
SELECT count(*) FROM callback WHERE tenant_id = $1 AND state = 'open'

-- name: callback_list
-- fields: callback
-- plan: callback_open
SELECT {columns} FROM callback WHERE tenant_id = $1 AND state = $2 ORDER BY created_at DESC LIMIT $3

-- name: callback_close
UPDATE callback SET state = $3, closed_at = $4 WHERE tenant_id = $1 AND id = $2 AND state = 'open'

-- name: callback_reopen
UPDATE callback SET state = 'open', closed_at = NULL, closed_by = NULL WHERE tenant_id = $1 AND id = $2 AND state <> 'open' AND closed_at >= $3

-- name: message_insert
-- fields: message
INSERT INTO message ({columns}) VALUES ({values}) ON CONFLICT (recording_sid) DO NOTHING

-- name: message_length
UPDATE message SET seconds = $3 WHERE tenant_id = $1 AND recording_sid = $2 AND seconds = 0

-- name: message_get
-- fields: message
SELECT {columns} FROM message WHERE tenant_id = $1 AND id = $2

-- name: message_by_recording
-- fields: message
SELECT {columns} FROM message WHERE tenant_id = $1 AND recording_sid = $2

-- name: message_words
UPDATE message SET text = $3, words_by = $4, no_words = NULL WHERE tenant_id = $1 AND id = $2 AND text IS NULL AND state <> 'erased'

-- name: message_no_words
UPDATE message SET no_words = $3 WHERE tenant_id = $1 AND id = $2 AND text IS NULL

-- name: message_by_call
-- fields: message
-- plan: message_call
SELECT {columns} FROM message WHERE tenant_id = $1 AND call_id = $2 ORDER BY created_at LIMIT 50

-- name: message_state
UPDATE message SET state = $4 WHERE tenant_id = $1 AND id = $2 AND state = $3

-- name: counter_add
INSERT INTO counter (tenant_id, name, day, n, last_at) VALUES ($1, $2, $3, 1, $4) ON CONFLICT (tenant_id, name, day) DO UPDATE SET n = counter.n + 1, last_at = excluded.last_at

-- name: counter_last
-- fields: counter
SELECT tenant_id, name, day, n, last_at FROM counter WHERE tenant_id = $1 AND name = $2 ORDER BY day DESC LIMIT 1

-- name: key_check_get
-- fields: key_check
SELECT {columns} FROM key_check WHERE id = $1

-- name: key_check_insert
-- fields: key_check
INSERT INTO key_check ({columns}) VALUES ({values}) ON CONFLICT (id) DO NOTHING

-- name: callback_open_between
-- fields: callback
-- plan: callback_open
SELECT {columns} FROM callback WHERE tenant_id = $1 AND state = 'open' AND created_at >= $2 AND created_at < $3 AND ($4 = '' OR call_id IS NULL OR EXISTS (SELECT 1 FROM call WHERE call.id = callback.call_id AND call.location_id = $4)) ORDER BY urgent DESC, created_at LIMIT $5

-- name: message_new_between
-- fields: message
-- plan: message_new
SELECT {columns} FROM message WHERE tenant_id = $1 AND state = 'new' AND created_at >= $2 AND created_at < $3 AND ($4 = '' OR EXISTS (SELECT 1 FROM call WHERE call.id = message.call_id AND call.location_id = $4)) ORDER BY created_at DESC LIMIT $5
