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
    DESK_S__MAX
};

enum desk_setting_kind {
    DESK_SET_TEXT,
    DESK_SET_INT,
    DESK_SET_BOOL,
    DESK_SET_URL,
    DESK_SET_PHONE,
    DESK_SET_PORT,
    DESK_SET_DIALECT,
    DESK_SET_LEVEL
};

#define DESK_SET_SECRET 1u /* never logged, never shown; may hold the only copy of a key */
#define DESK_SET_PATH   2u

struct desk_setting_row {
    const char *name, *alias; /* alias: an older or foreign name, or NULL */
    enum desk_setting_kind kind;
    const char *def; /* default as text; "" = unset */
    unsigned flags;
    const char *help; /* one line for .env.example and the settings page */
};

extern const struct desk_setting_row desk_setting_rows[DESK_S__MAX];

/* Load all. env_file: path of a .env file or NULL for "./.env" if it exists. Fails with
 * DESK_EINVAL when a value does not fit its kind or a NAME_FILE cannot be read; why (n bytes) then
 * says which and how to mend it, never with the value itself. Call once, before threads. */
DESK_MUST enum desk_rc desk_settings_load(const char *env_file, char *why, size_t n);

const char *desk_setting(enum desk_setting_id id); /* never NULL; "" = unset */
long desk_setting_int(enum desk_setting_id id);
bool desk_setting_bool(enum desk_setting_id id);
bool desk_setting_is_set(enum desk_setting_id id); /* given by the owner, not by default */

/* Change one in this process (tests, the supervisor's free ports). Not thread-safe. */
void desk_setting_override(enum desk_setting_id id, const char *value);

/* Write .env.example from the table. */
void desk_settings_example(FILE *out);

#endif
