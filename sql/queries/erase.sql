-- All that is known of a person, by the person and by their numbers. What hangs on calls goes with
-- them (foreign keys), and so do the words in the index.

-- name: erase_calls
-- fields: call
-- plan: call_contact
SELECT {columns} FROM call WHERE tenant_id = $1 AND contact_id = $2 ORDER BY started_at LIMIT $3

-- name: erase_calls_of_number
-- fields: call
-- plan: call_from
SELECT {columns} FROM call WHERE tenant_id = $1 AND from_key = $2 ORDER BY started_at LIMIT $3

-- name: erase_running
-- plan: call_running
SELECT count(*) FROM call WHERE tenant_id = $1 AND ended_at IS NULL AND (contact_id = $2 OR from_key = $3)

-- name: erase_coming
-- plan: appointment_number
SELECT count(*) FROM appointment WHERE tenant_id = $1 AND number_key = $2 AND start_at > $3 AND status IN ('booked', 'moved')

-- name: erase_call
DELETE FROM call WHERE tenant_id = $1 AND id = $2

-- name: erase_call_outbox
-- plan: outbox_call
DELETE FROM outbox WHERE tenant_id = $1 AND id IN (SELECT o.id FROM outbox o WHERE o.call_id = $2)

-- name: erase_call_alerts
-- plan: alert_call
DELETE FROM alert WHERE tenant_id = $1 AND id IN (SELECT a.id FROM alert a WHERE a.call_id = $2)

-- name: erase_outbox
DELETE FROM outbox WHERE tenant_id = $1 AND to_key = $2

-- name: erase_callbacks
-- plan: callback_contact
DELETE FROM callback WHERE tenant_id = $1 AND contact_id = $2

-- name: erase_leads
-- plan: lead_contact
DELETE FROM lead WHERE tenant_id = $1 AND contact_id = $2

-- name: erase_leads_of_number
-- plan: lead_who
DELETE FROM lead WHERE tenant_id = $1 AND who_key = $2

-- name: erase_tickets
-- plan: ticket_contact
DELETE FROM ticket WHERE tenant_id = $1 AND contact_id = $2

-- name: erase_notes
-- plan: vendor_note_contact
DELETE FROM vendor_note WHERE tenant_id = $1 AND contact_id = $2

-- name: erase_appointments
-- plan: appointment_contact
DELETE FROM appointment WHERE tenant_id = $1 AND contact_id = $2

-- name: erase_appointments_of_number
-- plan: appointment_number
DELETE FROM appointment WHERE tenant_id = $1 AND number_key = $2

-- name: erase_exception
DELETE FROM exception WHERE tenant_id = $1 AND number_key = $2

-- name: erase_contact_numbers
-- plan: contact_merged
DELETE FROM contact WHERE tenant_id = $1 AND merged_into = $2

-- name: erase_contact
DELETE FROM contact WHERE tenant_id = $1 AND id = $2

-- One call is forgotten, and stays as a row: that it was, when, how long, and what it cost.

-- name: erase_turns
-- plan: turn_call
DELETE FROM turn WHERE tenant_id = $1 AND call_id = $2

-- name: erase_events
-- plan: event_call
DELETE FROM event WHERE tenant_id = $1 AND call_id = $2

-- name: erase_tool_runs
-- plan: tool_run_call
DELETE FROM tool_run WHERE tenant_id = $1 AND call_id = $2

-- name: erase_talk_turns
DELETE FROM talk_turn WHERE tenant_id = $1 AND call_id = $2

-- name: erase_attention
DELETE FROM attention WHERE tenant_id = $1 AND call_id = $2

-- name: erase_words_of_messages
DELETE FROM word_doc WHERE tenant_id = $1 AND message_id IN (SELECT m.id FROM message m WHERE m.call_id = $2)

-- name: erase_words_of_call
DELETE FROM word_doc WHERE tenant_id = $1 AND call_id = $2

-- name: erase_messages
-- plan: message_call
UPDATE message SET text = NULL, no_words = NULL, recording_url = NULL, from_name = NULL, for_name = NULL, number = NULL, state = 'erased' WHERE tenant_id = $1 AND call_id = $2

-- name: erase_notes_of_call
UPDATE call_after SET summary = $3, topics = $4, facts = $5 WHERE tenant_id = $1 AND id = $2

-- name: erase_summary
UPDATE call SET summary = NULL, transfer_reason = NULL, dialog = NULL, after_at = NULL, erased_at = $3 WHERE tenant_id = $1 AND id = $2 AND erased_at IS NULL
