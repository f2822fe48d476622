-- name: tenant_insert
-- fields: tenant
INSERT INTO tenant ({columns}) VALUES ({values}) ON CONFLICT (slug) DO NOTHING

-- name: tenant_by_id
-- fields: tenant
SELECT {columns} FROM tenant WHERE id = $1

-- name: tenant_by_slug
-- fields: tenant
SELECT {columns} FROM tenant WHERE slug = $1

-- name: tenant_count
SELECT count(*) FROM tenant

-- name: tenant_list
-- fields: tenant
SELECT {columns} FROM tenant ORDER BY created_at

-- name: tenant_update
UPDATE tenant SET name = $2, profile = $3, people = $4, updated_at = $5 WHERE id = $1

-- name: location_insert
-- fields: location
INSERT INTO location ({columns}) VALUES ({values})

-- name: location_by_id
-- fields: location
SELECT {columns} FROM location WHERE tenant_id = $1 AND id = $2

-- name: location_first
-- fields: location
-- plan: location_tenant
SELECT {columns} FROM location WHERE tenant_id = $1 ORDER BY created_at LIMIT 1

-- name: location_owner_phone_set
UPDATE location SET owner_phone = $3 WHERE tenant_id = $1 AND id = $2

-- name: location_list
-- fields: location
-- plan: location_tenant
SELECT {columns} FROM location WHERE tenant_id = $1 ORDER BY created_at, id

-- name: location_update
UPDATE location SET name = $3, zone = $4, hours = $5, owner_name = $6, owner_phone = $7, overlay = $8, people = $9 WHERE tenant_id = $1 AND id = $2

-- name: location_hours
UPDATE location SET hours = $3 WHERE tenant_id = $1 AND id = $2

-- name: number_insert
-- fields: number
INSERT INTO number ({columns}) VALUES ({values}) ON CONFLICT (e164) DO NOTHING

-- name: number_find
-- fields: number
SELECT {columns} FROM number WHERE e164 = $1

-- name: number_list
-- fields: number
SELECT {columns} FROM number WHERE tenant_id = $1 ORDER BY created_at, e164

-- name: number_delete_all
DELETE FROM number WHERE tenant_id = $1
