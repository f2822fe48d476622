-- What who comes said of a visit stands in one place: the visit's row. Before, a text's yes stood
-- there and a call's keys in a table of their own.

ALTER TABLE appointment ADD COLUMN answer TEXT CHECK (answer IN ('coming', 'change')); -- their last word
ALTER TABLE appointment ADD COLUMN answer_at INTEGER;
ALTER TABLE appointment ADD COLUMN answer_by TEXT CHECK (answer_by IN ('text', 'call'));

UPDATE appointment SET answer = 'coming', answer_at = confirmed_at, answer_by = 'text' WHERE confirmed_at IS NOT NULL;
-- of the time the visit has now, said by a key later than any text
UPDATE appointment SET
    answer = (SELECT CASE s.answer WHEN 'confirmed' THEN 'coming' ELSE 'change' END FROM appointment_answer s WHERE s.tenant_id = appointment.tenant_id AND s.appointment_id = appointment.id AND s.start_at = appointment.start_at ORDER BY s.created_at DESC, s.id DESC LIMIT 1),
    answer_at = (SELECT max(s.created_at) FROM appointment_answer s WHERE s.tenant_id = appointment.tenant_id AND s.appointment_id = appointment.id AND s.start_at = appointment.start_at),
    answer_by = 'call'
WHERE EXISTS (SELECT 1 FROM appointment_answer s WHERE s.tenant_id = appointment.tenant_id AND s.appointment_id = appointment.id AND s.start_at = appointment.start_at AND s.created_at > coalesce(appointment.answer_at, 0));

DROP TABLE appointment_answer;
ALTER TABLE appointment DROP COLUMN confirmed_at;

-- Texts and recordings cost, too: a segment, and a begun minute.
INSERT INTO price (id, tenant_id, model, unit, nanos, from_day, source, created_at) VALUES
    ('price_51', '-', 'telephone', 'segment_in', 8300000, '2026-11-20', 'from memory, not looked up; carriers add fees: check your Twilio bill', 1795132800000),
    ('price_52', '-', 'telephone', 'segment_out', 8300000, '2026-11-20', 'from memory, not looked up; carriers add fees: check your Twilio bill', 1795132800000),
    ('price_53', '-', 'telephone', 'minute_record', 2500000, '2026-11-20', 'from memory, not looked up: check your Twilio bill', 1795132800000);
