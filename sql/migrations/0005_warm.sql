-- Calls whose stream is still to come: the bridge looks for them at each commit of others.
CREATE INDEX call_stream_due ON call (stream_token_end) WHERE stream_token_end IS NOT NULL AND stream_started_at IS NULL;
