-- name: call_insert
-- fields: call
INSERT INTO call ({columns}) VALUES ({values}) ON CONFLICT (call_sid) DO NOTHING

-- name: call_by_sid
-- fields: call
SELECT {columns} FROM call WHERE call_sid = $1

-- name: call_by_id
-- fields: call
SELECT {columns} FROM call WHERE tenant_id = $1 AND id = $2

-- name: call_claim_stream
-- fields: call
UPDATE call SET stream_started_at = $2, updated_at = $2 WHERE stream_token = $1 AND stream_started_at IS NULL AND stream_token_end >= $2 AND ended_at IS NULL AND call_sid = $3 RETURNING {columns}

-- name: call_stream_due
-- fields: call
-- plan: call_stream_due
SELECT {columns} FROM call WHERE stream_token_end >= $1 AND stream_token_end IS NOT NULL AND stream_started_at IS NULL AND ended_at IS NULL AND mode = 'realtime' ORDER BY stream_token_end DESC LIMIT $2

-- name: call_stream_left
-- fields: call
-- plan: call_stream_open
SELECT {columns} FROM call WHERE stream_started_at >= $1 AND stream_started_at IS NOT NULL AND stream_ended_at IS NULL AND ended_at <= $2 LIMIT $3

-- name: call_stream_token_set
UPDATE call SET stream_token = $3, stream_token_end = $4, updated_at = $5 WHERE tenant_id = $1 AND id = $2 AND stream_started_at IS NULL

-- name: call_stream_end
UPDATE call SET stream_ended_at = $3, stream_end = $4, next_step = coalesce(next_step, $5), first_audio_ms = $6, engine = $7, outcome = coalesce(outcome, $8), updated_at = $3 WHERE tenant_id = $1 AND id = $2 AND stream_ended_at IS NULL

-- name: call_leave_undo
UPDATE call SET next_step = NULL, outcome = CASE WHEN outcome IN ('answered', 'hung_up') THEN NULL ELSE outcome END, updated_at = $3 WHERE tenant_id = $1 AND id = $2 AND stream_ended_at IS NULL AND next_step IN ('hangup', 'message')

-- name: call_next_step
UPDATE call SET next_step = $3, updated_at = $4 WHERE tenant_id = $1 AND id = $2

-- name: call_transfer
UPDATE call SET next_step = 'transfer', transfer_to = $3, transfer_reason = $4, urgent = CASE WHEN $5 = 1 THEN 1 ELSE urgent END, updated_at = $6 WHERE tenant_id = $1 AND id = $2

-- name: call_mode
UPDATE call SET mode = $3, updated_at = $4 WHERE tenant_id = $1 AND id = $2

-- name: call_dialog
UPDATE call SET dialog = $3, updated_at = $4 WHERE tenant_id = $1 AND id = $2

-- name: call_urgent
UPDATE call SET urgent = 1, updated_at = $3 WHERE tenant_id = $1 AND id = $2

-- name: call_person
UPDATE call SET contact_id = $3, updated_at = $4 WHERE tenant_id = $1 AND id = $2 AND contact_id IS NULL

-- name: call_script
UPDATE call SET script = $3, script_version = $4, updated_at = $5 WHERE tenant_id = $1 AND id = $2

-- name: call_route
UPDATE call SET script = $3, script_version = $4, action = $5, updated_at = $6 WHERE tenant_id = $1 AND id = $2

-- name: call_severity
UPDATE call SET severity = $3, updated_at = $4 WHERE tenant_id = $1 AND id = $2 AND (severity IS NULL OR severity > $3)

-- name: call_summary
UPDATE call SET summary = $3, updated_at = $4 WHERE tenant_id = $1 AND id = $2

-- name: call_status
UPDATE call SET status = $3, status_rank = $4, updated_at = $5 WHERE tenant_id = $1 AND id = $2 AND status_rank < $4

-- name: call_outcome
UPDATE call SET outcome = $3, updated_at = $4 WHERE tenant_id = $1 AND id = $2 AND (outcome IS NULL OR $5 = 1)

-- name: call_unheard
UPDATE call SET outcome = 'ended_no_speech', updated_at = $3 WHERE tenant_id = $1 AND id = $2 AND (outcome IS NULL OR outcome = 'hung_up') AND NOT EXISTS (SELECT 1 FROM turn WHERE turn.call_id = call.id AND turn.who = 'caller')

-- name: call_end
UPDATE call SET ended_at = $3, duration_ms = $4, after_at = $3 + 4000, updated_at = $3 WHERE tenant_id = $1 AND id = $2 AND ended_at IS NULL

-- name: call_stale
-- fields: call
-- plan: call_running
SELECT {columns} FROM call WHERE ended_at IS NULL AND started_at < $1 LIMIT 100

-- of all businesses: the worker sees to what comes after each
-- name: call_after_due
-- fields: call
-- plan: call_after_due
SELECT {columns} FROM call WHERE after_at <= $1 AND after_at IS NOT NULL ORDER BY after_at LIMIT $2

-- name: call_after_done
UPDATE call SET after_at = NULL, summary = CASE WHEN $4 = 1 OR summary IS NULL THEN $3 ELSE summary END WHERE tenant_id = $1 AND id = $2 AND after_at IS NOT NULL

-- name: call_after_later
UPDATE call SET after_at = $3 WHERE tenant_id = $1 AND id = $2 AND after_at IS NOT NULL

-- the list of calls, by what is asked for: $5 one location, '' = all; $6 one outcome, '' = any; $7 only urgent ones
-- name: call_find
-- fields: call
-- plan: call_recent
SELECT {columns} FROM call WHERE tenant_id = $1 AND (started_at < $2 OR (started_at = $2 AND id > $3)) AND ($5 = '' OR location_id = $5) ORDER BY started_at DESC, id LIMIT $4

-- name: call_find_newer
-- fields: call
-- plan: call_recent
SELECT {columns} FROM call WHERE tenant_id = $1 AND (started_at > $2 OR (started_at = $2 AND id < $3)) AND ($5 = '' OR location_id = $5) ORDER BY started_at, id DESC LIMIT $4

-- name: call_outcome_find
-- fields: call
-- plan: call_outcome
SELECT {columns} FROM call WHERE tenant_id = $1 AND outcome = $6 AND (started_at < $2 OR (started_at = $2 AND id > $3)) AND ($5 = '' OR location_id = $5) ORDER BY started_at DESC, id LIMIT $4

-- name: call_outcome_newer
-- fields: call
-- plan: call_outcome
SELECT {columns} FROM call WHERE tenant_id = $1 AND outcome = $6 AND (started_at > $2 OR (started_at = $2 AND id < $3)) AND ($5 = '' OR location_id = $5) ORDER BY started_at, id DESC LIMIT $4

-- name: call_urgent_find
-- fields: call
-- plan: call_urgent
SELECT {columns} FROM call WHERE tenant_id = $1 AND urgent = 1 AND ($6 = '' OR outcome = $6) AND (started_at < $2 OR (started_at = $2 AND id > $3)) AND ($5 = '' OR location_id = $5) ORDER BY started_at DESC, id LIMIT $4

-- name: call_urgent_newer
-- fields: call
-- plan: call_urgent
SELECT {columns} FROM call WHERE tenant_id = $1 AND urgent = 1 AND ($6 = '' OR outcome = $6) AND (started_at > $2 OR (started_at = $2 AND id < $3)) AND ($5 = '' OR location_id = $5) ORDER BY started_at, id DESC LIMIT $4

-- name: call_open_find
-- fields: call
-- plan: callback_open
SELECT {columns} FROM (SELECT DISTINCT call_id FROM callback WHERE tenant_id = $1 AND state = 'open') AS subquery_promised CROSS JOIN call WHERE tenant_id = $1 AND id = subquery_promised.call_id AND ($6 = '' OR outcome = $6) AND ($7 = 0 OR urgent = 1) AND (started_at < $2 OR (started_at = $2 AND id > $3)) AND ($5 = '' OR location_id = $5) ORDER BY started_at DESC, id LIMIT $4

-- name: call_open_newer
-- fields: call
-- plan: callback_open
SELECT {columns} FROM (SELECT DISTINCT call_id FROM callback WHERE tenant_id = $1 AND state = 'open') AS subquery_promised CROSS JOIN call WHERE tenant_id = $1 AND id = subquery_promised.call_id AND ($6 = '' OR outcome = $6) AND ($7 = 0 OR urgent = 1) AND (started_at > $2 OR (started_at = $2 AND id < $3)) AND ($5 = '' OR location_id = $5) ORDER BY started_at, id DESC LIMIT $4

-- what hangs on a call, asked at once: of most calls nothing does
-- name: call_has
SELECT CASE WHEN EXISTS (SELECT 1 FROM callback WHERE call_id = $2 AND tenant_id = $1) THEN 1 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM message WHERE call_id = $2 AND tenant_id = $1) THEN 2 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM appointment WHERE call_id = $2 AND tenant_id = $1) THEN 4 ELSE 0 END + CASE WHEN EXISTS (SELECT 1 FROM attention WHERE call_id = $2 AND tenant_id = $1) THEN 8 ELSE 0 END

-- name: call_nth_of_caller
-- plan: call_from
SELECT count(*) FROM call WHERE tenant_id = $1 AND from_key = $2 AND started_at <= $3

-- name: call_before_of_caller
-- plan: call_from
SELECT coalesce(max(started_at), 0) FROM call WHERE tenant_id = $1 AND from_key = $2 AND started_at < $3

-- (outcome || '': the index of outcomes is no help with one caller's calls)
-- name: call_short_of_caller
-- plan: call_from
SELECT count(*) FROM call WHERE tenant_id = $1 AND from_key = $2 AND started_at >= $3 AND duration_ms < 6000 AND outcome || '' = 'hung_up'

-- what callers did, not what the owner did or who was turned away; $4: one location, '' = all
-- name: call_between
-- fields: call
-- plan: call_recent
SELECT {columns} FROM call WHERE tenant_id = $1 AND started_at >= $2 AND started_at < $3 AND ($4 = '' OR location_id = $4) AND direction = 'inbound' AND caller_kind NOT IN ('owner', 'blocked') ORDER BY started_at DESC, id LIMIT $5

-- who speaks with us, or with somebody of ours
-- name: call_on_phone
-- fields: call
-- plan: call_running
SELECT {columns} FROM call WHERE tenant_id = $1 AND ended_at IS NULL AND started_at > $2 AND (channel IS NULL OR channel = 'telephony') ORDER BY started_at, id LIMIT $3
