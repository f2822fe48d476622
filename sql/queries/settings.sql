-- name: setting_list
-- fields: tenant_setting
SELECT {columns} FROM setting WHERE tenant_id = $1 ORDER BY key

-- name: setting_put
-- fields: tenant_setting
INSERT INTO setting ({columns}) VALUES ({values})
ON CONFLICT (tenant_id, key) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at

-- name: setting_drop
DELETE FROM setting WHERE tenant_id = $1 AND key = $2
