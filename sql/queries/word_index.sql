-- name: word_doc_add
INSERT INTO word_doc (tenant_id, turn_id, contact_id, message_id, call_id, at) VALUES ($1, $2, $3, $4, $5, $6) RETURNING n

-- name: word_doc_drop
DELETE FROM word_doc WHERE tenant_id = $1 AND (turn_id = $2 OR contact_id = $3 OR message_id = $4 OR call_id = $5)

-- name: word_at_add
INSERT INTO word_at (word, at, doc) SELECT $2, d.at, d.n FROM word_doc d WHERE d.tenant_id = $1 AND d.n = $3 ON CONFLICT (word, at, doc) DO NOTHING

-- How many there are, up to so many: which of several words is the rarest.
-- name: word_many
SELECT count(*) FROM (SELECT 1 FROM word_at WHERE word = $1 LIMIT $2) AS subquery_words

-- The first word leads: the rarest, of which the newest 20,000 places are looked through, so that
-- words that are everywhere and never meet do not take for ever.
-- name: word_find
-- fields: word_doc
SELECT d.n, d.tenant_id, d.turn_id, d.contact_id, d.message_id, d.call_id, d.at FROM (SELECT word, at, doc FROM word_at WHERE word = $2 AND (at, doc) < ($3, $4) ORDER BY at DESC, doc DESC LIMIT 20000) subquery_w CROSS JOIN word_doc d ON d.n = subquery_w.doc WHERE d.tenant_id = $1 AND ($5 = 0 OR EXISTS (SELECT 1 FROM word_at x WHERE x.word = $5 AND x.at = subquery_w.at AND x.doc = subquery_w.doc)) AND ($6 = 0 OR EXISTS (SELECT 1 FROM word_at x WHERE x.word = $6 AND x.at = subquery_w.at AND x.doc = subquery_w.doc)) AND ($7 = 0 OR EXISTS (SELECT 1 FROM word_at x WHERE x.word = $7 AND x.at = subquery_w.at AND x.doc = subquery_w.doc)) AND ($8 = 0 OR EXISTS (SELECT 1 FROM word_at x WHERE x.word = $8 AND x.at = subquery_w.at AND x.doc = subquery_w.doc)) AND ($9 = 0 OR EXISTS (SELECT 1 FROM word_at x WHERE x.word = $9 AND x.at = subquery_w.at AND x.doc = subquery_w.doc)) ORDER BY subquery_w.at DESC, subquery_w.doc DESC LIMIT $10

-- All of them: those of further numbers, too.
-- name: index_contacts
-- fields: contact
SELECT {columns} FROM contact WHERE tenant_id = $1 AND id > $2 ORDER BY id LIMIT $3

-- name: index_count
SELECT (SELECT count(*) FROM turn WHERE tenant_id = $1 AND created_at > 0) + (SELECT count(*) FROM message WHERE tenant_id = $1 AND created_at > 0) + (SELECT count(*) FROM call WHERE tenant_id = $1) + (SELECT count(*) FROM contact WHERE tenant_id = $1)
