-- What a caller told of the work, the place and the appointment.

ALTER TABLE callback ADD COLUMN kind TEXT         -- NULL = a callback, nothing else
    CHECK (kind IN ('callback', 'appointment', 'reschedule', 'cancel', 'question'));
ALTER TABLE callback ADD COLUMN address BLOB;          -- sealed: as the caller gave it
ALTER TABLE callback ADD COLUMN window_start INTEGER;  -- when_text, resolved; NULL = it was not clear
ALTER TABLE callback ADD COLUMN window_end INTEGER;    -- NULL = from then on
ALTER TABLE callback ADD COLUMN appointment_text BLOB; -- sealed: the appointment there is, in the caller's words
ALTER TABLE callback ADD COLUMN appointment_day TEXT;  -- its day, YYYY-MM-DD where the business is
