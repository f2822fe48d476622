/* The words of the chat on a business's website, in the languages we have: what its script
 * (static/chat.js) shows comes from here, so that nobody writes it twice. Pure. */
#ifndef DESK_CORE_CHAT_WORDS_H
#define DESK_CORE_CHAT_WORDS_H

#include "base/arena.h"

#include <stddef.h>

#define DESK_CHAT_LETTERS 500                     /* of one message of a visitor's */
#define DESK_CHAT_TEXT    (4 * DESK_CHAT_LETTERS) /* bytes that they may take */

/* Each by the name that the script knows it by; ended by name NULL. */
struct desk_chat_word {
    const char *name, *en, *es;
};
extern const struct desk_chat_word desk_chat_words[];

/* The words of that name in the language ("es", "es-MX"; English when we have no other), with the
 * business's name where they speak of it; in the arena, NULL = no memory or no such name. */
const char *desk_chat_say(struct desk_arena *a, const char *language, const char *name,
                          const char *business);

#endif
