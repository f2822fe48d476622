/* The settings: one row each, and nothing else knows a setting's name, kind, default and help. */
#include "base/config.h"

const struct desk_setting_row desk_setting_rows[DESK_S__MAX] = {
    [DESK_S_TWILIO_ACCOUNT_SID] = {"TWILIO_ACCOUNT_SID", NULL, DESK_SET_TEXT, "", 0,
                                   "Twilio account (AC…). Needed to place calls and send texts."},
    [DESK_S_TWILIO_AUTH_TOKEN] = {"TWILIO_AUTH_TOKEN", NULL, DESK_SET_TEXT, "", DESK_SET_SECRET,
                                  "Twilio auth token: every webhook is checked against it. Without "
                                  "it webhooks are refused."},
    [DESK_S_TWILIO_AUTH_TOKEN_SECONDARY] =
        {"TWILIO_AUTH_TOKEN_SECONDARY", NULL, DESK_SET_TEXT, "", DESK_SET_SECRET,
         "A second token that is accepted too, while you rotate tokens."},
    [DESK_S_TWILIO_PHONE_NUMBER] =
        {"TWILIO_PHONE_NUMBER", NULL, DESK_SET_PHONE, "", 0,
         "Your Twilio number, like +14155550100. At a start the only business gets it, if it is "
         "nobody's yet; with several, write it in the file of the one that shall answer it."},
    [DESK_S_PUBLIC_BASE_URL] =
        {"PUBLIC_BASE_URL", "SERVER_BASE_URL", DESK_SET_URL, "", 0,
         "Address under which Twilio reaches this box, like https://desk.example.com. "
         "Default: http://127.0.0.1:FRONTDESK_PORT, enough for practice calls."},
    [DESK_S_OWNER_CELL_NUMBER] =
        {"OWNER_CELL_NUMBER", "REAL_PHONE_NUMBER", DESK_SET_PHONE, "", 0,
         "Your own phone: callers are put through to it, emergencies ring it. At a start the only "
         "business gets it as its owner's, in place of none, of the example's, or of the one that "
         "this setting was before; a phone that you wrote in the business's file stays."},
    [DESK_S_OPENAI_API_KEY] = {"OPENAI_API_KEY", NULL, DESK_SET_TEXT, "", DESK_SET_SECRET,
                               "OpenAI key. Without one calls are answered by the offline voice."},
    [DESK_S_REALTIME_URL] =
        {"REALTIME_URL", NULL, DESK_SET_URL, "", 0,
         "Realtime server (wss://…). Default: OpenAI when a key is set, else the offline engine."},
    [DESK_S_REALTIME_MODEL] = {"REALTIME_MODEL", NULL, DESK_SET_TEXT, "gpt-realtime-2.1", 0,
                               "Model that talks. gpt-realtime-2.1-mini costs about a third."},
    [DESK_S_REALTIME_VOICE] =
        {"REALTIME_VOICE", NULL, DESK_SET_TEXT, "marin", 0,
         "Voice: marin, cedar, alloy, ash, ballad, coral, echo, sage, shimmer, verse."},
    [DESK_S_REALTIME_AUTH_HEADER] =
        {"REALTIME_AUTH_HEADER", NULL, DESK_SET_TEXT, "", DESK_SET_SECRET,
         "Whole header for another Realtime server, like \"api-key: …\". "
         "Default: Authorization: Bearer OPENAI_API_KEY."},
    [DESK_S_REALTIME_DIALECT] = {"REALTIME_DIALECT", NULL, DESK_SET_CHOICE, "ga", 0,
                                 "ga, or beta for older compatible servers.", .choices = "ga beta"},
    [DESK_S_REALTIME_TRANSCRIPTION_MODEL] = {"REALTIME_TRANSCRIPTION_MODEL", NULL, DESK_SET_TEXT,
                                             "gpt-transcribe", 0,
                                             "Model that writes down what the caller says."},
    [DESK_S_REALTIME_CA_FILE] =
        {"REALTIME_CA_FILE", NULL, DESK_SET_TEXT, "", DESK_SET_PATH,
         "Extra certificate authority (PEM) for a private Realtime server."},
    [DESK_S_AZURE_OPENAI_KEY] = {"AZURE_OPENAI_KEY", NULL, DESK_SET_TEXT, "", DESK_SET_SECRET,
                                 "Azure OpenAI key, used with the next two instead of OpenAI."},
    [DESK_S_AZURE_OPENAI_ENDPOINT] = {"AZURE_OPENAI_ENDPOINT", NULL, DESK_SET_URL, "", 0,
                                      "Azure resource, like https://NAME.openai.azure.com."},
    [DESK_S_AZURE_OPENAI_DEPLOYMENT] = {"AZURE_OPENAI_DEPLOYMENT", NULL, DESK_SET_TEXT, "", 0,
                                        "Azure deployment of a Realtime model."},
    [DESK_S_BRAIN] =
        {"BRAIN", NULL, DESK_SET_CHOICE, "auto", DESK_SET_TENANT,
         "Who thinks in talks by text (ANSWER_MODE gather and relay): rules, model, or "
         "auto: the model when one is set up below. When it fails, the rules go on.",
         .choices = "auto rules model"},
    [DESK_S_NOTES_BY] =
        {"NOTES_BY", NULL, DESK_SET_CHOICE, "auto", DESK_SET_TENANT,
         "Who sums a call up once it is over: auto (the text model below, when one is set up and "
         "the business keeps no health data; when it fails, the rules) or rules.",
         .choices = "auto rules"},
    [DESK_S_CHAT_PROVIDER] =
        {"CHAT_PROVIDER", NULL, DESK_SET_CHOICE, "auto", 0,
         "Whose text model: openai, azure, anthropic, or compatible (Ollama, vLLM and others that "
         "speak Chat Completions). auto: the one whose settings are there.",
         .choices = "auto openai azure anthropic compatible"},
    [DESK_S_CHAT_URL] = {"CHAT_URL", NULL, DESK_SET_URL, "", 0,
                         "Base address of a compatible server, like http://127.0.0.1:11434/v1; or "
                         "another base for openai and anthropic."},
    [DESK_S_CHAT_MODEL] = {"CHAT_MODEL", NULL, DESK_SET_TEXT, "", 0,
                           "Text model. Default: gpt-6-luna at OpenAI, claude-haiku-5-5 at "
                           "Anthropic; a compatible server needs a name here."},
    [DESK_S_CHAT_API_KEY] =
        {"CHAT_API_KEY", NULL, DESK_SET_TEXT, "", DESK_SET_SECRET,
         "Key of the server at CHAT_URL, if it wants one; or a whole header, like \"api-key: …\"."},
    [DESK_S_CHAT_CA_FILE] = {"CHAT_CA_FILE", NULL, DESK_SET_TEXT, "", DESK_SET_PATH,
                             "Extra certificate authority (PEM) for a private text model."},
    [DESK_S_CHAT_TURN_S] = {"CHAT_TURN_S", NULL, DESK_SET_INT, "10", 0,
                            "Longest time the text model may take for one answer, tools and "
                            "repeats included; then the "
                            "rules answer.",
                            .min = 1, .max = 60},
    [DESK_S_CHAT_FILLER_MS] = {"CHAT_FILLER_MS", NULL, DESK_SET_INT, "3000", 0,
                               "An answer that takes longer than this: the caller hears that it "
                               "goes on.",
                               .min = 100, .max = 3500},
    [DESK_S_CHAT_REST_S] =
        {"CHAT_REST_S", NULL, DESK_SET_INT, "60", 0,
         "After a failure that only you can mend (key, credit, name of the model) the text model "
         "is "
         "not asked for so long; a third of it after three failures in a row. 0 = always asked.",
         .min = 0, .max = 3600},
    [DESK_S_CHAT_REASONING_EFFORT] =
        {"CHAT_REASONING_EFFORT", NULL, DESK_SET_TEXT, "auto", 0,
         "reasoning_effort of Chat Completions: auto (none for the models that need it said), off "
         "(not sent), or a word of the provider's: none, minimal, low."},
    [DESK_S_CHAT_LENGTH_FIELD] =
        {"CHAT_LENGTH_FIELD", NULL, DESK_SET_CHOICE, "auto", 0,
         "How the server names the longest answer: max_completion_tokens (OpenAI, Azure) or "
         "max_tokens (most others).",
         .choices = "auto max_completion_tokens max_tokens"},
    [DESK_S_ANTHROPIC_API_KEY] = {"ANTHROPIC_API_KEY", NULL, DESK_SET_TEXT, "", DESK_SET_SECRET,
                                  "Anthropic key, for the text model."},
    [DESK_S_STT_URL] = {"STT_URL", NULL, DESK_SET_URL, "", 0,
                        "Base address of a service that writes down recorded speech (OpenAI's "
                        "/audio/transcriptions), like https://api.openai.com/v1. Default: the "
                        "offline voice on SPEECH_PORT, which is for short answers in a talk; "
                        "recorded messages are written down only where this is set."},
    [DESK_S_STT_KEY] = {"STT_KEY", NULL, DESK_SET_TEXT, "", DESK_SET_SECRET,
                        "Key of the service at STT_URL, if it wants one; or a whole header, like "
                        "\"api-key: …\"."},
    [DESK_S_STT_MODEL] = {"STT_MODEL", NULL, DESK_SET_TEXT, "gpt-transcribe", 0,
                          "Model that writes down recorded speech there."},
    [DESK_S_TTS_URL] = {"TTS_URL", NULL, DESK_SET_URL, "", 0,
                        "Base address of a service that speaks (OpenAI's /audio/speech), for "
                        "answers of voice sessions. Default: the offline voice on SPEECH_PORT."},
    [DESK_S_TTS_KEY] = {"TTS_KEY", NULL, DESK_SET_TEXT, "", DESK_SET_SECRET,
                        "Key of the service at TTS_URL, if it wants one; or a whole header."},
    [DESK_S_TTS_MODEL] = {"TTS_MODEL", NULL, DESK_SET_TEXT, "gpt-4o-mini-tts", 0,
                          "Model that speaks there; the voice is REALTIME_VOICE."},
    [DESK_S_SESSION_TIMEOUT_S] =
        {"SESSION_TIMEOUT_S", NULL, DESK_SET_INT, "600", DESK_SET_TENANT,
         "A voice session (/v1/voice/session) of which nothing is heard for so long is ABANDONED.",
         .min = 1, .max = 3600},
    [DESK_S_API_RATE_PER_MINUTE] = {"API_RATE_PER_MINUTE", NULL, DESK_SET_INT, "6000", 0,
                                    "So often a REST token may ask in a minute; 0 = as often as it "
                                    "likes."},
    [DESK_S_WEB_CHAT_ADDRESS_PER_MINUTE] =
        {"WEB_CHAT_ADDRESS_PER_MINUTE", NULL, DESK_SET_INT, "20", 0,
         "So often one address may write in the chat of a website in a minute; 0 = as often as it "
         "likes."},
    [DESK_S_WEB_CHAT_PER_MINUTE] =
        {"WEB_CHAT_PER_MINUTE", NULL, DESK_SET_INT, "300", 0,
         "So often all visitors of a business's website together may write in its chat in a "
         "minute; 0 = as often as they like."},
    [DESK_S_BASE_URL] = {"BASE_URL", NULL, DESK_SET_URL, "", 0,
                         "The front desk that `frontdesk exceptions` speaks to, like "
                         "https://desk.example.com. Default: PUBLIC_BASE_URL, else the one that "
                         "runs here."},
    [DESK_S_API_TOKEN] =
        {"API_TOKEN", NULL, DESK_SET_TEXT, "", DESK_SET_SECRET,
         "The token that `frontdesk exceptions` sends; `frontdesk token new` makes "
         "one."},
    [DESK_S_AZURE_OPENAI_CHAT_DEPLOYMENT] =
        {"AZURE_OPENAI_CHAT_DEPLOYMENT", NULL, DESK_SET_TEXT, "", 0,
         "Azure deployment of a text model (with AZURE_OPENAI_KEY and AZURE_OPENAI_ENDPOINT)."},
    [DESK_S_AZURE_OPENAI_API_VERSION] =
        {"AZURE_OPENAI_API_VERSION", NULL, DESK_SET_TEXT, "", 0,
         "api-version for that deployment, like 2024-10-21. Default: Azure's newer addresses "
         "(/openai/v1), which need none."},
    [DESK_S_FRONTDESK_DATA] = {"FRONTDESK_DATA", NULL, DESK_SET_TEXT, "./data", DESK_SET_PATH,
                               "Folder for the database, the data key and run-time files."},
    [DESK_S_FRONTDESK_PORT] = {"FRONTDESK_PORT", NULL, DESK_SET_PORT, "8080", 0,
                               "Port of the front (nginx). 0 = any free port."},
    [DESK_S_FRONTDESK_LISTEN] =
        {"FRONTDESK_LISTEN", NULL, DESK_SET_TEXT, "127.0.0.1", 0,
         "Address the front listens on. Keep loopback unless TLS stands before it."},
    [DESK_S_FRONTDESK_DATA_KEY] =
        {"FRONTDESK_DATA_KEY", NULL, DESK_SET_TEXT, "", DESK_SET_SECRET,
         "Key that seals names, numbers and words in the database: 64 hex digits. "
         "Default: the file data.key in the data folder, made at first start."},
    [DESK_S_FRONTDESK_SHARE] =
        {"FRONTDESK_SHARE", NULL, DESK_SET_TEXT, "", DESK_SET_PATH,
         "Folder with templates, static files and nginx configuration. Default: found by itself."},
    [DESK_S_BRIDGE_PORT] = {"BRIDGE_PORT", NULL, DESK_SET_PORT, "8081", 0,
                            "Loopback port of the WebSocket bridge. 0 = any free port."},
    [DESK_S_SPEECH_PORT] = {"SPEECH_PORT", NULL, DESK_SET_PORT, "8082", 0,
                            "Loopback port of the offline voice. 0 = any free port."},
    [DESK_S_CALLER_MEMORY_DB] = {"CALLER_MEMORY_DB", NULL, DESK_SET_TEXT, "", DESK_SET_PATH,
                                 "Path of the database. Default: frontdesk.db in the data folder."},
    [DESK_S_RECORDING_ENABLED] =
        {"RECORDING_ENABLED", NULL, DESK_SET_BOOL, "true", 0,
         "Let a caller leave a recorded message (Twilio keeps it) when nothing else worked. false: "
         "the words are taken as text instead."},
    [DESK_S_LOG_LEVEL] = {"LOG_LEVEL", NULL, DESK_SET_CHOICE, "info", 0,
                          "Lowest level written: debug, info, notice, warn, error.",
                          .choices = "debug info notice warn error"},
    [DESK_S_LOG_FORMAT] =
        {"LOG_FORMAT", NULL, DESK_SET_CHOICE, "text", 0,
         "How lines of the logs are written: text (for people) or json (one object a line, for "
         "programs that gather logs). nginx's: make install LOG_FORMAT=json.",
         .choices = "text json"},
    [DESK_S_ANSWER_MODE] = {"ANSWER_MODE", NULL, DESK_SET_CHOICE, "realtime", DESK_SET_TENANT,
                            "How calls are answered: realtime (the voice over a media stream), "
                            "relay (Twilio hears and speaks, we think: ConversationRelay) or "
                            "gather (question by question).",
                            .choices = "realtime relay gather"},
    [DESK_S_BARGE_IN_CONFIRM_MS] = {"BARGE_IN_CONFIRM_MS", NULL, DESK_SET_INT, "160",
                                    DESK_SET_TENANT,
                                    "So long a caller must speak before the receptionist stops "
                                    "speaking. Shorter sounds (a cough) do not interrupt.",
                                    .min = 0, .max = 2000},
    [DESK_S_BARGE_IN_ECHO_DB] =
        {"BARGE_IN_ECHO_DB", NULL, DESK_SET_INT, "6", DESK_SET_TENANT,
         "How much louder (dB) than the echo of our own voice a caller must be to interrupt.",
         .min = 0, .max = 40},
    [DESK_S_BARGE_IN_RESUME_MS] =
        {"BARGE_IN_RESUME_MS", NULL, DESK_SET_INT, "1500", DESK_SET_TENANT,
         "Who interrupted the receptionist and says no words for so long only coughed: it goes on "
         "with what was not heard. 0 = never.",
         .min = 0, .max = 10000},
    [DESK_S_VAD_MARGIN_DB] =
        {"VAD_MARGIN_DB", NULL, DESK_SET_INT, "9", DESK_SET_TENANT,
         "Speech is this much louder (dB) than the noise of the line. Higher for loud workshops.",
         .min = 3, .max = 30},
    [DESK_S_VAD_LEAST_DBFS] =
        {"VAD_LEAST_DBFS", NULL, DESK_SET_INT, "55", DESK_SET_TENANT,
         "Nothing quieter than this is speech: dB below the loudest possible.", .min = 20,
         .max = 90},
    [DESK_S_VOICE_TONE] =
        {"VOICE_TONE", NULL, DESK_SET_INT, "80", DESK_SET_TENANT,
         "How pure (percent) the tone of a sound must be to be a voice that interrupts. Lower for "
         "hoarse callers, higher where people cough. 0 = whatever is loud enough.",
         .min = 0, .max = 95},
    [DESK_S_TURN_DETECTION] =
        {"TURN_DETECTION", NULL, DESK_SET_CHOICE, "server_vad", DESK_SET_TENANT,
         "How the Realtime server finds out that a caller has finished: server_vad (by silence, "
         "with the next three) or semantic_vad (by what is said, with TURN_EAGERNESS).",
         .choices = "server_vad semantic_vad"},
    [DESK_S_TURN_THRESHOLD] =
        {"TURN_THRESHOLD", NULL, DESK_SET_INT, "50", DESK_SET_TENANT,
         "How loud and clear (percent) a voice must be for the Realtime server. Higher for loud "
         "workshops, lower for soft callers.",
         .min = 1, .max = 100},
    [DESK_S_TURN_PREFIX_MS] = {"TURN_PREFIX_MS", NULL, DESK_SET_INT, "300", DESK_SET_TENANT,
                               "So much of the line before a voice begins belongs to it.",
                               .min = 20, .max = 1000},
    [DESK_S_TURN_SILENCE_MS] = {"TURN_SILENCE_MS", NULL, DESK_SET_INT, "500", DESK_SET_TENANT,
                                "So much silence ends what a caller says.", .min = 200,
                                .max = 3000},
    [DESK_S_TURN_EAGERNESS] = {"TURN_EAGERNESS", NULL, DESK_SET_CHOICE, "auto", DESK_SET_TENANT,
                               "How soon semantic_vad takes a caller's words for finished: low "
                               "(waits up to 8 s), medium (4 s), high (2 s) or auto (as medium).",
                               .choices = "auto low medium high"},
    [DESK_S_SILENCE_PROMPT_S] = {"SILENCE_PROMPT_S", NULL, DESK_SET_INT, "12", DESK_SET_TENANT,
                                 "Nothing heard for so long: are you still there? 0 = never.",
                                 .min = 0, .max = 600},
    [DESK_S_SILENCE_GOODBYE_S] = {"SILENCE_GOODBYE_S", NULL, DESK_SET_INT, "10", DESK_SET_TENANT,
                                  "Still nothing after that: goodbye.", .min = 2, .max = 600},
    [DESK_S_NO_WORDS_S] = {"NO_WORDS_S", NULL, DESK_SET_INT, "90", DESK_SET_TENANT,
                           "No understood word for so long, whatever noise there is: the same "
                           "question, then goodbye. 0 = never.",
                           .min = 0, .max = 3600},
    [DESK_S_SPEECH_MAX_S] = {"SPEECH_MAX_S", NULL, DESK_SET_INT, "45", DESK_SET_TENANT,
                             "A caller who seems to speak for so long without a pause is answered: "
                             "the end may have been missed. 0 = never.",
                             .min = 0, .max = 600},
    [DESK_S_UNPRODUCTIVE_TURNS] =
        {"UNPRODUCTIVE_TURNS", NULL, DESK_SET_INT, "8", DESK_SET_TENANT,
         "So many turns in a row that lead nowhere: a person or a recorded message. 0 = no limit.",
         .min = 0, .max = 100},
    [DESK_S_CALL_MAX_S] = {"CALL_MAX_S", NULL, DESK_SET_INT, "1800", DESK_SET_TENANT,
                           "Longest call with the receptionist.", .min = 60, .max = 14400},
    [DESK_S_CALL_WARN_S] = {"CALL_WARN_S", NULL, DESK_SET_INT, "60", DESK_SET_TENANT,
                            "So long before that the caller is told.", .min = 0, .max = 600},
    [DESK_S_SPEND_MONTH_DOLLARS] =
        {"SPEND_MONTH_DOLLARS", NULL, DESK_SET_INT, "0", DESK_SET_TENANT,
         "What all calls of a month may cost, in dollars; then SPEND_THEN. 0 = no limit.", .min = 0,
         .max = 1000000},
    [DESK_S_SPEND_HOUR_CENTS] =
        {"SPEND_HOUR_CENTS", NULL, DESK_SET_INT, "0", DESK_SET_TENANT,
         "What all calls of an hour may cost, in cents; then SPEND_THEN. 0 = no limit.", .min = 0,
         .max = 1000000},
    [DESK_S_SPEND_CALLER_CENTS] =
        {"SPEND_CALLER_CENTS", NULL, DESK_SET_INT, "0", DESK_SET_TENANT,
         "What the calls of one number may cost in a day, in cents; then SPEND_THEN. 0 = no limit.",
         .min = 0, .max = 1000000},
    [DESK_S_SPEND_CALL_CENTS] = {"SPEND_CALL_CENTS", NULL, DESK_SET_INT, "0", DESK_SET_TENANT,
                                 "What one call may cost, in cents, by what a minute costs of "
                                 "late: then the caller is asked "
                                 "for a message. 0 = no limit but CALL_MAX_S.",
                                 .min = 0, .max = 1000000},
    [DESK_S_SPEND_THEN] =
        {"SPEND_THEN", NULL, DESK_SET_CHOICE, "voicemail", DESK_SET_TENANT,
         "What happens with calls once a limit is reached: voicemail (a message is recorded, and "
         "read for emergencies), ring (the owner's phone) or short (question by question).",
         .choices = "voicemail ring short"},
    [DESK_S_LOOP_CALLS] =
        {"LOOP_CALLS", NULL, DESK_SET_INT, "30", DESK_SET_TENANT,
         "One number that calls more often than this within LOOP_MINUTES is a machine: it is asked "
         "for a message, and from three times as many on not answered. 0 = never.",
         .min = 0, .max = 10000},
    [DESK_S_LOOP_MINUTES] = {"LOOP_MINUTES", NULL, DESK_SET_INT, "10", DESK_SET_TENANT,
                             "So many minutes LOOP_CALLS looks back.", .min = 1, .max = 1440},
    [DESK_S_MACHINE_WORDS] =
        {"MACHINE_WORDS", NULL, DESK_SET_INT, "3", DESK_SET_TENANT,
         "A talk in which only what answering machines say was heard, of so many kinds (\"leave a "
         "message\", \"press one\"), is ended. 0 = never.",
         .min = 0, .max = 10},
    [DESK_S_MACHINE_REPEATS] =
        {"MACHINE_REPEATS", NULL, DESK_SET_INT, "5", DESK_SET_TENANT,
         "A talk in which so many sayings in a row were each said before, word for word, is ended: "
         "a machine. Not after an emergency was heard. 0 = never.",
         .min = 0, .max = 100},
    [DESK_S_LEAD_SILENCE_MS] =
        {"LEAD_SILENCE_MS", NULL, DESK_SET_INT, "120", DESK_SET_TENANT,
         "Silence before the first word, so that its beginning is not clipped.", .min = 0,
         .max = 1000},
    [DESK_S_TOOL_FILLER_MS] = {"TOOL_FILLER_MS", NULL, DESK_SET_INT, "1500", DESK_SET_TENANT,
                               "Looking something up takes longer than this: the caller hears that "
                               "it goes on. 0 = never.",
                               .min = 0, .max = 20000},
    [DESK_S_MODEL_SILENT_S] =
        {"MODEL_SILENT_S", NULL, DESK_SET_INT, "4", 0,
         "The Realtime server owes an answer and says nothing for so long: another session is "
         "tried, once. After half of it the first one is asked again.",
         .min = 1, .max = 60},
    [DESK_S_SESSION_MAX_S] = {"SESSION_MAX_S", NULL, DESK_SET_INT, "3300", 0,
                              "Age at which a Realtime session is replaced by a new one (OpenAI "
                              "ends them after 60 minutes).",
                              .min = 30, .max = 86400},
    [DESK_S_REALTIME_WARM] =
        {"REALTIME_WARM", NULL, DESK_SET_BOOL, "true", 0,
         "Connect to the Realtime server as soon as a call comes in, before its audio does."},
    [DESK_S_GREETING_CACHE] =
        {"GREETING_CACHE", NULL, DESK_SET_BOOL, "true", 0,
         "Keep the greeting as the model spoke it, and play that at once the next time."},
    [DESK_S_RECORD_CALLS] =
        {"RECORD_CALLS", NULL, DESK_SET_CHOICE, "off", DESK_SET_TENANT,
         "Record whole calls: off, own (sealed, on this machine) or twilio (Twilio keeps it).",
         .choices = "off own twilio"},
    [DESK_S_CONSENT_RULE] =
        {"CONSENT_RULE", NULL, DESK_SET_CHOICE, "spoken", DESK_SET_TENANT,
         "Recording needs the consent line of the business to be spoken first, or not_needed.",
         .choices = "spoken not_needed"},
    [DESK_S_RECORD_FREE_MB] = {"RECORD_FREE_MB", NULL, DESK_SET_INT, "200", 0,
                               "Recording of whole calls stops, and nothing is fetched from "
                               "Twilio, while the disk has less room left than this (MB).",
                               .min = 0, .max = 1000000},
    [DESK_S_TEXT_AFTER_MESSAGE] =
        {"TEXT_AFTER_MESSAGE", NULL, DESK_SET_BOOL, "true", DESK_SET_TENANT,
         "Text callers who had to leave a recorded message that we have it."},
    [DESK_S_TEXT_QUIET_FROM] = {"TEXT_QUIET_FROM", NULL, DESK_SET_INT, "21", DESK_SET_TENANT,
                                "From this hour of the day, where the number's area code is, texts "
                                "that nobody waits for are kept until TEXT_QUIET_TO. Alerts to you "
                                "go at any hour.",
                                .min = 0, .max = 24},
    [DESK_S_TEXT_QUIET_TO] = {"TEXT_QUIET_TO", NULL, DESK_SET_INT, "8", DESK_SET_TENANT,
                              "Until this hour. The same as TEXT_QUIET_FROM = at any hour.",
                              .min = 0, .max = 24},
    [DESK_S_OUTBOX_ASK_MS] = {"OUTBOX_ASK_MS", NULL, DESK_SET_INT, "20000", 0,
                              "A request to Twilio whose answer was lost: so long after it (ms) "
                              "Twilio is asked whether it has the text, and again after twice "
                              "that.",
                              .min = 100, .max = 600000},
    [DESK_S_TEXT_OWNER_MESSAGE] =
        {"TEXT_OWNER_MESSAGE", NULL, DESK_SET_BOOL, "true", DESK_SET_TENANT,
         "Text the owner when a caller left a message: who, when, and its first words."},
    [DESK_S_TWILIO_TRANSCRIBE] =
        {"TWILIO_TRANSCRIBE", NULL, DESK_SET_BOOL, "false", DESK_SET_TENANT,
         "Let Twilio write down recorded messages (English, up to two minutes; Twilio charges for "
         "it). What it cannot, the server at STT_URL does."},
    [DESK_S_FETCH_RECORDINGS] =
        {"FETCH_RECORDINGS", NULL, DESK_SET_BOOL, "true", 0,
         "Fetch what Twilio recorded onto this machine, sealed, so that it can be heard on the "
         "dashboard."},
    [DESK_S_TWILIO_DELETE_RECORDINGS] =
        {"TWILIO_DELETE_RECORDINGS", NULL, DESK_SET_BOOL, "false", 0,
         "Delete a recording at Twilio once it is fetched and checked."},
    [DESK_S_GREET_BY_NAME] = {"GREET_BY_NAME", NULL, DESK_SET_BOOL, "true", DESK_SET_TENANT,
                              "Greet known callers by their name, where the business's greeting "
                              "has one for them and the "
                              "carrier does not doubt the number."},
    [DESK_S_TWILIO_API_URL] = {"TWILIO_API_URL", NULL, DESK_SET_URL, "https://api.twilio.com", 0,
                               "Address of Twilio's REST service."},
    [DESK_S_TELEGRAM_BOT_TOKEN] =
        {"TELEGRAM_BOT_TOKEN", NULL, DESK_SET_TEXT, "", DESK_SET_SECRET,
         "Telegram bot (from @BotFather) that tells the owner of emergencies, beside the text."},
    [DESK_S_TELEGRAM_CHAT_ID] =
        {"TELEGRAM_CHAT_ID", NULL, DESK_SET_TEXT, "", DESK_SET_TENANT,
         "Chat it writes to: a number, or @channel. A business's file may say another "
         "(owner.telegram). The owner writes to the bot first."},
    [DESK_S_TELEGRAM_API_URL] = {"TELEGRAM_API_URL", NULL, DESK_SET_URL, "https://api.telegram.org",
                                 0, "Address of Telegram's Bot API."},
    [DESK_S_TELEGRAM_UPDATES] =
        {"TELEGRAM_UPDATES", NULL, DESK_SET_CHOICE, "auto", 0,
         "How Frontdesk hears what is written to the bot: webhook (Telegram brings it to "
         "PUBLIC_BASE_URL), poll (Frontdesk asks; needs no public address), auto (webhook where "
         "there is such an address), or off (the bot only tells). `frontdesk telegram link` makes "
         "a chat yours.",
         .choices = "auto webhook poll off"},
    [DESK_S_BRIDGE_DRAIN_S] = {"BRIDGE_DRAIN_S", NULL, DESK_SET_INT, "30", 0,
                               "At a restart running calls may go on for so long.", .min = 0,
                               .max = 7200},
    [DESK_S_BRIDGE_PROCESSES] =
        {"BRIDGE_PROCESSES", NULL, DESK_SET_INT, "1", 0,
         "Bridge processes that share the calls. One carries hundreds of calls.", .min = 1,
         .max = 16},
    [DESK_S_BRIDGE_PORTS] =
        {"BRIDGE_PORTS", NULL, DESK_SET_TEXT, "", 0,
         "Ports of all bridge processes, a space apart. Whoever starts them sets this, so that a "
         "call's stream goes to the process that has made its session ahead."},
    [DESK_S_LINE_DEAD_S] =
        {"LINE_DEAD_S", NULL, DESK_SET_INT, "30", 0,
         "Twilio sends a caller's sound without a pause; after so long without any the line is "
         "dead, and the call leaves the stream.",
         .min = 1, .max = 600},
    [DESK_S_WEBHOOK_ALLOW] =
        {"WEBHOOK_ALLOW", NULL, DESK_SET_TEXT, "", 0,
         "Receivers of webhooks in your own network, or without TLS, or on other ports than 443 "
         "and "
         "8443: host:port, a space between. All others must be public and https."},
    [DESK_S_SECRETS_FROM] =
        {"SECRETS_FROM", NULL, DESK_SET_CHOICE, "none", 0,
         "Where the secrets among these settings are read from at a start, before files and "
         "environment: HashiCorp Vault (vault) or Azure Key Vault (azure). frontdesk secrets check "
         "tells what is found. When it cannot be read, nothing is started.",
         .choices = "none vault azure"},
    [DESK_S_VAULT_ADDR] = {"VAULT_ADDR", NULL, DESK_SET_URL, "", 0,
                           "HashiCorp Vault, like https://vault.example.com:8200."},
    [DESK_S_VAULT_PATH] =
        {"VAULT_PATH", NULL, DESK_SET_TEXT, "secret/frontdesk", 0,
         "Where in it: the mount of a KV store (version 2), and the path. Its keys are the names "
         "of settings, like TWILIO_AUTH_TOKEN."},
    [DESK_S_VAULT_TOKEN] = {"VAULT_TOKEN", NULL, DESK_SET_TEXT, "", DESK_SET_SECRET,
                            "Token that may read there. In its place: an AppRole, the next two."},
    [DESK_S_VAULT_ROLE_ID] = {"VAULT_ROLE_ID", NULL, DESK_SET_TEXT, "", 0,
                              "Id of the role, where an AppRole opens the vault."},
    [DESK_S_VAULT_SECRET_ID] = {"VAULT_SECRET_ID", NULL, DESK_SET_TEXT, "", DESK_SET_SECRET,
                                "Secret id that goes with VAULT_ROLE_ID."},
    [DESK_S_VAULT_NAMESPACE] = {"VAULT_NAMESPACE", NULL, DESK_SET_TEXT, "", 0,
                                "Namespace, where the vault has such."},
    [DESK_S_VAULT_CACERT] = {"VAULT_CACERT", NULL, DESK_SET_TEXT, "", DESK_SET_PATH,
                             "Certificate authority (PEM) of the vault, if it has one of its own."},
    [DESK_S_VAULT_TIMEOUT_S] = {"VAULT_TIMEOUT_S", NULL, DESK_SET_INT, "10", 0,
                                "So long the place of the secrets may take for an answer.",
                                .min = 1, .max = 120},
    [DESK_S_AZURE_VAULT_URL] =
        {"AZURE_VAULT_URL", NULL, DESK_SET_URL, "", 0,
         "Azure Key Vault, like https://NAME.vault.azure.net, which the managed identity of this "
         "machine may read. Names in it are like twilio-auth-token."},
    [DESK_S_AZURE_CLIENT_ID] = {"AZURE_CLIENT_ID", NULL, DESK_SET_TEXT, "", 0,
                                "Client id of the identity, if the machine has several."},
    [DESK_S_AZURE_IDENTITY_URL] = {"AZURE_IDENTITY_URL", NULL, DESK_SET_URL,
                                   "http://169.254.169.254", 0,
                                   "Where this machine's identity is asked for (Azure's own)."},
    [DESK_S_ALLOW_PRIVATE_ADDRESSES] =
        {"ALLOW_PRIVATE_ADDRESSES", NULL, DESK_SET_BOOL, "false", 0,
         "Let addresses that you type in (calendars to import, webhooks) lead into this machine's "
         "own network. For practice, or a server of yours beside this one; else leave it off."},
    [DESK_S_CALLBACK_DUE_MINUTES] = {"CALLBACK_DUE_MINUTES", NULL, DESK_SET_INT, "240",
                                     DESK_SET_TENANT,
                                     "A callback for which no time was said is due after so many "
                                     "minutes of your opening hours.",
                                     .min = 5, .max = 14400},
    [DESK_S_CALLBACK_URGENT_MINUTES] = {"CALLBACK_URGENT_MINUTES", NULL, DESK_SET_INT, "30",
                                        DESK_SET_TENANT, "The same for an urgent one, at any hour.",
                                        .min = 5, .max = 1440},
    [DESK_S_CALLBACK_REMIND_MINUTES] =
        {"CALLBACK_REMIND_MINUTES", NULL, DESK_SET_INT, "30", DESK_SET_TENANT,
         "So long before a callback is due you are reminded of it by text. 0 = not at all.",
         .min = 0, .max = 1440},
    [DESK_S_CALLBACK_REPEAT_MINUTES] =
        {"CALLBACK_REPEAT_MINUTES", NULL, DESK_SET_INT, "120", DESK_SET_TENANT,
         "A callback that was missed is told of again after so long.", .min = 5, .max = 10080},
    [DESK_S_CALLBACK_REPEATS] = {"CALLBACK_REPEATS", NULL, DESK_SET_INT, "2", DESK_SET_TENANT,
                                 "So often at most, after the first time.", .min = 0, .max = 20},
    [DESK_S_TEXT_APPOINTMENTS] =
        {"TEXT_APPOINTMENTS", NULL, DESK_SET_BOOL, "true", DESK_SET_TENANT,
         "Text people when their appointment is booked, moved or cancelled."},
    [DESK_S_TEXT_TALK_MINUTES] = {"TEXT_TALK_MINUTES", NULL, DESK_SET_INT, "30", DESK_SET_TENANT,
                                  "A conversation by text is over when nobody wrote for so long; "
                                  "a text after that begins a new one.",
                                  .min = 1, .max = 170},
    [DESK_S_TEXT_BY_HAND_MINUTES] =
        {"TEXT_BY_HAND_MINUTES", NULL, DESK_SET_INT, "60", DESK_SET_TENANT,
         "After you wrote to somebody by hand, Frontdesk does not answer their texts for so long; "
         "they come to you.",
         .min = 1, .max = 10080},
    [DESK_S_TEXT_ANSWER_STOP] =
        {"TEXT_ANSWER_STOP", NULL, DESK_SET_BOOL, "false", DESK_SET_TENANT,
         "Answer the words STOP, START and HELP ourselves. Only where Twilio does not: it does by "
         "itself, unless you have switched that off there."},
    [DESK_S_MODEL_PROBE_MINUTES] =
        {"MODEL_PROBE_MINUTES", NULL, DESK_SET_INT, "60", 0,
         "The voice model is asked so often whether it would talk; the owner is told when it would "
         "not. 0 = never.",
         .min = 0, .max = 1440},
    [DESK_S_APPOINTMENT_REMINDERS] =
        {"APPOINTMENT_REMINDERS", NULL, DESK_SET_TEXT, "24", DESK_SET_TENANT,
         "Remind people so many hours before their appointment; several with a space between, like "
         "\"48 3\". none = no reminders."},
    [DESK_S_GOOGLE_CLIENT_ID] =
        {"GOOGLE_CLIENT_ID", NULL, DESK_SET_TEXT, "", 0,
         "OAuth client of yours at Google (type: web application), so that owners can connect "
         "their "
         "calendar on the dashboard. Its redirect address: PUBLIC_BASE_URL/google/callback. Set "
         "its "
         "consent screen to \"In production\": in \"Testing\" the connection ends after a week."},
    [DESK_S_GOOGLE_CLIENT_SECRET] = {"GOOGLE_CLIENT_SECRET", NULL, DESK_SET_TEXT, "",
                                     DESK_SET_SECRET, "Secret of that client."},
    [DESK_S_GOOGLE_SERVICE_ACCOUNT] =
        {"GOOGLE_SERVICE_ACCOUNT", NULL, DESK_SET_TEXT, "", DESK_SET_SECRET,
         "Key file (JSON) of a service account at Google, for calendars and sheets that are shared "
         "with its address. Best given as GOOGLE_SERVICE_ACCOUNT_FILE=/path/to/key.json."},
    [DESK_S_GOOGLE_API_URL] = {"GOOGLE_API_URL", NULL, DESK_SET_URL, "https://www.googleapis.com",
                               0, "Address of Google's services."},
    [DESK_S_GOOGLE_SHEETS_URL] = {"GOOGLE_SHEETS_URL", NULL, DESK_SET_URL,
                                  "https://sheets.googleapis.com", 0, "Address of Google Sheets."},
    [DESK_S_GOOGLE_AUTH_URL] = {"GOOGLE_AUTH_URL", NULL, DESK_SET_URL,
                                "https://accounts.google.com/o/oauth2/v2/auth", 0,
                                "Where owners are asked for their consent."},
    [DESK_S_GOOGLE_TOKEN_URL] = {"GOOGLE_TOKEN_URL", NULL, DESK_SET_URL,
                                 "https://oauth2.googleapis.com/token", 0,
                                 "Where Google gives tokens."},
    [DESK_S_GOOGLE_REVOKE_URL] = {"GOOGLE_REVOKE_URL", NULL, DESK_SET_URL,
                                  "https://oauth2.googleapis.com/revoke", 0,
                                  "Where Google takes them back."},
    [DESK_S_CALENDAR_WAIT_MS] =
        {"CALENDAR_WAIT_MS", NULL, DESK_SET_INT, "4000", 0,
         "So long a caller waits for Google to take a visit; then they hear that the owner will "
         "confirm it.",
         .min = 0, .max = 10000},
    [DESK_S_CALENDAR_SYNC_S] = {"CALENDAR_SYNC_S", NULL, DESK_SET_INT, "60", 0,
                                "How often Google is asked what the owner changed there.", .min = 1,
                                .max = 3600},
    [DESK_S_CALENDAR_IMPORT_S] = {"CALENDAR_IMPORT_S", NULL, DESK_SET_INT, "900", 0,
                                  "How often calendars at an address (ICS) are read.", .min = 1,
                                  .max = 86400},
    [DESK_S_GOOGLE_SHEET] =
        {"GOOGLE_SHEET", NULL, DESK_SET_TEXT, "", DESK_SET_TENANT,
         "Google Sheet that gets a row for each lead or call: the long word in its address, after "
         "/d/."},
    [DESK_S_SHEET_ROWS] = {"SHEET_ROWS", NULL, DESK_SET_CHOICE, "leads", DESK_SET_TENANT,
                           "What goes into that sheet.", .choices = "leads calls both"},
    [DESK_S_AUDIT_KEEP_DAYS] = {"AUDIT_KEEP_DAYS", NULL, DESK_SET_INT, "730", DESK_SET_TENANT,
                                "Days for which it is kept who looked at what and changed what.",
                                .min = 30, .max = 3660},
    [DESK_S_IDP_JWKS_FILE] =
        {"IDP_JWKS_FILE", NULL, DESK_SET_TEXT, "", DESK_SET_PATH,
         "The keys of your own identity provider (a JWK set) as a file. With it the REST API takes "
         "JWTs of that provider, signed with RS256 or ES256, beside our own tokens."},
    [DESK_S_IDP_JWKS_URL] =
        {"IDP_JWKS_URL", NULL, DESK_SET_URL, "", 0,
         "Or the address that it gives its keys at (https; the jwks_uri of its "
         "/.well-known/openid-configuration): they are fetched anew as its Cache-Control says, and "
         "when it changes them."},
    [DESK_S_IDP_ISSUER] = {"IDP_ISSUER", NULL, DESK_SET_TEXT, "", 0,
                           "What such a token's iss must be, letter by letter."},
    [DESK_S_IDP_AUDIENCE] = {"IDP_AUDIENCE", NULL, DESK_SET_TEXT, "", 0,
                             "What its aud must be, or name among others."},
    [DESK_S_IDP_SCOPES] = {"IDP_SCOPES", NULL, DESK_SET_TEXT,
                           "frontdesk:read=read frontdesk:write=write frontdesk:personal=personal",
                           0,
                           "What its scopes (scope or scp) mean here: theirs=ours, with spaces."},
    [DESK_S_IDP_TENANT] = {"IDP_TENANT", NULL, DESK_SET_TEXT, "", 0,
                           "The business, by its slug, that such tokens are for."},
    [DESK_S_IDP_TENANT_CLAIM] = {"IDP_TENANT_CLAIM", NULL, DESK_SET_TEXT, "", 0,
                                 "Or the claim that says the slug; then every token must have it."},
    [DESK_S_SIGN_IN_HOURS] = {"SIGN_IN_HOURS", NULL, DESK_SET_INT, "12", 0,
                              "Hours after which everybody signs in to the dashboard again.",
                              .min = 1, .max = 720},
    [DESK_S_SIGN_IN_IDLE_MINUTES] = {"SIGN_IN_IDLE_MINUTES", NULL, DESK_SET_INT, "240", 0,
                                     "Minutes without use after which a browser is signed out.",
                                     .min = 5, .max = 43200},
    [DESK_S_DTOOLS_LEADS] =
        {"DTOOLS_LEADS", NULL, DESK_SET_CHOICE, "off", DESK_SET_TENANT,
         "Each new lead becomes a client and an opportunity in D-Tools Cloud: off, dry (nothing is "
         "written; `frontdesk dtools try LEAD` shows what would be), or on.",
         .choices = "off dry on"},
    [DESK_S_DTOOLS_API_URL] = {"DTOOLS_API_URL", NULL, DESK_SET_URL,
                               "https://dtcloudapi.d-tools.cloud/api/v1", 0,
                               "Address of D-Tools Cloud's API."},
    [DESK_S_DTOOLS_API_KEY] = {"DTOOLS_API_KEY", NULL, DESK_SET_TEXT, "", DESK_SET_SECRET,
                               "Your key there: Settings, Integration, Developer, API Keys."},
    [DESK_S_DTOOLS_AUTHORIZATION] =
        {"DTOOLS_AUTHORIZATION", NULL, DESK_SET_TEXT, "", DESK_SET_SECRET,
         "The header Authorization that D-Tools wants beside the key: the words \"Basic …\" of its "
         "help article 8756132."},
    [DESK_S_REMIND_BY] = {"REMIND_BY", NULL, DESK_SET_CHOICE, "text", DESK_SET_TENANT,
                          "How they are reminded: text, call (a machine tells it, and a key "
                          "confirms or changes it), both, or off. A business's file may say "
                          "another (reminders.by).",
                          .choices = "text call both off"},
    [DESK_S_REMIND_ON_MACHINE] =
        {"REMIND_ON_MACHINE", NULL, DESK_SET_CHOICE, "message", DESK_SET_TENANT,
         "An answering machine takes a reminder's call: message (who called and the number to "
         "call, nothing else), or hang_up (and a text is sent).",
         .choices = "message hang_up"},
    [DESK_S_REMIND_CONSENT] =
        {"REMIND_CONSENT", NULL, DESK_SET_CHOICE, "booking", DESK_SET_TENANT,
         "Whom a machine may call: who gave the number with the booking (booking), or only who "
         "agreed to such calls (asked: `frontdesk contact consent`). Nobody who said no.",
         .choices = "booking asked"},
    [DESK_S_REMIND_RETRY_MINUTES] = {"REMIND_RETRY_MINUTES", NULL, DESK_SET_INT, "30",
                                     DESK_SET_TENANT,
                                     "A reminder's call that was busy or not answered is made "
                                     "once more after so long; then a text is sent.",
                                     .min = 5, .max = 720},
    [DESK_S_REMIND_CALLS_A_DAY] = {"REMIND_CALLS_A_DAY", NULL, DESK_SET_INT, "100", DESK_SET_TENANT,
                                   "So many such calls in 24 hours at most; the others are texts.",
                                   .min = 0, .max = 10000},
    [DESK_S_VIP_GREETINGS] =
        {"VIP_GREETINGS", NULL, DESK_SET_CHOICE, "off", DESK_SET_TENANT,
         "Birthdays and anniversaries of contacts marked as VIP: off, text (to those who agreed: "
         "`frontdesk contact consent`), or owner (you are told, and greet them yourself).",
         .choices = "off text owner"},
};
