-- name: webhook_insert
-- fields: webhook
INSERT INTO webhook ({columns}) VALUES ({values})

-- name: webhook_get
-- fields: webhook
SELECT {columns} FROM webhook WHERE tenant_id = $1 AND id = $2

-- name: webhook_list
-- fields: webhook
-- plan: webhook_tenant
SELECT {columns} FROM webhook WHERE tenant_id = $1 ORDER BY created_at, id LIMIT $2

-- name: webhook_count
-- plan: webhook_tenant
SELECT count(*) FROM webhook WHERE tenant_id = $1

-- who is told of that event
-- name: webhook_for
-- fields: webhook
-- plan: webhook_tenant
SELECT {columns} FROM webhook WHERE tenant_id = $1 AND state = 'on' AND (events = '*' OR ' ' || events || ' ' LIKE '% ' || $2 || ' %') ORDER BY created_at, id LIMIT $3

-- name: webhook_update
UPDATE webhook SET url = $3, events = $4, format = $5, personal = $6, state = $7, failures = CASE WHEN $7 = 'on' AND state <> 'on' THEN 0 ELSE failures END, failing_since = CASE WHEN $7 = 'on' AND state <> 'on' THEN NULL ELSE failing_since END, revision = revision + 1, updated_at = $8 WHERE tenant_id = $1 AND id = $2 AND revision = $9

-- name: webhook_touch
UPDATE webhook SET revision = revision + 1, updated_at = $3 WHERE tenant_id = $1 AND id = $2

-- name: webhook_delete
DELETE FROM webhook WHERE tenant_id = $1 AND id = $2

-- name: webhook_worked
UPDATE webhook SET failures = 0, failing_since = NULL, last_ok_at = $3, last_status = $4 WHERE tenant_id = $1 AND id = $2

-- name: webhook_failed
UPDATE webhook SET failures = failures + 1, failing_since = coalesce(failing_since, $3), last_status = $4, state = CASE WHEN state <> 'on' THEN state WHEN $5 = 1 THEN 'gone' WHEN $6 = 1 AND coalesce(failing_since, $3) <= $7 THEN 'failing' ELSE state END WHERE tenant_id = $1 AND id = $2

-- name: webhook_secret_insert
-- fields: webhook_secret
INSERT INTO webhook_secret ({columns}) VALUES ({values})

-- the one that holds first
-- name: webhook_secret_list
-- fields: webhook_secret
-- plan: webhook_secret_of
SELECT {columns} FROM webhook_secret WHERE tenant_id = $1 AND webhook_id = $2 AND (ends_at IS NULL OR ends_at > $3) ORDER BY created_at DESC, id DESC LIMIT 4

-- name: webhook_secret_end
UPDATE webhook_secret SET ends_at = $4 WHERE tenant_id = $1 AND webhook_id = $2 AND (ends_at IS NULL OR ends_at > $3)

-- name: webhook_secret_purge
DELETE FROM webhook_secret WHERE tenant_id = $1 AND webhook_id = $2 AND ends_at <= $3

-- what has arrived by another row need not be sent: the first one, and those that send it once more
-- name: webhook_arrived
UPDATE outbox SET state = 'dropped', updated_at = $6, done_at = $6 WHERE tenant_id = $1 AND kind = 'webhook' AND (id = $2 OR (dedupe >= $3 AND dedupe < $4)) AND id <> $5 AND state IN ('waiting', 'failed', 'unknown', 'refused')
