-- name: call_after_insert
-- fields: call_after
INSERT INTO call_after ({columns}) VALUES ({values}) ON CONFLICT (call_id) DO NOTHING

-- name: call_after_get
-- fields: call_after
SELECT {columns} FROM call_after WHERE tenant_id = $1 AND call_id = $2

-- name: report_costs
-- fields: report_cost
-- plan: call_after_report
SELECT started_at, nanos FROM call_after WHERE tenant_id = $1 AND started_at >= $2 AND started_at < $3 AND ($4 = '' OR location_id = $4) ORDER BY started_at LIMIT $5

-- name: attention_insert
-- fields: attention
INSERT INTO attention ({columns}) VALUES ({values}) ON CONFLICT (call_id, claim) DO NOTHING

-- name: attention_by_call
-- fields: attention
SELECT {columns} FROM attention WHERE tenant_id = $1 AND call_id = $2 ORDER BY at_ms, id LIMIT 20

-- name: attention_open_list
-- fields: attention
-- plan: attention_open
SELECT {columns} FROM attention WHERE tenant_id = $1 AND state = 'open' ORDER BY created_at DESC, id LIMIT $2

-- name: report_undone
-- plan: attention_open
SELECT count(*) FROM attention WHERE tenant_id = $1 AND state = 'open' AND created_at >= $2 AND created_at < $3 AND ($4 = '' OR EXISTS (SELECT 1 FROM call WHERE call.id = attention.call_id AND call.location_id = $4))

-- name: attention_close
UPDATE attention SET state = 'done', closed_by = $3, closed_at = $4 WHERE tenant_id = $1 AND id = $2 AND state = 'open'

-- marked by hand a moment ago, and not dealt with after all
-- name: attention_reopen
UPDATE attention SET state = 'open', closed_by = NULL, closed_at = NULL WHERE tenant_id = $1 AND id = $2 AND state = 'done' AND closed_by = 'hand' AND closed_at >= $3

-- name: usage_add
-- fields: usage
INSERT INTO usage ({columns}) VALUES ({values}) ON CONFLICT (call_id, part, model) DO UPDATE SET asks = usage.asks + excluded.asks, text_in = usage.text_in + excluded.text_in, text_cached = usage.text_cached + excluded.text_cached, text_out = usage.text_out + excluded.text_out, audio_in = usage.audio_in + excluded.audio_in, audio_cached = usage.audio_cached + excluded.audio_cached, audio_out = usage.audio_out + excluded.audio_out, heard_ms = usage.heard_ms + excluded.heard_ms

-- name: usage_by_call
-- fields: usage
SELECT {columns} FROM usage WHERE tenant_id = $1 AND call_id = $2 ORDER BY part, model LIMIT 40

-- the business's own, and those of all ("-")
-- name: price_list
-- fields: price
SELECT {columns} FROM price WHERE (tenant_id = $1 OR tenant_id = '-') ORDER BY model, unit, from_day, tenant_id LIMIT $2

-- name: price_set
-- fields: price
INSERT INTO price ({columns}) VALUES ({values}) ON CONFLICT (tenant_id, model, unit, from_day) DO UPDATE SET nanos = excluded.nanos, source = excluded.source, created_at = excluded.created_at

-- name: price_remove
DELETE FROM price WHERE tenant_id = $1 AND model = $2 AND unit = $3 AND from_day = $4
