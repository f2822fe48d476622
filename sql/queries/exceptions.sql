-- name: exception_put
-- fields: exception
INSERT INTO exception ({columns}) VALUES ({values}) ON CONFLICT (tenant_id, number_key) DO UPDATE SET name = excluded.name, category = excluded.category, deleted_at = NULL

-- name: exception_find
-- fields: exception
SELECT {columns} FROM exception WHERE tenant_id = $1 AND number_key = $2 AND deleted_at IS NULL

-- name: exception_any
-- fields: exception
SELECT {columns} FROM exception WHERE tenant_id = $1 AND id = $2

-- name: exception_list
-- fields: exception
-- plan: exception_list
SELECT {columns} FROM exception WHERE tenant_id = $1 AND deleted_at IS NULL ORDER BY created_at LIMIT $2

-- name: exception_remove
UPDATE exception SET deleted_at = $3 WHERE tenant_id = $1 AND number_key = $2 AND deleted_at IS NULL
