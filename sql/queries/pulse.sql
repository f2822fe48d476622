-- name: pulse_set
INSERT INTO pulse (tenant_id, id, ok, at, since, took_ms, what, why) VALUES ($1, $2, $3, $4, $4, $5, $6, $7) ON CONFLICT (tenant_id, id) DO UPDATE SET since = CASE WHEN pulse.ok = excluded.ok THEN pulse.since ELSE excluded.since END, ok = excluded.ok, at = excluded.at, took_ms = excluded.took_ms, what = excluded.what, why = excluded.why

-- name: pulse_get
-- fields: pulse
SELECT {columns} FROM pulse WHERE tenant_id = $1 AND id = $2

-- name: pulse_drop
DELETE FROM pulse WHERE tenant_id = $1 AND id = $2

-- what waits for a person, counted: the menu's figures
-- name: duty_count
-- fields: duty
-- plan: callback_late
SELECT (SELECT count(*) FROM callback WHERE tenant_id = $1 AND state = 'open' AND coalesce(due_at, created_at + 86400000) < $2) AS callbacks, (SELECT count(*) FROM attention WHERE tenant_id = $1 AND state = 'open') + (SELECT count(*) FROM outbox WHERE tenant_id = $1 AND state IN ('failed', 'unknown')) + (SELECT count(*) FROM google_grant WHERE tenant_id = $1 AND state = 'broken') + (SELECT count(*) FROM calendar_source WHERE tenant_id = $1 AND failing_since < $3) + (SELECT count(*) FROM webhook WHERE tenant_id = $1 AND state IN ('gone', 'failing')) + (SELECT count(*) FROM pulse WHERE tenant_id = '-' AND ((ok = 0 AND id IN ('worker', 'bridge', 'model', 'certificate')) OR (id IN ('worker', 'bridge') AND at < $4))) AS attention
