-- name: web_chat_get
-- fields: web_chat
SELECT {columns} FROM web_chat WHERE tenant_id = $1

-- name: web_chat_by_key
-- fields: web_chat
SELECT {columns} FROM web_chat WHERE id = $1

-- name: web_chat_put
-- fields: web_chat
INSERT INTO web_chat ({columns}) VALUES ({values}) ON CONFLICT (tenant_id) DO UPDATE SET active = excluded.active, origins = excluded.origins, greeting = excluded.greeting, updated_at = excluded.updated_at
