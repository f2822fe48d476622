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
UPDATE user SET password_hash = $2, failed = 0, locked_until = NULL WHERE login = $1

-- name: user_login_ok
UPDATE user SET failed = 0, locked_until = NULL, last_login_at = $2 WHERE id = $1

-- name: user_login_failed
UPDATE user SET failed = failed + 1, locked_until = CASE WHEN failed + 1 >= $2 THEN $3 ELSE locked_until END WHERE id = $1

-- name: session_insert
-- fields: session
INSERT INTO session ({columns}) VALUES ({values})

-- name: session_find
-- fields: session
SELECT {columns} FROM session WHERE id = $1 AND expires_at > $2

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
