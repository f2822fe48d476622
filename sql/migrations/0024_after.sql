-- After a call: what it was about, what it cost, and what was promised in it without being done.

ALTER TABLE call ADD COLUMN after_at INTEGER;   -- from then on the worker looks at it; NULL = it need not, or has
CREATE INDEX call_after_due ON call (after_at) WHERE after_at IS NOT NULL;

CREATE TABLE call_after (
    id          TEXT PRIMARY KEY,
    tenant_id   TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    location_id TEXT NOT NULL,
    call_id     TEXT NOT NULL UNIQUE REFERENCES call(id) ON DELETE CASCADE,
    by_whom     TEXT NOT NULL,              -- model, rules
    why_rules   TEXT,                       -- a sentence: why the model did not; NULL = it did, or there is none
    summary     BLOB NOT NULL,              -- sealed
    topics      BLOB NOT NULL,              -- sealed: "price, appointment"
    sentiment   TEXT NOT NULL,              -- good, neutral, bad
    facts       BLOB NOT NULL,              -- sealed JSON object of texts: name, number, wants, address, …
    needs_owner INTEGER NOT NULL,
    nanos       INTEGER NOT NULL,           -- cost: billionths of a dollar, as far as prices are known
    cost        TEXT NOT NULL,              -- JSON: what it is made of
    unpriced    TEXT NOT NULL,              -- what has no price, "" = nothing
    told        TEXT NOT NULL,              -- the owner: no, text, telegram, both
    started_at  INTEGER NOT NULL,           -- of the call
    created_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX call_after_report ON call_after (tenant_id, started_at, location_id, nanos);

CREATE TABLE attention (                    -- promised, but not done
    id          TEXT PRIMARY KEY,
    tenant_id   TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    call_id     TEXT NOT NULL REFERENCES call(id) ON DELETE CASCADE,
    claim       TEXT NOT NULL,              -- core/claims.h: booked, callback, …
    words       BLOB NOT NULL,              -- sealed: the sentence in which it was said
    at_ms       INTEGER NOT NULL,           -- since the call's start
    state       TEXT NOT NULL CHECK (state IN ('open', 'done')),
    closed_by   TEXT,                       -- remedy, hand
    created_at  INTEGER NOT NULL,
    closed_at   INTEGER,
    UNIQUE (call_id, claim)
) STRICT;
CREATE INDEX attention_open ON attention (tenant_id, created_at) WHERE state = 'open';

CREATE TABLE usage (                        -- what the models count of a call
    id           TEXT PRIMARY KEY,
    tenant_id    TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    call_id      TEXT NOT NULL REFERENCES call(id) ON DELETE CASCADE,
    part         TEXT NOT NULL,             -- voice, words (transcription), talk, after
    model        TEXT NOT NULL,
    asks         INTEGER NOT NULL,
    text_in      INTEGER NOT NULL,          -- tokens; without the cached ones
    text_cached  INTEGER NOT NULL,
    text_out     INTEGER NOT NULL,
    audio_in     INTEGER NOT NULL,
    audio_cached INTEGER NOT NULL,
    audio_out    INTEGER NOT NULL,
    heard_ms     INTEGER NOT NULL,          -- billed by time
    created_at   INTEGER NOT NULL,
    UNIQUE (call_id, part, model)
) STRICT;

CREATE TABLE price (                        -- what one of something costs, from a day on
    id          TEXT PRIMARY KEY,
    tenant_id   TEXT NOT NULL,              -- "-" = of all businesses that have none of their own
    model       TEXT NOT NULL,              -- or "telephone"
    unit        TEXT NOT NULL,              -- text_in, …, minute; minute_in, minute_out, minute_stream
    nanos       INTEGER NOT NULL,           -- billionths of a dollar: for a token, for a minute
    from_day    TEXT NOT NULL,              -- YYYY-MM-DD
    source      TEXT NOT NULL,
    created_at  INTEGER NOT NULL,
    UNIQUE (tenant_id, model, unit, from_day)
) STRICT;

INSERT INTO price (id, tenant_id, model, unit, nanos, from_day, source, created_at) VALUES
    ('price_off_1', '-', 'offline', 'text_in', 0, '2026-11-20', 'the offline voice costs nothing', 1795132800000),
    ('price_off_2', '-', 'offline', 'text_cached', 0, '2026-11-20', 'the offline voice costs nothing', 1795132800000),
    ('price_off_3', '-', 'offline', 'text_out', 0, '2026-11-20', 'the offline voice costs nothing', 1795132800000),
    ('price_off_4', '-', 'offline', 'audio_in', 0, '2026-11-20', 'the offline voice costs nothing', 1795132800000),
    ('price_off_5', '-', 'offline', 'audio_cached', 0, '2026-11-20', 'the offline voice costs nothing', 1795132800000),
    ('price_off_6', '-', 'offline', 'audio_out', 0, '2026-11-20', 'the offline voice costs nothing', 1795132800000),
    ('price_1', '-', 'gpt-realtime-2.1', 'text_in', 4000, '2026-11-20', 'OpenAI model page', 1795132800000),
    ('price_2', '-', 'gpt-realtime-2.1', 'text_cached', 400, '2026-11-20', 'OpenAI model page', 1795132800000),
    ('price_3', '-', 'gpt-realtime-2.1', 'text_out', 24000, '2026-11-20', 'OpenAI model page', 1795132800000),
    ('price_4', '-', 'gpt-realtime-2.1', 'audio_in', 32000, '2026-11-20', 'OpenAI model page', 1795132800000),
    ('price_5', '-', 'gpt-realtime-2.1', 'audio_cached', 400, '2026-11-20', 'OpenAI model page', 1795132800000),
    ('price_6', '-', 'gpt-realtime-2.1', 'audio_out', 64000, '2026-11-20', 'OpenAI model page', 1795132800000),
    ('price_7', '-', 'gpt-realtime-2', 'text_in', 4000, '2026-11-20', 'OpenAI model page', 1795132800000),
    ('price_8', '-', 'gpt-realtime-2', 'text_cached', 400, '2026-11-20', 'OpenAI model page', 1795132800000),
    ('price_9', '-', 'gpt-realtime-2', 'text_out', 24000, '2026-11-20', 'OpenAI model page', 1795132800000),
    ('price_10', '-', 'gpt-realtime-2', 'audio_in', 32000, '2026-11-20', 'OpenAI model page', 1795132800000),
    ('price_11', '-', 'gpt-realtime-2', 'audio_cached', 400, '2026-11-20', 'OpenAI model page', 1795132800000),
    ('price_12', '-', 'gpt-realtime-2', 'audio_out', 64000, '2026-11-20', 'OpenAI model page', 1795132800000),
    ('price_13', '-', 'gpt-realtime-2.1-mini', 'text_in', 600, '2026-11-20', 'OpenAI model page', 1795132800000),
    ('price_14', '-', 'gpt-realtime-2.1-mini', 'text_cached', 60, '2026-11-20', 'OpenAI model page', 1795132800000),
    ('price_15', '-', 'gpt-realtime-2.1-mini', 'text_out', 2400, '2026-11-20', 'OpenAI model page', 1795132800000),
    ('price_16', '-', 'gpt-realtime-2.1-mini', 'audio_in', 10000, '2026-11-20', 'OpenAI model page', 1795132800000),
    ('price_17', '-', 'gpt-realtime-2.1-mini', 'audio_cached', 300, '2026-11-20', 'OpenAI model page', 1795132800000),
    ('price_18', '-', 'gpt-realtime-2.1-mini', 'audio_out', 20000, '2026-11-20', 'OpenAI model page', 1795132800000),
    ('price_19', '-', 'gpt-realtime-1.5', 'text_in', 4000, '2026-11-20', 'OpenAI model page', 1795132800000),
    ('price_20', '-', 'gpt-realtime-1.5', 'text_cached', 400, '2026-11-20', 'OpenAI model page', 1795132800000),
    ('price_21', '-', 'gpt-realtime-1.5', 'text_out', 16000, '2026-11-20', 'OpenAI model page', 1795132800000),
    ('price_22', '-', 'gpt-realtime-1.5', 'audio_in', 32000, '2026-11-20', 'OpenAI model page', 1795132800000),
    ('price_23', '-', 'gpt-realtime-1.5', 'audio_cached', 400, '2026-11-20', 'OpenAI model page', 1795132800000),
    ('price_24', '-', 'gpt-realtime-1.5', 'audio_out', 64000, '2026-11-20', 'OpenAI model page', 1795132800000),
    ('price_25', '-', 'gpt-transcribe', 'minute', 4500000, '2026-11-20', 'OpenAI model page', 1795132800000),
    ('price_26', '-', 'gpt-live-transcribe', 'minute', 17000000, '2026-11-20', 'OpenAI model page', 1795132800000),
    ('price_27', '-', 'gpt-realtime-whisper', 'minute', 17000000, '2026-11-20', 'OpenAI model page', 1795132800000),
    ('price_28', '-', 'gpt-6-luna', 'text_in', 100, '2026-11-20', 'OpenAI model page', 1795132800000),
    ('price_29', '-', 'gpt-6-luna', 'text_cached', 10, '2026-11-20', 'OpenAI model page', 1795132800000),
    ('price_30', '-', 'gpt-6-luna', 'text_out', 500, '2026-11-20', 'OpenAI model page', 1795132800000),
    ('price_31', '-', 'gpt-6-sol', 'text_in', 2000, '2026-11-20', 'OpenAI model page', 1795132800000),
    ('price_32', '-', 'gpt-6-sol', 'text_cached', 200, '2026-11-20', 'OpenAI model page', 1795132800000),
    ('price_33', '-', 'gpt-6-sol', 'text_out', 10000, '2026-11-20', 'OpenAI model page', 1795132800000),
    ('price_34', '-', 'gpt-5.6-luna', 'text_in', 200, '2026-11-20', 'OpenAI model page', 1795132800000),
    ('price_35', '-', 'gpt-5.6-luna', 'text_cached', 20, '2026-11-20', 'OpenAI model page', 1795132800000),
    ('price_36', '-', 'gpt-5.6-luna', 'text_out', 1200, '2026-11-20', 'OpenAI model page', 1795132800000),
    ('price_37', '-', 'claude-haiku-5-5', 'text_in', 100, '2026-11-20', 'Anthropic price table', 1795132800000),
    ('price_38', '-', 'claude-haiku-5-5', 'text_cached', 10, '2026-11-20', 'Anthropic price table', 1795132800000),
    ('price_39', '-', 'claude-haiku-5-5', 'text_out', 500, '2026-11-20', 'Anthropic price table', 1795132800000),
    ('price_40', '-', 'claude-sonnet-5-5', 'text_in', 2000, '2026-11-20', 'Anthropic price table', 1795132800000),
    ('price_41', '-', 'claude-sonnet-5-5', 'text_cached', 100, '2026-11-20', 'Anthropic price table', 1795132800000),
    ('price_42', '-', 'claude-sonnet-5-5', 'text_out', 10000, '2026-11-20', 'Anthropic price table', 1795132800000),
    ('price_43', '-', 'claude-opus-5-5', 'text_in', 4000, '2026-11-20', 'Anthropic price table', 1795132800000),
    ('price_44', '-', 'claude-opus-5-5', 'text_cached', 200, '2026-11-20', 'Anthropic price table', 1795132800000),
    ('price_45', '-', 'claude-opus-5-5', 'text_out', 20000, '2026-11-20', 'Anthropic price table', 1795132800000),
    ('price_46', '-', 'claude-haiku-4-5', 'text_in', 1000, '2026-11-20', 'Anthropic price table', 1795132800000),
    ('price_47', '-', 'claude-haiku-4-5', 'text_out', 5000, '2026-11-20', 'Anthropic price table', 1795132800000),
    ('price_48', '-', 'telephone', 'minute_in', 8500000, '2026-11-20', 'a blog of 2026-05-07, second hand: check your Twilio bill', 1795132800000),
    ('price_49', '-', 'telephone', 'minute_out', 14000000, '2026-11-20', 'a blog of 2026-05-07, second hand: check your Twilio bill', 1795132800000),
    ('price_50', '-', 'telephone', 'minute_stream', 4000000, '2026-11-20', 'a blog of 2026-05-07, second hand: check your Twilio bill', 1795132800000);
