-- What hangs on one person, newest first.

-- name: history_calls
-- fields: call
-- plan: call_contact
SELECT {columns} FROM call WHERE tenant_id = $1 AND contact_id = $2 ORDER BY started_at DESC LIMIT $3

-- name: history_callbacks
-- fields: callback
-- plan: callback_contact
SELECT {columns} FROM callback WHERE tenant_id = $1 AND contact_id = $2 ORDER BY created_at DESC LIMIT $3

-- name: history_appointments
-- fields: appointment
-- plan: appointment_contact
SELECT {columns} FROM appointment WHERE tenant_id = $1 AND contact_id = $2 AND status <> 'held' ORDER BY start_at + 0 DESC LIMIT $3

-- name: history_leads
-- fields: lead
-- plan: lead_contact
SELECT {columns} FROM lead WHERE tenant_id = $1 AND contact_id = $2 ORDER BY created_at DESC LIMIT $3

-- name: history_tickets
-- fields: ticket
-- plan: ticket_contact
SELECT {columns} FROM ticket WHERE tenant_id = $1 AND contact_id = $2 ORDER BY created_at DESC LIMIT $3

-- name: history_notes
-- fields: vendor_note
-- plan: vendor_note_contact
SELECT {columns} FROM vendor_note WHERE tenant_id = $1 AND contact_id = $2 ORDER BY created_at DESC LIMIT $3

-- name: contact_page_newer
-- fields: contact
-- plan: contact_recent
SELECT {columns} FROM contact WHERE tenant_id = $1 AND merged_into IS NULL AND (last_at, id) > ($2, $3) ORDER BY last_at, id LIMIT $4
