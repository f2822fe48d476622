-- name: consent_set
INSERT INTO consent (tenant_id, number_key, about, yes, how, since) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (tenant_id, number_key, about) DO UPDATE SET yes = excluded.yes, how = excluded.how, since = excluded.since

-- name: consent_is
SELECT count(*) FROM consent WHERE tenant_id = $1 AND number_key = $2 AND about = $3 AND yes = $4
