-- name: alert_insert
-- fields: alert
INSERT INTO alert ({columns}) VALUES ({values})

-- name: alert_by_who
-- fields: alert
-- plan: alert_who
SELECT {columns} FROM alert WHERE tenant_id = $1 AND who_key = $2 AND created_at > $3 ORDER BY created_at DESC LIMIT $4

-- name: alert_by_call
-- fields: alert
-- plan: alert_call
SELECT {columns} FROM alert WHERE tenant_id = $1 AND call_id = $2 ORDER BY created_at LIMIT 50

-- name: alert_list
-- fields: alert
-- plan: alert_recent
SELECT {columns} FROM alert WHERE tenant_id = $1 ORDER BY created_at DESC LIMIT $2

-- name: alert_seen
UPDATE alert SET state = 'seen', seen_at = $3 WHERE tenant_id = $1 AND id = $2 AND state = 'open'

-- name: alert_between
-- fields: alert
-- plan: alert_recent
SELECT {columns} FROM alert WHERE tenant_id = $1 AND created_at >= $2 AND created_at < $3 AND kind = 'emergency' AND severity IN ('P1', 'P2') AND ($4 = '' OR EXISTS (SELECT 1 FROM call WHERE call.id = alert.call_id AND call.location_id = $4)) ORDER BY created_at DESC LIMIT $5

-- name: alert_unseen
UPDATE alert SET state = 'open', seen_at = NULL WHERE tenant_id = $1 AND id = $2 AND state = 'seen' AND seen_at >= $3
