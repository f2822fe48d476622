-- name: text_stop_add
INSERT INTO text_stop (tenant_id, number_key, how, since) VALUES ($1, $2, $3, $4) ON CONFLICT (tenant_id, number_key) DO NOTHING

-- name: text_stop_remove
DELETE FROM text_stop WHERE tenant_id = $1 AND number_key = $2

-- name: text_stop_is
SELECT count(*) FROM text_stop WHERE tenant_id = $1 AND number_key = $2
