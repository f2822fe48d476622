-- Reports and digests: what they are counted from, and which ones the owner was sent.

-- all a report reads of a call stands in this index: a month of a busy year is one short scan
CREATE INDEX call_report ON call (tenant_id, direction, started_at, location_id, caller_kind, outcome, severity, duration_ms, from_key);
-- by days since 1970: an index by created_at itself would draw the planner away from better ones
CREATE INDEX lead_day ON lead (tenant_id, created_at / 86400000);
CREATE INDEX ticket_day ON ticket (tenant_id, created_at / 86400000);
CREATE INDEX message_day ON message (created_at / 86400000, tenant_id);

-- Waits by day, counted in steps of 20 ms: percentiles of a month without sorting its answers.
CREATE TABLE latency_count (
    tenant_id   TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    kind        TEXT NOT NULL,
    day         TEXT NOT NULL,              -- YYYY-MM-DD where the business is
    step        INTEGER NOT NULL,           -- total_ms / 20; 1500 = half a minute and longer
    n           INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, kind, day, step)
) STRICT;
INSERT INTO latency_count (tenant_id, kind, day, step, n)
    SELECT tenant_id, kind, day, CASE WHEN total_ms < 30000 THEN total_ms / 20 ELSE 1500 END, count(*)
    FROM latency GROUP BY 1, 2, 3, 4;
CREATE TRIGGER latency_counted AFTER INSERT ON latency
BEGIN
    INSERT INTO latency_count (tenant_id, kind, day, step, n)
    VALUES (NEW.tenant_id, NEW.kind, NEW.day, CASE WHEN NEW.total_ms < 30000 THEN NEW.total_ms / 20 ELSE 1500 END, 1)
    ON CONFLICT (tenant_id, kind, day, step) DO UPDATE SET n = n + 1;
END;

CREATE TABLE digest (                       -- what the owner was told of a day, a week
    id          TEXT PRIMARY KEY,
    tenant_id   TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    kind        TEXT NOT NULL CHECK (kind IN ('daily', 'weekly')),
    from_at     INTEGER NOT NULL,
    to_at       INTEGER NOT NULL,
    figures     BLOB NOT NULL,              -- sealed JSON: all of the report
    text        BLOB NOT NULL,              -- sealed: as it was written to the owner
    sent        INTEGER NOT NULL,           -- messages that were queued with it
    created_at  INTEGER NOT NULL,
    UNIQUE (tenant_id, kind, to_at)
) STRICT;
