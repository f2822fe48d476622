-- Pages of a business with a million calls cost what those of a new one do: what they count stands in
-- an index, or was counted before.

-- Hours that were counted before, as days are (report_day): of the day that is not over, and of those
-- that are compared with it as far as it has got, one hour at most is left to count.
CREATE TABLE report_hour (
    id          TEXT PRIMARY KEY,
    tenant_id   TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
    from_at     INTEGER NOT NULL,           -- a whole hour since 1970
    location_id TEXT NOT NULL,              -- '' = all of them
    to_at       INTEGER NOT NULL,
    figures     TEXT NOT NULL,              -- as in report_day
    callers     TEXT NOT NULL,
    UNIQUE (tenant_id, from_at, location_id)
) STRICT;
CREATE TRIGGER report_hour_call_changed AFTER UPDATE OF started_at, location_id, direction, caller_kind, outcome, duration_ms, from_key ON call
BEGIN
    DELETE FROM report_hour WHERE tenant_id = OLD.tenant_id AND from_at > OLD.started_at - 3600000 AND from_at <= OLD.started_at;
    DELETE FROM report_hour WHERE tenant_id = NEW.tenant_id AND from_at > NEW.started_at - 3600000 AND from_at <= NEW.started_at;
END;
CREATE TRIGGER report_hour_call_gone AFTER DELETE ON call
BEGIN
    DELETE FROM report_hour WHERE tenant_id = OLD.tenant_id AND from_at > OLD.started_at - 3600000 AND from_at <= OLD.started_at;
END;
CREATE TRIGGER report_hour_after_new AFTER INSERT ON call_after
BEGIN
    DELETE FROM report_hour WHERE tenant_id = NEW.tenant_id AND from_at > NEW.started_at - 3600000 AND from_at <= NEW.started_at;
END;
CREATE TRIGGER report_hour_after_changed AFTER UPDATE OF started_at, location_id, nanos ON call_after
BEGIN
    DELETE FROM report_hour WHERE tenant_id = OLD.tenant_id AND from_at > OLD.started_at - 3600000 AND from_at <= OLD.started_at;
    DELETE FROM report_hour WHERE tenant_id = NEW.tenant_id AND from_at > NEW.started_at - 3600000 AND from_at <= NEW.started_at;
END;
CREATE TRIGGER report_hour_after_gone AFTER DELETE ON call_after
BEGIN
    DELETE FROM report_hour WHERE tenant_id = OLD.tenant_id AND from_at > OLD.started_at - 3600000 AND from_at <= OLD.started_at;
END;

-- When the doors are open says a location's own row alone (core/business.c): a greeting that is
-- written anew must not have a year of days counted again.
DROP TRIGGER report_day_hours;
DROP TRIGGER report_day_profile;
CREATE TRIGGER report_day_hours AFTER UPDATE OF hours, zone ON location WHEN OLD.hours IS NOT NEW.hours OR OLD.zone IS NOT NEW.zone
BEGIN
    DELETE FROM report_day WHERE tenant_id = NEW.tenant_id;
    DELETE FROM report_hour WHERE tenant_id = NEW.tenant_id;
END;

-- the filters of the list of calls
CREATE INDEX call_outcome ON call (tenant_id, outcome, started_at DESC, id) WHERE outcome IS NOT NULL;
CREATE INDEX call_urgent ON call (tenant_id, started_at DESC, id) WHERE urgent = 1;

-- what reports and the menu count of callbacks, leads, tickets and messages
CREATE INDEX callback_kept ON callback (tenant_id, closed_at) WHERE state = 'done';
CREATE INDEX callback_late ON callback (tenant_id, coalesce(due_at, created_at + 86400000)) WHERE state = 'open';
DROP INDEX lead_day;
DROP INDEX ticket_day;
DROP INDEX message_day;
CREATE INDEX lead_day ON lead (tenant_id, created_at / 86400000, created_at);
CREATE INDEX ticket_day ON ticket (tenant_id, created_at / 86400000, created_at);
CREATE INDEX message_day ON message (created_at / 86400000, tenant_id, created_at);
