-- name: text_mark_put
INSERT INTO text_mark (tenant_id, number_key, code, since) VALUES ($1, $2, $3, $4) ON CONFLICT (tenant_id, number_key) DO UPDATE SET code = excluded.code, since = excluded.since

-- name: text_mark_remove
DELETE FROM text_mark WHERE tenant_id = $1 AND number_key = $2

-- name: text_mark_code
SELECT code FROM text_mark WHERE tenant_id = $1 AND number_key = $2

-- name: text_mark_since
SELECT since FROM text_mark WHERE tenant_id = $1 AND number_key = $2

-- name: text_hand_put
INSERT INTO text_hand (tenant_id, number_key, until) VALUES ($1, $2, $3) ON CONFLICT (tenant_id, number_key) DO UPDATE SET until = excluded.until

-- name: text_hand_until
SELECT until FROM text_hand WHERE tenant_id = $1 AND number_key = $2
