-- name: recording_insert
-- fields: recording
INSERT INTO recording ({columns}) VALUES ({values}) ON CONFLICT DO NOTHING

-- name: recording_length
UPDATE recording SET ms = $3 WHERE tenant_id = $1 AND twilio_sid = $2 AND ms = 0 AND path IS NULL

-- name: recording_fetched
UPDATE recording SET path = $3, ms = $4, bytes = $5, not_here = NULL WHERE tenant_id = $1 AND id = $2 AND path IS NULL AND state = 'ready'

-- name: recording_not_here
UPDATE recording SET not_here = $3 WHERE tenant_id = $1 AND id = $2 AND path IS NULL

-- name: recording_remote_erased
UPDATE recording SET url = NULL, remote_erased_at = $3 WHERE tenant_id = $1 AND id = $2

-- name: recording_by_sid
-- fields: recording
SELECT {columns} FROM recording WHERE tenant_id = $1 AND twilio_sid = $2

-- name: recording_end
UPDATE recording SET state = $3, ms = $4, bytes = $5, cut = $6, ended_at = $7 WHERE tenant_id = $1 AND id = $2 AND state = 'recording'

-- name: recording_erase
UPDATE recording SET state = 'erased', path = NULL, url = NULL, wave = NULL, erased_at = $3 WHERE tenant_id = $1 AND id = $2 AND state <> 'erased'

-- name: recording_by_id
-- fields: recording
SELECT {columns} FROM recording WHERE tenant_id = $1 AND id = $2

-- name: recording_by_call
-- fields: recording
-- plan: recording_call
SELECT {columns} FROM recording WHERE tenant_id = $1 AND call_id = $2 ORDER BY started_at LIMIT 50

-- name: recording_list
-- fields: recording
-- plan: recording_recent
SELECT {columns} FROM recording WHERE tenant_id = $1 ORDER BY started_at DESC, id LIMIT $2

-- name: recording_open
-- fields: recording
-- plan: recording_open
SELECT {columns} FROM recording WHERE state = 'recording' AND started_at < $1 LIMIT 100

-- name: recording_undrawn
-- fields: recording
-- plan: recording_undrawn
SELECT {columns} FROM recording WHERE wave IS NULL AND state = 'ready' AND path IS NOT NULL ORDER BY started_at DESC LIMIT $1

-- name: recording_wave
UPDATE recording SET wave = $3 WHERE tenant_id = $1 AND id = $2 AND state = 'ready'
