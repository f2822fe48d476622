-- name: live_call_list
-- fields: call
-- plan: call_running
SELECT {columns} FROM call WHERE tenant_id = $1 AND ended_at IS NULL AND started_at > $2 AND channel IS NULL ORDER BY started_at, id LIMIT $3

-- name: live_line_since
-- fields: turn
-- plan: turn_seq
SELECT {columns} FROM turn WHERE tenant_id = $1 AND seq > 0 AND seq > $2 ORDER BY seq LIMIT $3

-- name: live_seq
-- plan: turn_seq
SELECT coalesce(max(seq), 0) FROM turn WHERE tenant_id = $1 AND seq > 0

-- name: live_order_insert
-- fields: live_order
INSERT INTO live_order ({columns}) VALUES ({values}) ON CONFLICT (tenant_id, dedupe) DO NOTHING

-- of all businesses: a bridge looks for what is asked of the calls it leads
-- name: live_order_waiting
-- fields: live_order
-- plan: live_order_waiting
SELECT {columns} FROM live_order WHERE state = 'waiting' AND created_at > $1 ORDER BY created_at, id LIMIT $2

-- name: live_order_by_call
-- fields: live_order
-- plan: live_order_call
SELECT {columns} FROM live_order WHERE tenant_id = $1 AND call_id = $2 ORDER BY created_at, id

-- name: live_order_state
UPDATE live_order SET state = $3, done_at = $4 WHERE tenant_id = $1 AND id = $2 AND state IN ('waiting', 'asked')

-- name: live_ticket_insert
-- fields: live_ticket
INSERT INTO live_ticket ({columns}) VALUES ({values})

-- name: live_ticket_use
-- fields: live_ticket
UPDATE live_ticket SET used_at = $2 WHERE id = $1 AND used_at IS NULL AND expires_at >= $2 AND ends_at >= $2 RETURNING {columns}

-- name: live_ticket_good
SELECT count(*) FROM live_ticket WHERE tenant_id = $1 AND id = $2 AND ends_at >= $3
