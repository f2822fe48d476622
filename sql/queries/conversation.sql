-- name: turn_insert
-- fields: turn
INSERT INTO turn ({columns}) VALUES ({values}) ON CONFLICT (call_id, item_id) DO NOTHING

-- name: turn_list
-- fields: turn
-- plan: turn_call
SELECT {columns} FROM turn WHERE tenant_id = $1 AND call_id = $2 ORDER BY start_ms, created_at LIMIT $3

-- name: turn_count
-- plan: turn_call
SELECT count(*) FROM turn WHERE tenant_id = $1 AND call_id = $2

-- name: turn_by_caller
-- plan: turn_call
SELECT count(*) FROM turn WHERE tenant_id = $1 AND call_id = $2 AND who = 'caller'

-- name: turn_by_item
-- fields: turn
SELECT {columns} FROM turn WHERE tenant_id = $1 AND call_id = $2 AND item_id = $3

-- name: turn_heard
UPDATE turn SET text = $4, unheard = $5, end_ms = $6, seq = (SELECT coalesce(max(t.seq), 0) + 1 FROM turn AS t WHERE t.tenant_id = $1 AND t.seq > 0) WHERE tenant_id = $1 AND call_id = $2 AND id = $3

-- name: event_insert
-- fields: event
INSERT INTO event ({columns}) VALUES ({values}) ON CONFLICT (call_id, dedupe) DO NOTHING

-- name: event_list
-- fields: event
-- plan: event_call
SELECT {columns} FROM event WHERE tenant_id = $1 AND call_id = $2 ORDER BY at_ms, created_at, id LIMIT $3

-- name: tool_run_insert
-- fields: tool_run
INSERT INTO tool_run ({columns}) VALUES ({values}) ON CONFLICT (call_id, dedupe) DO NOTHING

-- name: tool_run_find
-- fields: tool_run
SELECT {columns} FROM tool_run WHERE tenant_id = $1 AND call_id = $2 AND dedupe = $3

-- name: tool_run_done
UPDATE tool_run SET result = $4, ok = $5, took_ms = $6 WHERE tenant_id = $1 AND call_id = $2 AND id = $3

-- name: tool_run_undo
-- plan: tool_run_call
DELETE FROM tool_run WHERE tenant_id = $1 AND call_id = $2 AND tool = 'end_call' AND ok = 1

-- name: tool_run_list
-- fields: tool_run
-- plan: tool_run_call
SELECT {columns} FROM tool_run WHERE tenant_id = $1 AND call_id = $2 ORDER BY at_ms, created_at LIMIT 200

-- name: consent_spoken_at
SELECT created_at FROM event WHERE tenant_id = $1 AND call_id = $2 AND dedupe = 'consent'

-- name: turn_recent
-- fields: turn
-- plan: turn_call
SELECT {columns} FROM turn WHERE tenant_id = $1 AND call_id = $2 AND who = $3 ORDER BY start_ms DESC, created_at DESC LIMIT $4
