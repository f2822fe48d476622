-- Streams that are open: the bridge asks now and then whether their calls are over.
CREATE INDEX call_stream_open ON call (stream_started_at) WHERE stream_started_at IS NOT NULL AND stream_ended_at IS NULL;
