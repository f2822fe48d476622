-- name: contact_by_number
-- fields: contact
SELECT {columns} FROM contact WHERE tenant_id = $1 AND number_key = $2

-- name: contact_by_id
-- fields: contact
SELECT {columns} FROM contact WHERE tenant_id = $1 AND id = $2

-- name: contact_insert
-- fields: contact
INSERT INTO contact ({columns}) VALUES ({values}) ON CONFLICT (tenant_id, number_key) DO NOTHING

-- name: contact_called
UPDATE contact SET calls = calls + 1, last_at = $3 WHERE tenant_id = $1 AND id = $2

-- name: contact_learn
UPDATE contact SET name = coalesce($3, name), company = coalesce($4, company), email = coalesce($5, email) WHERE tenant_id = $1 AND id = $2

-- name: contact_standing
UPDATE contact SET standing = $3 WHERE tenant_id = $1 AND id = $2
