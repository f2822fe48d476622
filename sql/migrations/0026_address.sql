-- Where work was done for them last: who calls again is asked "at the address we have for you?".

ALTER TABLE contact ADD COLUMN address BLOB;        -- sealed, as it was told
