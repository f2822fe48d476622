-- name: out_call_insert
-- fields: out_call
INSERT INTO out_call ({columns}) VALUES ({values}) ON CONFLICT (tenant_id, dedupe) DO NOTHING

-- name: out_call_by_id
-- fields: out_call
SELECT {columns} FROM out_call WHERE id = $1

-- name: out_call_by_cause
SELECT count(*) FROM out_call WHERE tenant_id = $1 AND dedupe = $2

-- name: out_call_list
-- fields: out_call
-- plan: out_call_recent
SELECT {columns} FROM out_call WHERE tenant_id = $1 ORDER BY created_at DESC LIMIT $2

-- name: out_call_placed
UPDATE out_call SET placed_at = $4, updated_at = $4 WHERE tenant_id = $1 AND id = $2 AND tries = $3 AND state = 'open'

-- the first call that Twilio names for a try is its own
-- name: out_call_seen
UPDATE out_call SET call_sid = $4, call_id = coalesce($5, call_id), updated_at = $6 WHERE tenant_id = $1 AND id = $2 AND tries = $3 AND state = 'open' AND (call_sid IS NULL OR call_sid = $4)

-- what is surer replaces what is less so: nothing, unknown, a machine, a person
-- name: out_call_answered
UPDATE out_call SET answered_by = $4, updated_at = $5 WHERE tenant_id = $1 AND id = $2 AND tries = $3 AND state = 'open' AND (answered_by IS NULL OR answered_by = 'unknown' OR (answered_by = 'machine' AND $4 IN ('message', 'human')))

-- name: out_call_ended
UPDATE out_call SET ended = $4, updated_at = $5 WHERE tenant_id = $1 AND id = $2 AND tries = $3 AND state = 'open' AND ended IS NULL

-- name: out_call_again
UPDATE out_call SET tries = tries + 1, call_sid = NULL, answered_by = NULL, ended = NULL, updated_at = $4 WHERE tenant_id = $1 AND id = $2 AND tries = $3 AND state = 'open'

-- name: out_call_end
UPDATE out_call SET state = 'done', ending = $4, updated_at = $5 WHERE tenant_id = $1 AND id = $2 AND tries = $3 AND state = 'open'

-- tries since then, a few too many rather than too few
-- name: out_call_since
-- plan: out_call_placed
SELECT coalesce(sum(tries), 0) FROM out_call WHERE tenant_id = $1 AND placed_at >= $2 AND id <> $3

-- of all businesses: tries that ended, that never began, and those of which nothing was heard for too long
-- name: out_call_over
-- fields: out_call
-- plan: out_call_open
SELECT {columns} FROM out_call WHERE state = 'open' AND (ended IS NOT NULL OR EXISTS (SELECT 1 FROM outbox WHERE outbox.tenant_id = out_call.tenant_id AND outbox.dedupe = 'remind_call:' || out_call.id || ':' || out_call.tries AND outbox.state IN ('failed', 'refused', 'dropped')) OR (updated_at <= $1 AND NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.tenant_id = out_call.tenant_id AND outbox.dedupe = 'remind_call:' || out_call.id || ':' || out_call.tries AND outbox.state IN ('waiting', 'claimed')))) LIMIT 100
