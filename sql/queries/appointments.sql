-- name: appointment_insert
-- fields: appointment
INSERT INTO appointment ({columns}) VALUES ({values}) ON CONFLICT (id) DO NOTHING

-- name: appointment_get
-- fields: appointment
SELECT {columns} FROM appointment WHERE tenant_id = $1 AND id = $2

-- name: appointment_by_link
-- fields: appointment
SELECT {columns} FROM appointment WHERE link_hash = $1

-- name: appointment_between
-- fields: appointment
-- plan: appointment_when
SELECT {columns} FROM appointment WHERE tenant_id = $1 AND start_at > $2 - 172800000 AND start_at < $3 AND end_at > $2 AND (status IN ('booked', 'moved', 'done') OR $4 = 1) ORDER BY start_at, id LIMIT $5

-- name: appointment_busy
-- fields: appointment_busy
-- plan: appointment_when
SELECT id, location_id, resource, start_at, busy_until FROM appointment WHERE tenant_id = $1 AND start_at > $2 - 172800000 AND start_at < $3 AND busy_until > $2 AND (status IN ('booked', 'moved') OR (status = 'held' AND hold_until > $4)) ORDER BY start_at, id LIMIT $5

-- name: appointment_by_number
-- fields: appointment
-- plan: appointment_number
SELECT {columns} FROM appointment WHERE tenant_id = $1 AND number_key = $2 AND start_at > $3 AND (status IN ('booked', 'moved') OR $4 = 1) ORDER BY start_at, id LIMIT $5

-- name: appointment_by_caller
-- fields: appointment
-- plan: appointment_caller
SELECT {columns} FROM appointment WHERE tenant_id = $1 AND caller_key = $2 AND start_at > $3 AND (status IN ('booked', 'moved') OR $4 = 1) ORDER BY start_at, id LIMIT $5

-- name: appointment_by_call
-- fields: appointment
-- plan: appointment_call
SELECT {columns} FROM appointment WHERE tenant_id = $1 AND call_id = $2 ORDER BY start_at, id LIMIT 50

-- name: appointment_move
UPDATE appointment SET status = 'moved', location_id = $3, resource = $4, resource_name = $5, start_at = $6, end_at = $7, busy_until = $8, answer = NULL, answer_at = NULL, answer_by = NULL, sequence = sequence + 1, updated_at = $9 WHERE tenant_id = $1 AND id = $2 AND status IN ('booked', 'moved')

-- name: appointment_end
UPDATE appointment SET status = $3, sequence = sequence + 1, updated_at = $4 WHERE tenant_id = $1 AND id = $2 AND status IN ('held', 'booked', 'moved')

-- name: appointment_confirm
UPDATE appointment SET status = 'booked', hold_until = NULL, updated_at = $3 WHERE tenant_id = $1 AND id = $2 AND status = 'held'

-- of the time that it was told of; said again it was said then
-- name: appointment_answer
UPDATE appointment SET answer = $4, answer_at = CASE WHEN answer = $4 THEN answer_at ELSE $6 END, answer_by = CASE WHEN answer = $4 THEN answer_by ELSE $5 END WHERE tenant_id = $1 AND id = $2 AND start_at = $3 AND status IN ('booked', 'moved')

-- of all businesses: the worker's clock
-- name: appointment_past
-- plan: appointment_past
UPDATE appointment SET status = 'done', updated_at = $2 WHERE end_at <= $1 AND status IN ('booked', 'moved')

-- name: appointment_sweep
-- plan: appointment_held
DELETE FROM appointment WHERE tenant_id = $1 AND status = 'held' AND hold_until <= $2

-- name: calendar_feed_set
INSERT INTO calendar_feed (id, tenant_id, created_at) VALUES ($1, $2, $3) ON CONFLICT (tenant_id) DO UPDATE SET id = excluded.id, created_at = excluded.created_at

-- name: calendar_feed_find
-- fields: calendar_feed
SELECT {columns} FROM calendar_feed WHERE id = $1

-- name: calendar_feed_drop
DELETE FROM calendar_feed WHERE tenant_id = $1
