-- name: job_insert
-- fields: job
INSERT INTO job ({columns}) VALUES ({values})

-- name: job_get
-- fields: job
SELECT {columns} FROM job WHERE tenant_id = $1 AND id = $2

-- name: job_list
-- fields: job
-- plan: job_recent
SELECT {columns} FROM job WHERE tenant_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2

-- files that go out, for REST clients
-- name: job_export_page
-- fields: job
-- plan: job_recent
SELECT {columns} FROM job WHERE tenant_id = $1 AND (created_at, id) < ($2, $3) AND kind IN ('people_export', 'calls_export') AND ($5 = '' OR state = $5) ORDER BY created_at DESC, id DESC LIMIT $4

-- name: job_export_get
-- fields: job
SELECT {columns} FROM job WHERE tenant_id = $1 AND id = $2 AND kind IN ('people_export', 'calls_export')

-- name: job_due
-- fields: job
-- plan: job_due
SELECT {columns} FROM job WHERE state IN ('waiting', 'running') AND lease_until <= $1 ORDER BY lease_until LIMIT 1

-- name: job_claim
UPDATE job SET state = 'running', claim = $3, lease_until = $4, tries = tries + 1 WHERE tenant_id = $1 AND id = $2 AND state IN ('waiting', 'running') AND lease_until <= $5

-- name: job_step
UPDATE job SET done = $4, total = $5, wrong = $6, place = $7, lease_until = $8 WHERE tenant_id = $1 AND id = $2 AND claim = $3 AND state = 'running'

-- name: job_end
UPDATE job SET state = $4, words = $5, ended_at = $6, claim = NULL WHERE tenant_id = $1 AND id = $2 AND claim = $3 AND state = 'running'

-- name: job_let_go
UPDATE job SET state = 'waiting', claim = NULL, lease_until = $4 WHERE tenant_id = $1 AND id = $2 AND claim = $3 AND state = 'running'

-- name: job_again
UPDATE job SET state = 'waiting', about = $3, place = NULL, words = NULL, ended_at = NULL, lease_until = 0, tries = 0, done = 0, wrong = 0 WHERE tenant_id = $1 AND id = $2 AND state = 'done'

-- name: job_purge
DELETE FROM job WHERE ended_at < $1

-- name: job_piece_insert
-- fields: job_piece
INSERT INTO job_piece ({columns}) VALUES ({values})

-- name: job_piece_next
SELECT coalesce(max(n) + 1, 0) FROM job_piece WHERE tenant_id = $1 AND job_id = $2 AND part = $3

-- name: job_pieces
-- fields: job_piece
SELECT {columns} FROM job_piece WHERE tenant_id = $1 AND job_id = $2 AND part = $3 AND n >= $4 ORDER BY n LIMIT $5

-- name: job_piece_bytes
SELECT coalesce(sum(bytes), 0) FROM job_piece WHERE tenant_id = $1 AND job_id = $2 AND part = $3

-- name: job_piece_drop
DELETE FROM job_piece WHERE tenant_id = $1 AND job_id = $2 AND part = $3
