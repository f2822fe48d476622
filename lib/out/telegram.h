/* Telegram's Bot API (facts/integrations.md 4), as a struct of functions: the real one is
 * desk_telegram_bot, tests put their own in its place.
 *
 * Blocking, 15 s at most (updates: as long as it is told to wait, and 15 s): for the worker's
 * threads. The bot's token is part of the address: neither address nor token is in any log, result
 * or message of an error. */
#ifndef DESK_OUT_TELEGRAM_H
#define DESK_OUT_TELEGRAM_H

#include "store/outbox.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#define DESK_TELEGRAM_TEXT 4096 /* characters in one message, Telegram's most */

struct desk_telegram_bot_of {
    const char *base_url; /* TELEGRAM_API_URL: no slash at the end needed */
    const char *token;    /* 123456:AA… */
};

struct desk_telegram {
    /* A message of plain text (no marks of text are read, so nothing need be escaped) to a chat: a
     * number, or @channel. Longer than Telegram takes: it is cut. Always fills *r: SENT with
     * remote_id; AGAIN after 429 (wait_ms is Telegram's retry_after), a failure of Telegram's own
     * (5xx) and a lost or unreadable answer; FAILED when somebody must change something (token,
     * chat, the bot was blocked), with its words.
     *
     * After a lost answer it may have arrived already, and then arrives twice: for an alert that is
     * better than not at all. */
    void (*send)(const struct desk_telegram_bot_of *bot, const char *chat, const char *text,
                 struct desk_outbox_result *r);
    /* Any other method ("editMessageText") with its body, a JSON object. *r as of send; what has
     * come true already (a message is as it shall be, a press of a button is too old to be
     * answered) is SENT. *result (may be NULL): a new reference to what Telegram gave, or NULL. */
    void (*call)(const struct desk_telegram_bot_of *bot, const char *method, const char *body,
                 json_t **result, struct desk_outbox_result *r);
    /* What was written to the bot, from update number `from` on (0 = whatever there is); those
     * before are told to be dealt with. Waits up to wait_s for something, as long as stop() is
     * false. SENT: *list is a new reference to an array. FAILED with code 409: a webhook is set, or
     * somebody else asks. */
    void (*updates)(const struct desk_telegram_bot_of *bot, int64_t from, int wait_s,
                    bool (*stop)(void *ctx), void *ctx, json_t **list,
                    struct desk_outbox_result *r);
};

extern const struct desk_telegram desk_telegram_bot;

/* Can it be a bot's token ("123456:AAbb…", nothing that would end the address)? */
bool desk_telegram_token_ok(const char *token);

/* What is wanted of updates, as JSON: everything that the bot understands, and nothing else. */
#define DESK_TELEGRAM_WANTED "[\"message\",\"callback_query\"]"

#endif
