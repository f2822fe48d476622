-- name: report_calls
-- fields: report_call
-- plan: call_report
SELECT started_at, location_id, outcome, duration_ms, from_key FROM call WHERE tenant_id = $1 AND started_at >= $2 AND started_at < $3 AND ($4 = '' OR location_id = $4) AND direction = 'inbound' AND caller_kind NOT IN ('owner', 'blocked') ORDER BY started_at LIMIT $5

-- name: report_caller
-- fields: report_caller
-- plan: call_from
SELECT id, from_number, contact_id FROM call WHERE tenant_id = $1 AND from_key >= $2 AND from_key < $2 || 'g' AND from_number IS NOT NULL ORDER BY started_at DESC LIMIT 1

-- name: report_first
-- plan: call_report
SELECT started_at FROM call WHERE tenant_id = $1 AND direction = 'inbound' ORDER BY started_at LIMIT 1

-- name: report_day_put
-- fields: report_day
INSERT INTO report_day ({columns}) VALUES ({values}) ON CONFLICT (tenant_id, from_at, location_id) DO UPDATE SET to_at = excluded.to_at, figures = excluded.figures, callers = excluded.callers

-- name: report_day_late
DELETE FROM report_day WHERE tenant_id = $1 AND from_at > $2 - 90000000 AND from_at <= $2

-- name: report_day_list
-- fields: report_day
SELECT {columns} FROM report_day WHERE tenant_id = $1 AND from_at >= $2 AND from_at < $3 AND to_at <= $3 AND location_id = $4 ORDER BY from_at LIMIT $5

-- the same without who called: that is the most of it
-- name: report_day_sums
-- fields: report_day
SELECT from_at, to_at, figures FROM report_day WHERE tenant_id = $1 AND from_at >= $2 AND from_at < $3 AND to_at <= $3 AND location_id = $4 ORDER BY from_at LIMIT $5

-- name: report_day_known
-- fields: report_day
SELECT from_at, to_at FROM report_day WHERE tenant_id = $1 AND from_at >= $2 AND from_at < $3 AND to_at <= $3 AND location_id = $4 ORDER BY from_at LIMIT $5

-- name: report_hour_put
-- fields: report_hour
INSERT INTO report_hour ({columns}) VALUES ({values}) ON CONFLICT (tenant_id, from_at, location_id) DO UPDATE SET to_at = excluded.to_at, figures = excluded.figures, callers = excluded.callers

-- name: report_hour_late
DELETE FROM report_hour WHERE tenant_id = $1 AND from_at > $2 - 3600000 AND from_at <= $2

-- name: report_hour_old
DELETE FROM report_hour WHERE tenant_id = $1 AND from_at < $2

-- name: report_hour_list
-- fields: report_hour
SELECT {columns} FROM report_hour WHERE tenant_id = $1 AND from_at >= $2 AND from_at < $3 AND to_at <= $3 AND location_id = $4 ORDER BY from_at LIMIT $5

-- the same without who called: that is the most of it
-- name: report_hour_sums
-- fields: report_hour
SELECT from_at, to_at, figures FROM report_hour WHERE tenant_id = $1 AND from_at >= $2 AND from_at < $3 AND to_at <= $3 AND location_id = $4 ORDER BY from_at LIMIT $5

-- name: report_hour_known
-- fields: report_hour
SELECT from_at, to_at FROM report_hour WHERE tenant_id = $1 AND from_at >= $2 AND from_at < $3 AND to_at <= $3 AND location_id = $4 ORDER BY from_at LIMIT $5

-- name: report_alerts
-- fields: report_alert
-- plan: alert_recent
SELECT kind, severity, count(*) AS n FROM alert WHERE tenant_id = $1 AND created_at >= $2 AND created_at < $3 AND ($4 = '' OR EXISTS (SELECT 1 FROM call WHERE call.id = alert.call_id AND call.location_id = $4)) GROUP BY kind, severity LIMIT $5

-- name: report_promised
-- plan: callback_open
SELECT count(*) FROM callback WHERE tenant_id = $1 AND state IN ('open', 'done', 'dropped') AND created_at >= $2 AND created_at < $3 AND ($4 = '' OR EXISTS (SELECT 1 FROM call WHERE call.id = callback.call_id AND call.location_id = $4))

-- name: report_kept
-- plan: callback_kept
SELECT count(*) FROM callback WHERE tenant_id = $1 AND state = 'done' AND created_at >= $2 - 7776000000 AND closed_at >= $2 AND closed_at < $3 AND ($4 = '' OR EXISTS (SELECT 1 FROM call WHERE call.id = callback.call_id AND call.location_id = $4))

-- name: report_open
-- plan: callback_open
SELECT count(*) FROM callback WHERE tenant_id = $1 AND state = 'open' AND created_at < $3 AND created_at >= $2 - 31536000000 AND ($4 = '' OR EXISTS (SELECT 1 FROM call WHERE call.id = callback.call_id AND call.location_id = $4))

-- name: report_late
-- plan: callback_open
SELECT count(*) FROM callback WHERE tenant_id = $1 AND state = 'open' AND created_at < $3 AND created_at >= $2 - 31536000000 AND coalesce(due_at, created_at + 86400000) < $3 AND ($4 = '' OR EXISTS (SELECT 1 FROM call WHERE call.id = callback.call_id AND call.location_id = $4))

-- name: report_leads
-- plan: lead_day
SELECT count(*) FROM lead WHERE tenant_id = $1 AND created_at / 86400000 >= $2 / 86400000 AND created_at / 86400000 <= $3 / 86400000 AND created_at >= $2 AND created_at < $3 AND ($4 = '' OR EXISTS (SELECT 1 FROM call WHERE call.id = lead.call_id AND call.location_id = $4))

-- name: report_tickets
-- plan: ticket_day
SELECT count(*) FROM ticket WHERE tenant_id = $1 AND created_at / 86400000 >= $2 / 86400000 AND created_at / 86400000 <= $3 / 86400000 AND created_at >= $2 AND created_at < $3 AND ($4 = '' OR EXISTS (SELECT 1 FROM call WHERE call.id = ticket.call_id AND call.location_id = $4))

-- name: report_messages
-- plan: message_day
SELECT count(*) FROM message WHERE tenant_id = $1 AND created_at / 86400000 >= $2 / 86400000 AND created_at / 86400000 <= $3 / 86400000 AND created_at >= $2 AND created_at < $3 AND ($4 = '' OR EXISTS (SELECT 1 FROM call WHERE call.id = message.call_id AND call.location_id = $4))

-- of them those of whom somebody said that they come
-- name: report_visits_sure
-- plan: appointment_when
SELECT count(*) FROM appointment WHERE tenant_id = $1 AND start_at >= $2 AND start_at < $3 AND status IN ('booked', 'moved') AND answer = 'coming' AND ($4 = '' OR location_id = $4)

-- name: report_visits
-- plan: appointment_when
SELECT count(*) FROM appointment WHERE tenant_id = $1 AND start_at >= $2 AND start_at < $3 AND status IN ('booked', 'moved') AND ($4 = '' OR location_id = $4)

-- name: report_waits
-- fields: report_wait
SELECT kind, step, sum(n) AS n FROM latency_count WHERE tenant_id = $1 AND kind = $2 AND day >= $3 AND day <= $4 GROUP BY kind, step ORDER BY step LIMIT 1501

-- name: report_wait_days
-- fields: report_wait
SELECT day, step, n FROM latency_count WHERE tenant_id = $1 AND kind = $2 AND day >= $3 AND day <= $4 ORDER BY day, step LIMIT 1000000

-- name: report_attention
-- plan: outbox_attention
SELECT count(*) FROM outbox WHERE tenant_id = $1 AND state IN ('failed', 'unknown') AND created_at >= $2 AND created_at < $3

-- name: digest_insert
-- fields: digest
INSERT INTO digest ({columns}) VALUES ({values}) ON CONFLICT (tenant_id, kind, to_at) DO NOTHING

-- name: digest_latest
-- fields: digest
SELECT {columns} FROM digest WHERE tenant_id = $1 AND kind = $2 ORDER BY to_at DESC LIMIT $3
