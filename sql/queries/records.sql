-- name: lead_insert
-- fields: lead
INSERT INTO lead ({columns}) VALUES ({values})

-- name: lead_get
-- fields: lead
SELECT {columns} FROM lead WHERE tenant_id = $1 AND id = $2

-- name: lead_recent
-- fields: lead
-- plan: lead_who
SELECT {columns} FROM lead WHERE tenant_id = $1 AND who_key = $2 AND created_at >= $3 AND state = 'open' ORDER BY created_at DESC LIMIT 20

-- name: lead_update
UPDATE lead SET name = coalesce($3, name), company = coalesce($4, company), number = coalesce($5, number), email = coalesce($6, email), service = coalesce($7, service), job = $8, address = coalesce($9, address), budget = coalesce($10, budget), timeline = coalesce($11, timeline), heard_of_us = coalesce($12, heard_of_us), call_id = $13, updated_at = $14 WHERE tenant_id = $1 AND id = $2

-- name: lead_by_call
-- fields: lead
-- plan: lead_call
SELECT {columns} FROM lead WHERE tenant_id = $1 AND call_id = $2 ORDER BY created_at LIMIT 50

-- name: ticket_last
SELECT coalesce(max(n), 0) FROM ticket WHERE tenant_id = $1

-- name: ticket_insert
-- fields: ticket
INSERT INTO ticket ({columns}) VALUES ({values})

-- name: ticket_by_call
-- fields: ticket
-- plan: ticket_call
SELECT {columns} FROM ticket WHERE tenant_id = $1 AND call_id = $2 ORDER BY created_at LIMIT 50

-- name: vendor_note_insert
-- fields: vendor_note
INSERT INTO vendor_note ({columns}) VALUES ({values})

-- name: vendor_note_by_call
-- fields: vendor_note
-- plan: vendor_note_call
SELECT {columns} FROM vendor_note WHERE tenant_id = $1 AND call_id = $2 ORDER BY created_at LIMIT 50
