-- name: profile_version_insert
-- fields: profile_version
INSERT INTO profile_version ({columns}) VALUES ({values})

-- name: profile_version_last
SELECT coalesce(max(number), 0) FROM profile_version WHERE tenant_id = $1

-- name: profile_version_get
-- fields: profile_version
SELECT {columns} FROM profile_version WHERE tenant_id = $1 AND number = $2

-- name: profile_version_list
-- fields: profile_version
SELECT {columns} FROM profile_version WHERE tenant_id = $1 ORDER BY number DESC LIMIT $2

-- name: profile_version_prune
DELETE FROM profile_version WHERE tenant_id = $1 AND number <= $2

-- name: script_text_insert
-- fields: script_text
INSERT INTO script_text ({columns}) VALUES ({values})

-- name: script_text_last
SELECT coalesce(max(number), 0) FROM script_text WHERE tenant_id = $1 AND script = $2

-- name: script_text_get
-- fields: script_text
SELECT {columns} FROM script_text WHERE tenant_id = $1 AND script = $2 AND number = $3

-- name: script_text_list
-- fields: script_text
SELECT {columns} FROM script_text WHERE tenant_id = $1 AND script = $2 ORDER BY number DESC LIMIT $3
