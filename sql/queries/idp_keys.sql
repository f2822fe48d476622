-- name: idp_keys_get
-- fields: idp_keys
SELECT {columns} FROM idp_keys WHERE tenant_id = $1 AND id = $2

-- name: idp_keys_put
INSERT INTO idp_keys (tenant_id, id, keys, fetched_at, fresh_until, wanted_at, not_before, failures) VALUES ($1, $2, $3, $4, $5, 0, 0, 0) ON CONFLICT (tenant_id, id) DO UPDATE SET keys = excluded.keys, fetched_at = excluded.fetched_at, fresh_until = excluded.fresh_until, not_before = 0, failures = 0

-- name: idp_keys_failed
INSERT INTO idp_keys (tenant_id, id, fetched_at, fresh_until, wanted_at, not_before, failures) VALUES ($1, $2, 0, 0, 0, $3, 1) ON CONFLICT (tenant_id, id) DO UPDATE SET not_before = excluded.not_before, failures = idp_keys.failures + 1

-- name: idp_keys_want
UPDATE idp_keys SET wanted_at = $3 WHERE tenant_id = $1 AND id = $2 AND wanted_at <= fetched_at

-- name: idp_keys_others
DELETE FROM idp_keys WHERE tenant_id = $1 AND id <> $2
