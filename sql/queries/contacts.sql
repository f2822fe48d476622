-- name: contact_by_number
-- fields: contact
SELECT {columns} FROM contact WHERE tenant_id = $1 AND id = (SELECT coalesce(o.merged_into, o.id) FROM contact o WHERE o.tenant_id = $1 AND o.number_key = $2)

-- name: contact_by_id
-- fields: contact
SELECT {columns} FROM contact WHERE tenant_id = $1 AND id = (SELECT coalesce(o.merged_into, o.id) FROM contact o WHERE o.tenant_id = $1 AND o.id = $2)

-- name: contact_page
-- fields: contact
-- plan: contact_recent
SELECT {columns} FROM contact WHERE tenant_id = $1 AND merged_into IS NULL AND (last_at, id) < ($2, $3) ORDER BY last_at DESC, id DESC LIMIT $4

-- name: contact_numbers
-- fields: contact
-- plan: contact_merged
SELECT {columns} FROM contact WHERE tenant_id = $1 AND merged_into = $2 ORDER BY first_at LIMIT 50

-- name: contact_insert
-- fields: contact
INSERT INTO contact ({columns}) VALUES ({values}) ON CONFLICT (tenant_id, number_key) DO NOTHING

-- name: contact_called
UPDATE contact SET calls = calls + 1, last_at = $3 WHERE tenant_id = $1 AND id = $2

-- name: contact_set
UPDATE contact SET name = $3, company = $4, email = $5, birthday = $6, anniversary = $7, preferred = $8, systems = $9, crm = $10, notes = $11, tags = $12, language = $13, standing = $14, address = $15, sources = $16 WHERE tenant_id = $1 AND id = $2

-- name: contact_texted
UPDATE contact SET texts = texts + 1, last_at = CASE WHEN last_at > $3 THEN last_at ELSE $3 END WHERE tenant_id = $1 AND id = $2

-- name: contact_standing
UPDATE contact SET standing = $3 WHERE tenant_id = $1 AND id = $2

-- name: contact_merge_counts
UPDATE contact SET calls = calls + $3, texts = texts + $4, first_at = CASE WHEN first_at < $5 THEN first_at ELSE $5 END, last_at = CASE WHEN last_at > $6 THEN last_at ELSE $6 END WHERE tenant_id = $1 AND id = $2

-- name: contact_merge_gone
UPDATE contact SET merged_into = $3, name = NULL, company = NULL, email = NULL, birthday = NULL, anniversary = NULL, preferred = NULL, systems = NULL, crm = NULL, notes = NULL, tags = NULL, language = NULL, standing = NULL, address = NULL, sources = NULL, calls = 0, texts = 0 WHERE tenant_id = $1 AND id = $2

-- name: contact_merge_earlier
-- plan: contact_merged
UPDATE contact SET merged_into = $3 WHERE tenant_id = $1 AND merged_into = $2

-- name: contact_merge_calls
-- plan: call_contact
UPDATE call SET contact_id = $3 WHERE tenant_id = $1 AND contact_id = $2

-- name: contact_merge_callbacks
-- plan: callback_contact
UPDATE callback SET contact_id = $3 WHERE tenant_id = $1 AND contact_id = $2

-- name: contact_merge_leads
-- plan: lead_contact
UPDATE lead SET contact_id = $3 WHERE tenant_id = $1 AND contact_id = $2

-- name: contact_merge_tickets
-- plan: ticket_contact
UPDATE ticket SET contact_id = $3 WHERE tenant_id = $1 AND contact_id = $2

-- name: contact_merge_appointments
-- plan: appointment_contact
UPDATE appointment SET contact_id = $3 WHERE tenant_id = $1 AND contact_id = $2

-- name: contact_merge_vendor_notes
-- plan: vendor_note_contact
UPDATE vendor_note SET contact_id = $3 WHERE tenant_id = $1 AND contact_id = $2

-- name: contact_vips
-- fields: contact
-- plan: contact_vip
SELECT {columns} FROM contact WHERE tenant_id = $1 AND standing = 'vip' AND merged_into IS NULL AND id > $2 ORDER BY id LIMIT $3
