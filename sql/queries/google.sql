-- name: google_grant_put
INSERT INTO google_grant (id, tenant_id, kind, refresh_token, scopes, state, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, 'ok', $6, $6) ON CONFLICT (tenant_id) DO UPDATE SET id = excluded.id, kind = excluded.kind, refresh_token = excluded.refresh_token, scopes = excluded.scopes, state = 'ok', why = NULL, created_at = excluded.created_at, updated_at = excluded.updated_at

-- name: google_grant_get
-- fields: google_grant
SELECT {columns} FROM google_grant WHERE tenant_id = $1

-- name: google_grant_broken
UPDATE google_grant SET state = 'broken', why = $3, updated_at = $4 WHERE tenant_id = $1 AND id = $2 AND state = 'ok'

-- name: google_grant_drop
DELETE FROM google_grant WHERE tenant_id = $1

-- name: calendar_source_add
-- fields: calendar_source
INSERT INTO calendar_source ({columns}) VALUES ({values}) ON CONFLICT (tenant_id, address_key) DO NOTHING

-- name: calendar_source_get
-- fields: calendar_source
SELECT {columns} FROM calendar_source WHERE tenant_id = $1 AND id = $2

-- name: calendar_source_list
-- fields: calendar_source
SELECT {columns} FROM calendar_source WHERE tenant_id = $1 ORDER BY kind, created_at, id LIMIT 50

-- name: calendar_source_main
-- fields: calendar_source
SELECT {columns} FROM calendar_source WHERE tenant_id = $1 AND main = 1 LIMIT 1

-- name: calendar_source_synced
UPDATE calendar_source SET sync_token = $3, etag = $4, modified = $5, full_at = $6, synced_at = $7, failing_since = NULL, why = NULL, updated_at = $7 WHERE tenant_id = $1 AND id = $2

-- name: calendar_source_failed
UPDATE calendar_source SET failing_since = coalesce(failing_since, $4), why = $3, updated_at = $4 WHERE tenant_id = $1 AND id = $2

-- name: calendar_source_drop
DELETE FROM calendar_source WHERE tenant_id = $1 AND id = $2

-- name: calendar_busy_put
INSERT INTO calendar_busy (id, tenant_id, source_id, start_at, end_at, seen_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO UPDATE SET start_at = excluded.start_at, end_at = excluded.end_at, seen_at = excluded.seen_at

-- name: calendar_busy_remove
DELETE FROM calendar_busy WHERE tenant_id = $1 AND id = $2

-- name: calendar_busy_unseen
-- plan: calendar_busy_source
DELETE FROM calendar_busy WHERE tenant_id = $1 AND source_id = $2 AND seen_at < $3

-- name: calendar_busy_count
-- plan: calendar_busy_source
SELECT count(*) FROM calendar_busy WHERE tenant_id = $1 AND source_id = $2

-- name: calendar_busy_between
-- fields: calendar_busy
-- plan: calendar_busy_when
SELECT b.id, b.start_at, b.end_at, s.resource FROM calendar_busy AS b JOIN calendar_source AS s ON s.id = b.source_id WHERE b.tenant_id = $1 AND b.end_at > $2 AND b.start_at < $3 ORDER BY b.end_at LIMIT $4

-- name: calendar_event_add
-- fields: calendar_event
INSERT INTO calendar_event ({columns}) VALUES ({values}) ON CONFLICT (id) DO NOTHING

-- name: calendar_event_get
-- fields: calendar_event
SELECT {columns} FROM calendar_event WHERE tenant_id = $1 AND id = $2

-- name: calendar_event_by_event
-- fields: calendar_event
SELECT {columns} FROM calendar_event WHERE tenant_id = $1 AND event_id = $2

-- name: calendar_event_set
UPDATE calendar_event SET state = $3, event_id = $4, generation = $5, etag = $6, start_at = $7, end_at = $8, updated_at = $9 WHERE tenant_id = $1 AND id = $2

-- name: calendar_event_told
UPDATE calendar_event SET told = $3 WHERE tenant_id = $1 AND id = $2

-- those that stand in Google as far as we know, and were not touched since: what a whole reading did
-- not show is gone
-- name: calendar_event_standing
-- fields: calendar_event
-- plan: calendar_event_source
SELECT {columns} FROM calendar_event WHERE tenant_id = $1 AND source_id = $2 AND state = 'there' AND start_at > $3 AND start_at < $4 AND updated_at < $5 LIMIT 2000

-- holds that are not in Google yet, or were found taken and nobody was told
-- name: calendar_event_open
-- fields: calendar_event
-- plan: calendar_event_open
SELECT {columns} FROM calendar_event WHERE tenant_id = $1 AND state IN ('wanted', 'taken') AND updated_at < $2 AND told <> 2 LIMIT 200

-- visits whose change has not reached Google
-- name: calendar_event_behind
-- fields: calendar_event
-- plan: calendar_event_source
SELECT e.id, e.tenant_id, e.source_id, e.event_id, e.generation, e.state, e.moves, e.told, e.etag, e.start_at, e.end_at, e.created_at, e.updated_at FROM calendar_event AS e JOIN appointment AS a ON a.id = e.id WHERE e.tenant_id = $1 AND e.source_id = $2 AND e.state = 'there' AND e.start_at > $3 AND a.updated_at < $4 AND (a.status = 'cancelled' OR (a.status IN ('booked', 'moved') AND (a.start_at <> e.start_at OR a.end_at <> e.end_at))) LIMIT 200

-- name: appointment_drop_hold
DELETE FROM appointment WHERE tenant_id = $1 AND id = $2 AND status = 'held'
