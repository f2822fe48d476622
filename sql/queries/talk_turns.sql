-- name: talk_turn_insert
-- fields: talk_turn
INSERT INTO talk_turn ({columns}) VALUES ({values}) ON CONFLICT (call_id, n) DO NOTHING

-- name: talk_turn_get
-- fields: talk_turn
SELECT {columns} FROM talk_turn WHERE tenant_id = $1 AND call_id = $2 AND n = $3

-- name: talk_turn_take
UPDATE talk_turn SET claim = $4, lease_until = $5 WHERE tenant_id = $1 AND call_id = $2 AND n = $3 AND done_at IS NULL AND lease_until < $6

-- name: talk_turn_hold
UPDATE talk_turn SET lease_until = $5 WHERE tenant_id = $1 AND call_id = $2 AND n = $3 AND claim = $4 AND done_at IS NULL

-- name: talk_turn_done
UPDATE talk_turn SET done_at = $5, text = NULL, brain = $6, trouble = $7, asks = $8, tokens_in = $9, tokens_cached = $10, tokens_out = $11, first_ms = $12, took_ms = $13 WHERE tenant_id = $1 AND call_id = $2 AND n = $3 AND claim = $4 AND done_at IS NULL

-- name: talk_turn_by_idem
-- fields: talk_turn
SELECT {columns} FROM talk_turn WHERE tenant_id = $1 AND call_id = $2 AND idem_key = $3

-- name: talk_turn_hear
UPDATE talk_turn SET event = $5, text = $6, idem_key = $7, idem_body = $8, lease_until = $9 WHERE tenant_id = $1 AND call_id = $2 AND n = $3 AND claim = $4 AND done_at IS NULL

-- name: talk_turn_drop
DELETE FROM talk_turn WHERE tenant_id = $1 AND call_id = $2 AND n = $3 AND claim = $4 AND done_at IS NULL
