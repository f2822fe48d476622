/* A message to Telegram in its HTML (facts/integrations.md 4), right by construction: words come in
 * only through these functions, which escape what Telegram would take for a mark, and every mark is
 * closed by who opens it. No longer than Telegram takes: what does not fit is left away behind an
 * ellipsis. Pure. */
#ifndef DESK_WIRE_TELEGRAM_TEXT_H
#define DESK_WIRE_TELEGRAM_TEXT_H

#include "base/arena.h"
#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

#define DESK_TELEGRAM_UNITS 4096 /* UTF-16 units that are seen: Telegram's most in a message */

struct desk_telegram_text {
    struct desk_buf out;
    size_t units; /* seen so far */
    bool full;
};

void desk_telegram_text_init(struct desk_telegram_text *t);
/* Any bytes; NULL adds nothing. */
void desk_telegram_words(struct desk_telegram_text *t, const char *words);
void desk_telegram_bold(struct desk_telegram_text *t, const char *words);
/* Words that lead to an address. */
void desk_telegram_link(struct desk_telegram_text *t, const char *url, const char *words);
/* In the arena; t is cleared. NULL: no memory. "" never: an empty message would be refused. */
const char *desk_telegram_text_take(struct desk_telegram_text *t, struct desk_arena *a);

#endif
