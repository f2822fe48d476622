-- name: invite_insert
-- fields: invite
INSERT INTO invite ({columns}) VALUES ({values})

-- name: invite_find
-- fields: invite
SELECT {columns} FROM invite WHERE secret_hash = $1 AND used_at IS NULL AND expires_at > $2

-- name: invite_open
-- fields: invite
-- plan: invite_open
SELECT {columns} FROM invite WHERE tenant_id = $1 AND used_at IS NULL AND expires_at > $2 ORDER BY created_at DESC, id LIMIT $3

-- name: invite_use
UPDATE invite SET used_at = $3 WHERE tenant_id = $1 AND id = $2 AND used_at IS NULL

-- name: login_try_get
-- fields: login_try
SELECT {columns} FROM login_try WHERE tenant_id = $1 AND who_key = $2

-- what is long ago does not count any more
-- name: login_try_add
INSERT INTO login_try (tenant_id, who_key, failed, last_at) VALUES ($1, $2, 1, $3) ON CONFLICT (tenant_id, who_key) DO UPDATE SET failed = CASE WHEN login_try.last_at < $4 THEN 1 ELSE login_try.failed + 1 END, last_at = $3

-- name: login_try_right
DELETE FROM login_try WHERE tenant_id = $1 AND who_key = $2

-- name: login_try_purge
-- plan: login_try_last
DELETE FROM login_try WHERE last_at < $1
