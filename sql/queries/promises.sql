-- of all businesses: the worker's clock looks at them
-- name: callback_due
-- fields: callback
-- plan: callback_next
SELECT {columns} FROM callback WHERE state = 'open' AND next_at <= $1 ORDER BY next_at LIMIT $2

-- only as it was when it was read: another clock may have been quicker
-- name: callback_step
UPDATE callback SET due_at = $3, next_at = $4, told = $5 WHERE tenant_id = $1 AND id = $2 AND state = 'open' AND next_at = $6 AND told = $7

-- name: callback_get
-- fields: callback
SELECT {columns} FROM callback WHERE tenant_id = $1 AND id = $2

-- name: callback_open_of
-- fields: callback
-- plan: callback_number
SELECT {columns} FROM callback WHERE tenant_id = $1 AND number_key = $2 AND state = 'open' LIMIT 50

-- name: callback_keep
UPDATE callback SET state = 'done', closed_at = $3, closed_by = $4 WHERE tenant_id = $1 AND id = $2 AND state = 'open'

-- name: callback_open_list
-- fields: callback
-- plan: callback_open
SELECT {columns} FROM callback WHERE tenant_id = $1 AND state = 'open' AND coalesce(due_at, 0) < $2 ORDER BY coalesce(due_at, created_at), id LIMIT $3
