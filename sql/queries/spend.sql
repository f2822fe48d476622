-- name: spend_since_hour
SELECT coalesce(sum(nanos), 0) FROM spend_hour WHERE tenant_id = $1 AND hour >= $2

-- name: spend_since
-- plan: call_after_report
SELECT coalesce(sum(nanos), 0) FROM call_after WHERE tenant_id = $1 AND started_at >= $2

-- name: spend_caller
-- plan: call_from
SELECT coalesce(sum(call_after.nanos), 0) FROM call JOIN call_after ON call_after.call_id = call.id WHERE call.tenant_id = $1 AND call.from_key = $2 AND call.started_at >= $3

-- name: spend_minute
-- plan: call_after_report
SELECT coalesce(sum(nanos) * 60000 / nullif(sum(ms), 0), 0) FROM (SELECT call_after.nanos AS nanos, call.duration_ms AS ms FROM call_after JOIN call ON call.id = call_after.call_id WHERE call_after.tenant_id = $1 ORDER BY call_after.started_at DESC LIMIT 50) AS subquery_lately

-- name: spend_open
SELECT coalesce(sum(coalesce(ended_at, $4) - started_at), 0) FROM call WHERE tenant_id = $1 AND started_at >= $2 AND started_at <= $4 AND ($3 = '' OR from_key = $3) AND (ended_at IS NULL OR after_at IS NOT NULL)

-- name: spend_calls
-- plan: call_from
SELECT count(*) FROM call WHERE tenant_id = $1 AND from_key = $2 AND started_at >= $3

-- name: spend_urgent
-- plan: call_from
SELECT count(*) FROM call WHERE tenant_id = $1 AND from_key = $2 AND started_at >= $3 AND (urgent = 1 OR severity IS NOT NULL)
