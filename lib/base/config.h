/* Settings: one table row is the only place that knows a setting's name, kind, default and help.
 *
 * Value of NAME, first hit that is not empty wins: file $CREDENTIALS_DIRECTORY/NAME; file named by
 * NAME_FILE; environment NAME; environment alias; the same two in the .env file; the default.
 * Loaded once at start-up, read-only afterwards (thread-safe). */
#ifndef DESK_BASE_CONFIG_H
#define DESK_BASE_CONFIG_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum desk_setting_id {
    DESK_S_TWILIO_ACCOUNT_SID,
    DESK_S_TWILIO_AUTH_TOKEN,
    DESK_S_TWILIO_AUTH_TOKEN_SECONDARY,
    DESK_S_TWILIO_PHONE_NUMBER,
    DESK_S_PUBLIC_BASE_URL,
    DESK_S_OWNER_CELL_NUMBER,
    DESK_S_OPENAI_API_KEY,
    DESK_S_REALTIME_URL,
    DESK_S_REALTIME_MODEL,
    DESK_S_REALTIME_VOICE,
    DESK_S_REALTIME_AUTH_HEADER,
    DESK_S_REALTIME_DIALECT,
    DESK_S_REALTIME_TRANSCRIPTION_MODEL,
    DESK_S_REALTIME_CA_FILE,
    DESK_S_AZURE_OPENAI_KEY,
    DESK_S_AZURE_OPENAI_ENDPOINT,
    DESK_S_AZURE_OPENAI_DEPLOYMENT,
    DESK_S_BRAIN,
    DESK_S_NOTES_BY,
    DESK_S_CHAT_PROVIDER,
    DESK_S_CHAT_URL,
    DESK_S_CHAT_MODEL,
    DESK_S_CHAT_API_KEY,
    DESK_S_CHAT_CA_FILE,
    DESK_S_CHAT_TURN_S,
    DESK_S_CHAT_FILLER_MS,
    DESK_S_CHAT_REST_S,
    DESK_S_CHAT_REASONING_EFFORT,
    DESK_S_CHAT_LENGTH_FIELD,
    DESK_S_ANTHROPIC_API_KEY,
    DESK_S_STT_URL,
    DESK_S_STT_KEY,
    DESK_S_STT_MODEL,
    DESK_S_TTS_URL,
    DESK_S_TTS_KEY,
    DESK_S_TTS_MODEL,
    DESK_S_SESSION_TIMEOUT_S,
    DESK_S_API_RATE_PER_MINUTE,
    DESK_S_WEB_CHAT_ADDRESS_PER_MINUTE,
    DESK_S_WEB_CHAT_PER_MINUTE,
    DESK_S_BASE_URL,
    DESK_S_API_TOKEN,
    DESK_S_AZURE_OPENAI_CHAT_DEPLOYMENT,
    DESK_S_AZURE_OPENAI_API_VERSION,
    DESK_S_FRONTDESK_DATA,
    DESK_S_FRONTDESK_PORT,
    DESK_S_FRONTDESK_LISTEN,
    DESK_S_FRONTDESK_DATA_KEY,
    DESK_S_FRONTDESK_SHARE,
    DESK_S_BRIDGE_PORT,
    DESK_S_SPEECH_PORT,
    DESK_S_CALLER_MEMORY_DB,
    DESK_S_RECORDING_ENABLED,
    DESK_S_LOG_LEVEL,
    DESK_S_LOG_FORMAT,
    DESK_S_ANSWER_MODE,
    DESK_S_BARGE_IN_CONFIRM_MS,
    DESK_S_BARGE_IN_ECHO_DB,
    DESK_S_BARGE_IN_RESUME_MS,
    DESK_S_VAD_MARGIN_DB,
    DESK_S_VAD_LEAST_DBFS,
    DESK_S_VOICE_TONE,
    DESK_S_TURN_DETECTION,
    DESK_S_TURN_THRESHOLD,
    DESK_S_TURN_PREFIX_MS,
    DESK_S_TURN_SILENCE_MS,
    DESK_S_TURN_EAGERNESS,
    DESK_S_SILENCE_PROMPT_S,
    DESK_S_SILENCE_GOODBYE_S,
    DESK_S_NO_WORDS_S,
    DESK_S_SPEECH_MAX_S,
    DESK_S_UNPRODUCTIVE_TURNS,
    DESK_S_CALL_MAX_S,
    DESK_S_CALL_WARN_S,
    DESK_S_SPEND_MONTH_DOLLARS,
    DESK_S_SPEND_HOUR_CENTS,
    DESK_S_SPEND_CALLER_CENTS,
    DESK_S_SPEND_CALL_CENTS,
    DESK_S_SPEND_THEN,
    DESK_S_LOOP_CALLS,
    DESK_S_LOOP_MINUTES,
    DESK_S_MACHINE_WORDS,
    DESK_S_MACHINE_REPEATS,
    DESK_S_LEAD_SILENCE_MS,
    DESK_S_TOOL_FILLER_MS,
    DESK_S_MODEL_SILENT_S,
    DESK_S_SESSION_MAX_S,
    DESK_S_REALTIME_WARM,
    DESK_S_GREETING_CACHE,
    DESK_S_RECORD_CALLS,
    DESK_S_CONSENT_RULE,
    DESK_S_RECORD_FREE_MB,
    DESK_S_TEXT_AFTER_MESSAGE,
    DESK_S_TEXT_QUIET_FROM,
    DESK_S_TEXT_QUIET_TO,
    DESK_S_OUTBOX_ASK_MS,
    DESK_S_TEXT_OWNER_MESSAGE,
    DESK_S_TWILIO_TRANSCRIBE,
    DESK_S_FETCH_RECORDINGS,
    DESK_S_TWILIO_DELETE_RECORDINGS,
    DESK_S_GREET_BY_NAME,
    DESK_S_TWILIO_API_URL,
    DESK_S_TELEGRAM_BOT_TOKEN,
    DESK_S_TELEGRAM_CHAT_ID,
    DESK_S_TELEGRAM_API_URL,
    DESK_S_TELEGRAM_UPDATES,
    DESK_S_WEBHOOK_ALLOW,
    DESK_S_SECRETS_FROM,
    DESK_S_VAULT_ADDR,
    DESK_S_VAULT_PATH,
    DESK_S_VAULT_TOKEN,
    DESK_S_VAULT_ROLE_ID,
    DESK_S_VAULT_SECRET_ID,
    DESK_S_VAULT_NAMESPACE,
    DESK_S_VAULT_CACERT,
    DESK_S_VAULT_TIMEOUT_S,
    DESK_S_AZURE_VAULT_URL,
    DESK_S_AZURE_CLIENT_ID,
    DESK_S_AZURE_IDENTITY_URL,
    DESK_S_BRIDGE_DRAIN_S,
    DESK_S_BRIDGE_PROCESSES,
    DESK_S_BRIDGE_PORTS,
    DESK_S_LINE_DEAD_S,
    DESK_S_ALLOW_PRIVATE_ADDRESSES,
    DESK_S_CALLBACK_DUE_MINUTES,
    DESK_S_CALLBACK_URGENT_MINUTES,
    DESK_S_CALLBACK_REMIND_MINUTES,
    DESK_S_CALLBACK_REPEAT_MINUTES,
    DESK_S_CALLBACK_REPEATS,
    DESK_S_TEXT_APPOINTMENTS,
    DESK_S_TEXT_TALK_MINUTES,
    DESK_S_TEXT_BY_HAND_MINUTES,
    DESK_S_TEXT_ANSWER_STOP,
    DESK_S_MODEL_PROBE_MINUTES,
    DESK_S_APPOINTMENT_REMINDERS,
    DESK_S_GOOGLE_CLIENT_ID,
    DESK_S_GOOGLE_CLIENT_SECRET,
    DESK_S_GOOGLE_SERVICE_ACCOUNT,
    DESK_S_GOOGLE_API_URL,
    DESK_S_GOOGLE_SHEETS_URL,
    DESK_S_GOOGLE_AUTH_URL,
    DESK_S_GOOGLE_TOKEN_URL,
    DESK_S_GOOGLE_REVOKE_URL,
    DESK_S_CALENDAR_WAIT_MS,
    DESK_S_CALENDAR_SYNC_S,
    DESK_S_CALENDAR_IMPORT_S,
    DESK_S_GOOGLE_SHEET,
    DESK_S_SHEET_ROWS,
    DESK_S_DTOOLS_LEADS,
    DESK_S_DTOOLS_API_URL,
    DESK_S_DTOOLS_API_KEY,
    DESK_S_DTOOLS_AUTHORIZATION,
    DESK_S_REMIND_BY,
    DESK_S_IDP_JWKS_FILE,
    DESK_S_IDP_JWKS_URL,
    DESK_S_IDP_ISSUER,
    DESK_S_IDP_AUDIENCE,
    DESK_S_IDP_SCOPES,
    DESK_S_IDP_TENANT,
    DESK_S_IDP_TENANT_CLAIM,
    DESK_S_SIGN_IN_HOURS,
    DESK_S_AUDIT_KEEP_DAYS,
    DESK_S_SIGN_IN_IDLE_MINUTES,
    DESK_S_REMIND_ON_MACHINE,
    DESK_S_REMIND_CONSENT,
    DESK_S_REMIND_RETRY_MINUTES,
    DESK_S_REMIND_CALLS_A_DAY,
    DESK_S_VIP_GREETINGS,
    DESK_S__MAX
};

enum desk_setting_kind {
    DESK_SET_TEXT,
    DESK_SET_INT,
    DESK_SET_BOOL,
    DESK_SET_URL,
    DESK_SET_PHONE,
    DESK_SET_PORT,
    DESK_SET_CHOICE
};

#define DESK_SET_SECRET 1u /* never logged, never shown; may hold the only copy of a key */
#define DESK_SET_PATH   2u
#define DESK_SET_TENANT 4u /* a business may have its own value: store/settings.h */

struct desk_setting_row {
    const char *name, *alias; /* alias: an older or foreign name, or NULL */
    enum desk_setting_kind kind;
    const char *def; /* default as text; "" = unset */
    unsigned flags;
    const char *help;    /* one line for .env.example and the settings page */
    const char *choices; /* DESK_SET_CHOICE: the words, one space apart */
    long min, max;       /* DESK_SET_INT; both 0 = any from 0 to a thousand million */
};

extern const struct desk_setting_row desk_setting_rows[DESK_S__MAX];

/* Load all. env_file: path of a .env file or NULL for "./.env" if it exists. Fails with
 * DESK_EINVAL when a value does not fit its kind or a NAME_FILE cannot be read; why (n bytes) then
 * says which and how to mend it, never with the value itself. Call once, before threads. */
DESK_MUST enum desk_rc desk_settings_load(const char *env_file, char *why, size_t n);

/* The same, but all of it: say() gets a sentence for each value that does not fit (and keeps its
 * default) and for each name in the .env file that looks like a setting of ours and is none.
 * Returns how many. */
size_t desk_settings_problems(const char *env_file, void (*say)(void *ctx, const char *sentence),
                              void *ctx);

const char *desk_setting(enum desk_setting_id id); /* never NULL; "" = unset */
long desk_setting_int(enum desk_setting_id id);
bool desk_setting_bool(enum desk_setting_id id);
bool desk_setting_is_set(enum desk_setting_id id); /* given by the owner, not by default */

/* Is the host of that address this machine by name or number? */
bool desk_url_local(const char *url);

/* Can Twilio reach PUBLIC_BASE_URL? Not an address on this machine, unless Twilio's stand-in
 * (TWILIO_API_URL) is on it, too. */
bool desk_public_reachable(void);

/* May the setting have this value? DESK_EINVAL: why (n bytes) says what it must be. */
DESK_MUST enum desk_rc desk_setting_check(enum desk_setting_id id, const char *value, char *why,
                                          size_t n);
/* The setting of that name; false if there is none. */
bool desk_setting_find(const char *name, enum desk_setting_id *id);
bool desk_setting_true(const char *value); /* true, yes, on, 1 */

/* Change one in this process (tests, the supervisor's free ports). Not thread-safe. */
void desk_setting_override(enum desk_setting_id id, const char *value);

/* Write .env.example from the table. */
void desk_settings_example(FILE *out);

#endif
