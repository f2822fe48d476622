/* What the files of the Telegram bot share (talk/telegram_*.c): one update of a chat that is
 * somebody's, and the answer that is made to it. */
#ifndef DESK_TALK_TELEGRAM_CHAT_H
#define DESK_TALK_TELEGRAM_CHAT_H

#include "core/business.h"
#include "store/results.h"
#include "store/telegram.h"
#include "talk/owner_tell.h"
#include "wire/telegram_text.h"

#include <jansson.h>

/* An update, read. Strings live in the arena; "" = none. */
struct telegram_said {
    int64_t id;
    const char *chat, *name, *text;
    const char *press, *data; /* a button: Telegram's name of the press, and what stands in it */
    int64_t message;          /* the one that the button is at */
};

struct telegram_chat {
    struct desk_db *db;
    struct desk_arena *a;
    const struct desk_telegram_update *row;
    struct telegram_said said;
    struct desk_telegram_link link;
    struct desk_business b;
    int64_t now;
    struct desk_telegram_text text; /* the answer */
    json_t *keys;                   /* rows of buttons beneath it, or NULL */
    const char *toast;              /* of a button: what is shown for a moment, or NULL */
    bool edit;                      /* the answer takes the place of the button's message */
    json_t *board;                  /* the buttons that stand beneath that message, or NULL */
    bool swapped;                   /* one of them is another now */
};

/* Everything that is written and is no button (telegram_says.c). */
DESK_MUST enum desk_rc desk_tg_say(struct telegram_chat *c);
void desk_tg_help(struct telegram_chat *c);
/* No sound before `until`, 0 = with sound again; and the words. */
DESK_MUST enum desk_rc desk_tg_mute(struct telegram_chat *c, int64_t until);

/* A pressed button (telegram_keys.c). */
DESK_MUST enum desk_rc desk_tg_press(struct telegram_chat *c);
/* Open callbacks, a page of them from the n-th on. */
DESK_MUST enum desk_rc desk_tg_callbacks(struct telegram_chat *c, size_t from);
/* A button in the last row, or (row) in a new one: op is what it does, of what. */
void desk_tg_key(struct telegram_chat *c, bool row, const char *words, const char *op,
                 const char *of);
/* The callbacks that wait for that number, as buttons. */
DESK_MUST enum desk_rc desk_tg_keys_of(struct telegram_chat *c, const char *number_key);

/* What tells of it on a button: a name, else the number. */
const char *desk_tg_label(const struct telegram_chat *c, const struct desk_callback *k);

/* Buttons beneath what the bot tells by itself (telegram_alert.c): rows of them, a new reference,
 * or NULL where that chat is nobody's of the business: nobody's presses are heard. */
DESK_MUST enum desk_rc desk_tg_alert_keys(struct desk_db *db, struct desk_arena *a,
                                          const struct desk_telegram_new *n, json_t **keys);
/* A press of one: it does what it says, once, and says the opposite from then on. The message's
 * words stay. */
DESK_MUST enum desk_rc desk_tg_on_seen(struct telegram_chat *c, const char *id);
DESK_MUST enum desk_rc desk_tg_on_unseen(struct telegram_chat *c, const char *id);
DESK_MUST enum desk_rc desk_tg_on_called(struct telegram_chat *c, const char *id);
DESK_MUST enum desk_rc desk_tg_on_uncalled(struct telegram_chat *c, const char *id);
DESK_MUST enum desk_rc desk_tg_on_quiet(struct telegram_chat *c, const char *minutes);

/* "Grace Hopper, (415) 555-0134". */
const char *desk_tg_who(struct desk_arena *a, const char *name, const char *number);
/* Where patients' words may not go to others' machines: where to look instead. True: said. */
bool desk_tg_keeps_quiet(struct telegram_chat *c);

#endif
