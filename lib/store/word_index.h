/* Which words are said and written where, so that they can be looked for although the texts are
 * sealed: a keyed hash of business and word, and behind it the rows it is in. The words themselves
 * are not kept. Who has the file without the key learns how often one word is said, not which.
 *
 * The store's writers of turns, messages, summaries and people keep it, in the transaction of the
 * row itself; with the row it goes (foreign keys). Writes run inside the caller's transaction. */
#ifndef DESK_STORE_WORD_INDEX_H
#define DESK_STORE_WORD_INDEX_H

#include "base/arena.h"
#include "base/ids.h"
#include "base/find.h"
#include "db/db.h"
#include "db/fields.h"

#include <stdbool.h>
#include <stdint.h>

enum desk_doc { DESK_DOC_TURN, DESK_DOC_PERSON, DESK_DOC_MESSAGE, DESK_DOC_SUMMARY };

/* The words of the row of that id (of a summary: of its call), in place of what there was. Texts
 * may be NULL. number: E.164 of a person, or NULL. */
struct desk_doc_words {
    enum desk_doc what;
    const char *tenant_id, *id;
    int64_t at; /* its place among others: UTC ms */
    const char *const *texts;
    size_t n;
    const char *number;
    bool fresh; /* the row is new: there is nothing to be replaced */
};
DESK_MUST enum desk_rc desk_index_put(struct desk_db *db, const struct desk_doc_words *d);

/* ---- finding --------------------------------------------------------------------------------- */

struct desk_word_doc {
    const char *id; /* not used: n is the key */
    const char *tenant_id;
    const char *turn_id, *contact_id, *message_id, *call_id; /* one of them */
    int64_t n, at;
};
extern const struct desk_fields desk_word_doc_fields;

struct desk_index_ask {
    const char *tenant_id;
    const struct desk_find *words; /* all of them must be in it */
    bool people;                   /* in what is known of people; else in what was said */
    int64_t before_at, before_n;   /* INT64_MAX: from the newest */
    size_t max;
};
/* Newest first, of the newest 20,000 places of the rarest word. Each is a row with all the words,
 * but for hashes that are alike by chance: look at the text before it is shown. No words: none. */
DESK_MUST enum desk_rc desk_index_find(struct desk_db *db, struct desk_arena *a,
                                       const struct desk_index_ask *ask, struct desk_word_doc **out,
                                       size_t *n);
/* People whose number may end in those digits (four or more): look at the number before it is
 * shown. */
DESK_MUST enum desk_rc desk_index_numbers(struct desk_db *db, struct desk_arena *a,
                                          const char *tenant_id, const char *digits, size_t max,
                                          struct desk_word_doc **out, size_t *n);

/* ---- anew ------------------------------------------------------------------------------------ */

/* How far writing it anew is; zeros at the beginning. */
struct desk_index_place {
    int part;
    int64_t at;
    char id[DESK_ID_LEN];
};
/* The next at most max rows of a business, newest first, into the index; *n of them were written.
 * DESK_DONE: there are no more. */
DESK_MUST enum desk_rc desk_index_anew(struct desk_db *db, struct desk_arena *a,
                                       const char *tenant_id, struct desk_index_place *p,
                                       size_t max, size_t *n);
/* How many rows there are to be written anew. */
DESK_MUST enum desk_rc desk_index_count(struct desk_db *db, const char *tenant_id, int64_t *n);

#endif
