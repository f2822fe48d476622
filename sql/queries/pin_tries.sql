-- name: pin_try_get
-- fields: pin_try
SELECT {columns} FROM pin_try WHERE tenant_id = $1 AND who_key = $2

-- name: pin_try_add
INSERT INTO pin_try (tenant_id, who_key, failed, last_at) VALUES ($1, $2, 1, $3) ON CONFLICT (tenant_id, who_key) DO UPDATE SET failed = pin_try.failed + 1, last_at = $3

-- name: pin_try_right
UPDATE pin_try SET failed = 0 WHERE tenant_id = $1 AND who_key = $2

-- name: pin_try_forget
UPDATE pin_try SET failed = 0 WHERE tenant_id = $1
