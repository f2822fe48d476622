-- name: user_insert
-- fields: user
INSERT INTO user ({columns}) VALUES ({values}) ON CONFLICT (login) DO NOTHING

-- name: user_by_login
-- fields: user
SELECT {columns} FROM user WHERE login = $1

-- name: user_by_id
-- fields: user
SELECT {columns} FROM user WHERE tenant_id = $1 AND id = $2

-- name: user_list
-- fields: user
SELECT {columns} FROM user ORDER BY created_at

-- name: user_password_set
UPDATE user SET password_hash = $2 WHERE login = $1

-- name: user_login_ok
UPDATE user SET last_login_at = $2 WHERE id = $1

-- name: user_of_tenant
-- fields: user
-- plan: user_tenant
SELECT {columns} FROM user WHERE tenant_id = $1 ORDER BY created_at, id LIMIT $2

-- who can do everything: an owner who is limited to one place is none of them
-- name: user_owners
-- plan: user_tenant
SELECT count(*) FROM user WHERE tenant_id = $1 AND role = 'owner' AND location_id IS NULL AND id <> $2

-- name: user_role_set
UPDATE user SET role = $3, location_id = $4 WHERE tenant_id = $1 AND id = $2

-- name: user_delete
DELETE FROM user WHERE tenant_id = $1 AND id = $2

-- name: user_totp_set
UPDATE user SET totp = $3, totp_on = 0, totp_step = 0 WHERE tenant_id = $1 AND id = $2

-- name: user_totp_on
UPDATE user SET totp_on = 1 WHERE tenant_id = $1 AND id = $2 AND totp IS NOT NULL

-- a code counts once, also when two browsers send it at the same time
-- name: user_totp_used
UPDATE user SET totp_step = $3 WHERE tenant_id = $1 AND id = $2 AND totp_step < $3

-- name: user_code_add
INSERT INTO user_code (user_id, tenant_id, code_key) VALUES ($1, $2, $3) ON CONFLICT (user_id, code_key) DO NOTHING

-- name: user_code_use
UPDATE user_code SET used_at = $4 WHERE tenant_id = $1 AND user_id = $2 AND code_key = $3 AND used_at IS NULL

-- name: user_code_left
SELECT count(*) FROM user_code WHERE tenant_id = $1 AND user_id = $2 AND used_at IS NULL

-- name: user_code_drop
DELETE FROM user_code WHERE tenant_id = $1 AND user_id = $2

-- name: session_insert
-- fields: session
INSERT INTO session ({columns}) VALUES ({values})

-- name: session_find
-- fields: session
SELECT {columns} FROM session WHERE id = $1 AND expires_at > $2 AND seen_at > $3 AND half = $4

-- name: session_seen
UPDATE session SET seen_at = $2 WHERE id = $1

-- name: session_of_user
-- fields: session
-- plan: session_user
SELECT {columns} FROM session WHERE tenant_id = $1 AND user_id = $2 AND half = 0 AND expires_at > $3 AND seen_at > $4 ORDER BY seen_at DESC, ref LIMIT $5

-- name: session_end
DELETE FROM session WHERE tenant_id = $1 AND user_id = $2 AND ref = $3

-- name: session_end_others
DELETE FROM session WHERE tenant_id = $1 AND user_id = $2 AND id <> $3

-- name: session_flash
UPDATE session SET flash = $2 WHERE id = $1

-- name: session_delete
DELETE FROM session WHERE id = $1

-- name: session_delete_user
DELETE FROM session WHERE user_id = $1

-- name: session_purge
-- plan: session_expires
DELETE FROM session WHERE expires_at <= $1

-- name: token_insert
-- fields: token
INSERT INTO token ({columns}) VALUES ({values})

-- name: token_find
-- fields: token
SELECT {columns} FROM token WHERE id = $1 AND revoked_at IS NULL

-- name: token_list
-- fields: token
SELECT {columns} FROM token WHERE tenant_id = $1 ORDER BY created_at DESC, id LIMIT $2

-- name: token_revoke
UPDATE token SET revoked_at = $3 WHERE tenant_id = $1 AND id = $2 AND revoked_at IS NULL
