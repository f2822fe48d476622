-- Days of calls that were counted before: a month of a busy business is thirty rows.

CREATE TABLE report_day (
    id          TEXT PRIMARY KEY,
    tenant_id   TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    from_at     INTEGER NOT NULL,           -- the day where the business is
    location_id TEXT NOT NULL,              -- '' = all of them
    to_at       INTEGER NOT NULL,
    figures     TEXT NOT NULL,              -- numbers (core/report.h)
    callers     TEXT NOT NULL,              -- keyed hashes of numbers, cut to 16 digits, and how often each
    UNIQUE (tenant_id, from_at, location_id)
) STRICT;

-- What is counted has changed, or came late: the day is counted anew when it is asked for, and kept
-- again by the worker. A day has at most 25 hours.
-- (Of a new call desk_call_insert() sees to it: with a trigger SQLite would look through all tables
-- that hang on calls.)
CREATE TRIGGER report_day_call_changed AFTER UPDATE OF started_at, location_id, direction, caller_kind, outcome, duration_ms, from_key ON call
BEGIN
    DELETE FROM report_day WHERE tenant_id = OLD.tenant_id AND from_at > OLD.started_at - 90000000 AND from_at <= OLD.started_at;
    DELETE FROM report_day WHERE tenant_id = NEW.tenant_id AND from_at > NEW.started_at - 90000000 AND from_at <= NEW.started_at;
END;
CREATE TRIGGER report_day_call_gone AFTER DELETE ON call
BEGIN
    DELETE FROM report_day WHERE tenant_id = OLD.tenant_id AND from_at > OLD.started_at - 90000000 AND from_at <= OLD.started_at;
END;
CREATE TRIGGER report_day_after_new AFTER INSERT ON call_after
BEGIN
    DELETE FROM report_day WHERE tenant_id = NEW.tenant_id AND from_at > NEW.started_at - 90000000 AND from_at <= NEW.started_at;
END;
CREATE TRIGGER report_day_after_changed AFTER UPDATE OF started_at, location_id, nanos ON call_after
BEGIN
    DELETE FROM report_day WHERE tenant_id = OLD.tenant_id AND from_at > OLD.started_at - 90000000 AND from_at <= OLD.started_at;
    DELETE FROM report_day WHERE tenant_id = NEW.tenant_id AND from_at > NEW.started_at - 90000000 AND from_at <= NEW.started_at;
END;
CREATE TRIGGER report_day_after_gone AFTER DELETE ON call_after
BEGIN
    DELETE FROM report_day WHERE tenant_id = OLD.tenant_id AND from_at > OLD.started_at - 90000000 AND from_at <= OLD.started_at;
END;
CREATE TRIGGER report_day_hours AFTER UPDATE OF hours, zone, overlay ON location
BEGIN
    DELETE FROM report_day WHERE tenant_id = NEW.tenant_id;
END;
CREATE TRIGGER report_day_profile AFTER UPDATE OF profile ON tenant
BEGIN
    DELETE FROM report_day WHERE tenant_id = NEW.id;
END;

-- The guard over money: what was spent, by hours, whatever becomes of the calls themselves.
CREATE TABLE spend_hour (
    tenant_id   TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    hour        INTEGER NOT NULL,           -- since 1970, in which the calls began
    nanos       INTEGER NOT NULL,           -- billionths of a dollar
    PRIMARY KEY (tenant_id, hour)
) STRICT;
INSERT INTO spend_hour (tenant_id, hour, nanos)
    SELECT tenant_id, started_at / 3600000, sum(nanos) FROM call_after GROUP BY 1, 2;
CREATE TRIGGER spend_counted AFTER INSERT ON call_after
BEGIN
    INSERT INTO spend_hour (tenant_id, hour, nanos)
    VALUES (NEW.tenant_id, NEW.started_at / 3600000, NEW.nanos)
    ON CONFLICT (tenant_id, hour) DO UPDATE SET nanos = nanos + excluded.nanos;
END;
ALTER TABLE call ADD COLUMN max_s INTEGER NOT NULL DEFAULT 0;   -- how long it may talk by the limit of one call; 0 = as long as any
