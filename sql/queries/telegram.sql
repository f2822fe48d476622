-- name: telegram_code_insert
-- fields: telegram_code
INSERT INTO telegram_code ({columns}) VALUES ({values})

-- one for a person, and none that has run out
-- name: telegram_code_clear
-- plan: telegram_code_tenant
DELETE FROM telegram_code WHERE tenant_id = $1 AND (user_id = $2 OR expires_at <= $3)

-- the code itself says whose it is
-- name: telegram_code_find
-- fields: telegram_code
SELECT {columns} FROM telegram_code WHERE id = $1 AND expires_at > $2

-- name: telegram_code_use
DELETE FROM telegram_code WHERE tenant_id = $1 AND id = $2

-- name: telegram_link_insert
-- fields: telegram_link
INSERT INTO telegram_link ({columns}) VALUES ({values})

-- a chat is one person's: whoever's it was before
-- name: telegram_link_free
DELETE FROM telegram_link WHERE chat_key = $1

-- the chat says whose it is
-- name: telegram_link_by_chat
-- fields: telegram_link
SELECT {columns} FROM telegram_link WHERE chat_key = $1

-- name: telegram_link_list
-- fields: telegram_link
-- plan: telegram_link_tenant
SELECT {columns} FROM telegram_link WHERE tenant_id = $1 ORDER BY created_at, id LIMIT $2

-- name: telegram_link_delete
DELETE FROM telegram_link WHERE tenant_id = $1 AND id = $2

-- name: telegram_link_mute
UPDATE telegram_link SET muted_until = $3 WHERE tenant_id = $1 AND id = $2

-- name: telegram_update_insert
-- fields: telegram_update
INSERT INTO telegram_update ({columns}) VALUES ({values}) ON CONFLICT (id) DO NOTHING

-- of all businesses: the worker answers them
-- name: telegram_update_waiting
-- fields: telegram_update
-- plan: telegram_update_waiting
SELECT {columns} FROM telegram_update WHERE state = 'waiting' ORDER BY created_at, id LIMIT $1

-- name: telegram_update_end
UPDATE telegram_update SET state = $3 WHERE tenant_id = $1 AND id = $2 AND state = 'waiting'

-- name: telegram_update_tried
UPDATE telegram_update SET tries = tries + 1, state = CASE WHEN tries + 1 >= $3 THEN 'failed' ELSE state END WHERE tenant_id = $1 AND id = $2 AND state = 'waiting'

-- name: telegram_update_purge
-- plan: telegram_update_old
DELETE FROM telegram_update WHERE tenant_id = $1 AND created_at < $2
