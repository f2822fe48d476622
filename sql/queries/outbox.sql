-- name: outbox_insert
-- fields: outbox
INSERT INTO outbox ({columns}) VALUES ({values}) ON CONFLICT (tenant_id, dedupe) DO NOTHING

-- name: outbox_hurry
UPDATE outbox SET next_at = $3, updated_at = $3 WHERE tenant_id = $1 AND dedupe = $2 AND state = 'waiting' AND attempts = 0 AND next_at > $3

-- an answer goes out with the page that asks for it: not while an earlier one is on its way
-- name: outbox_page
UPDATE outbox SET state = 'sent', done_at = $3, updated_at = $3 WHERE tenant_id = $1 AND dedupe = $2 AND state = 'waiting' AND attempts = 0 AND NOT EXISTS (SELECT 1 FROM outbox b WHERE b.tenant_id = $1 AND b.to_key = outbox.to_key AND b.created_at < outbox.created_at AND b.created_at > $3 - 600000 AND b.dedupe LIKE 'reply:%' AND b.state <> 'refused' AND b.state IN ('waiting', 'claimed'))

-- when a number was last told of a visit
-- name: outbox_told_of_visit
-- plan: outbox_to
SELECT coalesce(max(created_at), 0) FROM outbox WHERE tenant_id = $1 AND to_key = $2 AND created_at > $3 AND (dedupe LIKE 'visit:%' OR dedupe LIKE 'remind:%') AND state <> 'refused' AND state IN ('sent', 'delivered')

-- name: outbox_by_cause
-- fields: outbox
SELECT {columns} FROM outbox WHERE tenant_id = $1 AND dedupe = $2

-- name: outbox_payload
UPDATE outbox SET payload = $4 WHERE tenant_id = $1 AND id = $2 AND attempts = $3 AND state = 'claimed'

-- name: outbox_get
-- fields: outbox
SELECT {columns} FROM outbox WHERE tenant_id = $1 AND id = $2

-- name: outbox_by_id
-- fields: outbox
SELECT {columns} FROM outbox WHERE id = $1

-- name: outbox_by_call
-- fields: outbox
-- plan: outbox_call
SELECT {columns} FROM outbox WHERE tenant_id = $1 AND call_id = $2 ORDER BY created_at, id LIMIT 50

-- name: outbox_list
-- fields: outbox
-- plan: outbox_recent
SELECT {columns} FROM outbox WHERE tenant_id = $1 ORDER BY created_at DESC LIMIT $2

-- name: outbox_attention
-- fields: outbox
-- plan: outbox_attention
SELECT {columns} FROM outbox WHERE tenant_id = $1 AND state IN ('failed', 'unknown') ORDER BY created_at DESC LIMIT $2

-- one at a time for each business and destination, but what is urgent ($5) overtakes
-- name: outbox_claim
-- fields: outbox
-- plan: outbox_due
UPDATE outbox SET state = 'claimed', attempts = attempts + 1, lease_until = $2, updated_at = $1 WHERE id = (SELECT o.id FROM outbox o WHERE o.state = 'waiting' AND o.dest = $3 AND o.next_at <= $1 AND o.priority <= $4 AND (o.priority <= $5 OR NOT EXISTS (SELECT 1 FROM outbox b WHERE b.state = 'claimed' AND b.tenant_id = o.tenant_id AND b.dest = o.dest)) ORDER BY o.priority, o.next_at, o.id LIMIT 1) RETURNING {columns}

-- destinations by a skip through the index: a dead one's rows are not counted through each time
-- name: outbox_lanes
-- plan: outbox_dest
WITH RECURSIVE subquery_d (dest) AS (SELECT min(dest) FROM outbox WHERE state = 'waiting' UNION ALL SELECT (SELECT min(o.dest) FROM outbox o WHERE o.state = 'waiting' AND o.dest > subquery_d.dest) FROM subquery_d WHERE subquery_d.dest IS NOT NULL) SELECT subquery_d.dest AS dest, (SELECT min(o.next_at) FROM outbox o WHERE o.state = 'waiting' AND o.dest = subquery_d.dest) AS next_at, coalesce((SELECT min(o.next_at) FROM outbox o WHERE o.state = 'waiting' AND o.dest = subquery_d.dest AND o.priority <= $1), 0) AS urgent_at FROM subquery_d WHERE subquery_d.dest IS NOT NULL LIMIT 64

-- name: outbox_remote_known
-- plan: outbox_remote
SELECT count(*) FROM outbox WHERE remote_id = $1 AND id <> $2

-- name: outbox_overdue
-- fields: outbox
-- plan: outbox_claimed
SELECT {columns} FROM outbox WHERE state = 'claimed' AND lease_until <= $1 LIMIT 100

-- a report of the other side may have come before the answer to the request itself: it stands
-- name: outbox_finish
UPDATE outbox SET state = CASE WHEN state IN ('claimed', 'unknown') THEN $4 ELSE state END, next_at = $5, remote_id = coalesce($6, remote_id), remote_state = coalesce(remote_state, $7), code = $8, last_error = $9, ambiguous = $10, lease_until = NULL, updated_at = $11, done_at = coalesce(done_at, $12), asking = $13, max_attempts = max_attempts + $14 WHERE tenant_id = $1 AND id = $2 AND attempts = $3 AND state <> 'waiting'

-- name: outbox_report
UPDATE outbox SET state = $3, remote_id = coalesce($4, remote_id), remote_state = $5, code = $6, last_error = $7, updated_at = $8, done_at = $8, asking = 0 WHERE tenant_id = $1 AND id = $2

-- name: outbox_retry
UPDATE outbox SET state = 'waiting', max_attempts = attempts + CASE WHEN kind = 'webhook' THEN $7 WHEN priority <= $5 THEN $6 ELSE $3 END, next_at = $4, updated_at = $4, done_at = NULL, remote_id = NULL, remote_state = NULL, asking = 0 WHERE tenant_id = $1 AND id = $2 AND state IN ('failed', 'unknown', 'refused')

-- name: outbox_wake
UPDATE outbox SET state = 'waiting', max_attempts = attempts + $4, next_at = $3, updated_at = $3, done_at = NULL, asking = 0 WHERE tenant_id = $1 AND dedupe = $2 AND state <> 'claimed'

-- name: outbox_drop
UPDATE outbox SET state = 'dropped', updated_at = $3, done_at = $3 WHERE tenant_id = $1 AND id = $2 AND state IN ('waiting', 'failed', 'unknown', 'refused')

-- name: outbox_refused_before
-- plan: outbox_refused
SELECT count(*) FROM outbox WHERE tenant_id = $1 AND to_key = $2 AND state = 'refused'

-- name: outbox_deliveries
-- fields: outbox
-- plan: outbox_webhook
SELECT {columns} FROM outbox WHERE tenant_id = $1 AND dest = $2 AND kind = 'webhook' ORDER BY created_at DESC LIMIT $3

-- its time came before $3, and nobody has taken it
-- name: outbox_late
-- plan: outbox_recent
SELECT count(*) FROM outbox WHERE tenant_id = $1 AND created_at > $2 AND state = 'waiting' AND next_at < $3

-- left by hand a moment ago: as it was before
-- name: outbox_undrop
UPDATE outbox SET state = CASE WHEN ambiguous = 1 THEN 'unknown' ELSE 'failed' END, updated_at = $3 WHERE tenant_id = $1 AND id = $2 AND state = 'dropped' AND last_error IS NOT NULL AND done_at >= $4

-- by kind: when it worked last, and when not
-- name: outbox_lasts
-- fields: outbox_last
-- plan: outbox_recent
SELECT kind, coalesce(max(CASE WHEN state IN ('sent', 'delivered') THEN updated_at END), 0) AS good_at, coalesce(max(CASE WHEN state IN ('failed', 'unknown', 'refused') THEN updated_at END), 0) AS bad_at FROM outbox WHERE tenant_id = $1 AND created_at > $2 AND state NOT IN ('waiting', 'claimed', 'dropped') GROUP BY kind ORDER BY kind LIMIT $3
