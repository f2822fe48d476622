-- name: voice_session_insert
-- fields: voice_session
INSERT INTO voice_session ({columns}) VALUES ({values})

-- name: voice_session_get
-- fields: voice_session
SELECT {columns} FROM voice_session WHERE tenant_id = $1 AND id = $2

-- name: voice_session_by_idem
-- fields: voice_session
SELECT {columns} FROM voice_session WHERE tenant_id = $1 AND idem_key = $2

-- name: voice_session_by_outside
-- fields: voice_session
SELECT {columns} FROM voice_session WHERE tenant_id = $1 AND outside_key = $2

-- name: voice_session_by_pair
-- fields: voice_session
-- plan: voice_session_pair
SELECT {columns} FROM voice_session WHERE tenant_id = $1 AND pair_key = $2 AND state = 'ACTIVE' AND pair_key IS NOT NULL

-- name: voice_session_asked
UPDATE voice_session SET asked = $3, updated_at = $4 WHERE tenant_id = $1 AND id = $2

-- name: voice_session_touch
UPDATE voice_session SET expires_at = $3, updated_at = $4 WHERE tenant_id = $1 AND id = $2 AND state = 'ACTIVE'

-- name: voice_session_end
UPDATE voice_session SET state = $3, ended_at = $4, updated_at = $4 WHERE tenant_id = $1 AND id = $2 AND state = 'ACTIVE'

-- name: voice_session_due
-- fields: voice_session
-- plan: voice_session_due
SELECT {columns} FROM voice_session WHERE state = 'ACTIVE' AND expires_at < $1 ORDER BY expires_at LIMIT 100
