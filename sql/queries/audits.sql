-- name: audit_insert
-- fields: audit
INSERT INTO audit ({columns}) VALUES ({values})

-- name: audit_since
-- plan: audit_object
SELECT count(*) FROM audit WHERE tenant_id = $1 AND object = $2 AND user_id = $3 AND action = $4 AND created_at > $5

-- name: audit_last
-- fields: audit
-- plan: audit_recent
SELECT {columns} FROM audit WHERE tenant_id = $1 AND action = $2 ORDER BY created_at DESC, id DESC LIMIT 1

-- newest first; $5: whose, $6: 1 = looks, 0 = the rest, -1 = all
-- name: audit_find
-- fields: audit
-- plan: audit_recent
SELECT {columns} FROM audit WHERE tenant_id = $1 AND (created_at < $2 OR (created_at = $2 AND id < $3)) AND ($5 = '' OR user_id = $5) AND ($6 = -1 OR look = $6) ORDER BY created_at DESC, id DESC LIMIT $4

-- name: audit_limit_put
INSERT INTO audit_limit (tenant_id, before) VALUES ($1, $2) ON CONFLICT (tenant_id) DO UPDATE SET before = excluded.before WHERE excluded.before > audit_limit.before

-- name: audit_forget
-- plan: audit_recent
DELETE FROM audit WHERE tenant_id = $1 AND created_at < $2
