-- name: text_in_insert
-- fields: text_in
INSERT INTO text_in ({columns}) VALUES ({values}) ON CONFLICT (message_sid) DO NOTHING

-- name: text_in_by_sid
-- fields: text_in
SELECT {columns} FROM text_in WHERE message_sid = $1

-- name: text_in_waiting
-- fields: text_in
-- plan: text_in_session
SELECT {columns} FROM text_in WHERE tenant_id = $1 AND session_id = $2 AND state = 'waiting' ORDER BY created_at, id LIMIT 50

-- name: text_in_recent
-- fields: text_in
-- plan: text_in_pair
SELECT {columns} FROM text_in WHERE tenant_id = $1 AND pair_key = $2 AND created_at >= $3 ORDER BY created_at DESC, id DESC LIMIT $4

-- a text that waits for a turn, and no other
-- name: text_in_take
UPDATE text_in SET turn = $3 WHERE tenant_id = $1 AND id = $2 AND state = 'waiting'

-- name: text_in_answered
UPDATE text_in SET state = 'answered', reply = $4 WHERE tenant_id = $1 AND session_id = $2 AND turn = $3 AND state = 'waiting'

-- name: text_in_turn
-- plan: text_in_session
SELECT coalesce(max(created_at), 0) FROM text_in WHERE tenant_id = $1 AND session_id = $2 AND turn = $3

-- name: text_in_move
UPDATE text_in SET session_id = $3, call_id = $4, turn = 0 WHERE tenant_id = $1 AND session_id = $2 AND state = 'waiting'

-- name: text_in_end
UPDATE text_in SET state = $3, reply = $4 WHERE tenant_id = $1 AND id = $2

-- name: text_in_page
UPDATE text_in SET on_page = 1 WHERE tenant_id = $1 AND id = $2

-- name: text_in_due
-- fields: text_in
-- plan: text_in_waiting
SELECT {columns} FROM text_in WHERE state = 'waiting' AND created_at < $1 ORDER BY created_at LIMIT 20
