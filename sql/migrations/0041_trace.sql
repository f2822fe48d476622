-- Which trace (W3C Trace Context) a call belongs to: that of the request it began with. All programs
-- write it into their lines about the call.
ALTER TABLE call ADD COLUMN trace TEXT;

-- Calls that a machine had with us are counted by themselves: days that were counted without are
-- counted anew.
DELETE FROM report_day;
