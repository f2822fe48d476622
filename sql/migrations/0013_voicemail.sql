-- Messages' words, by whom they were written down; and sound that Twilio recorded, fetched onto
-- this machine (recording.path then names its sealed file, as of our own).

ALTER TABLE message ADD COLUMN words_by TEXT;  -- twilio, stt; NULL = nobody, or the caller was heard by <Gather>
ALTER TABLE message ADD COLUMN no_words BLOB;  -- sealed: why nobody could
ALTER TABLE recording ADD COLUMN not_here BLOB;           -- sealed: why its sound could not be fetched
ALTER TABLE recording ADD COLUMN remote_erased_at INTEGER; -- deleted at Twilio
