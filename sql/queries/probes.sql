-- name: probe_ask
-- fields: probe
INSERT INTO probe ({columns}) VALUES ({values}) ON CONFLICT (tenant_id, what) DO UPDATE SET sentence = NULL, done_at = NULL, asked_at = excluded.asked_at

-- name: probe_list
-- fields: probe
SELECT {columns} FROM probe WHERE tenant_id = $1 ORDER BY what LIMIT $2

-- name: probe_done
UPDATE probe SET ok = $3, sentence = $4, done_at = $5 WHERE tenant_id = $1 AND what = $2
