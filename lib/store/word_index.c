#include "store/word_index.h"
#include "db/seal.h"
#include "queries.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS 400  /* different ones of one row that are kept */
#define RARE  5000 /* counted up to here to find the rarest of several words */

#define F(member) offsetof(struct desk_word_doc, member)
static const struct desk_field doc_fields[] = {
    {"n", "N", DESK_K_INT, F(n), DESK_F_EXTRA, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN | DESK_F_EXTRA, 0, 0, 0},
    {"turn_id", "TurnId", DESK_K_TEXT, F(turn_id), DESK_F_EXTRA, 0, 0, 0},
    {"contact_id", "ContactId", DESK_K_TEXT, F(contact_id), DESK_F_EXTRA, 0, 0, 0},
    {"message_id", "MessageId", DESK_K_TEXT, F(message_id), DESK_F_EXTRA, 0, 0, 0},
    {"call_id", "CallId", DESK_K_TEXT, F(call_id), DESK_F_EXTRA, 0, 0, 0},
    {"at", "At", DESK_K_TIME, F(at), DESK_F_EXTRA, 0, 0, 0},
};
DESK_FIELDS(desk_word_doc_fields, "word_doc", struct desk_word_doc, doc_fields);
#undef F

/* 64 bits of the keyed hash, never 0. What is known of people has words of its own: there are few
 * of them, and many of what was said. */
static int64_t hash(struct desk_db *db, const char *tenant_id, bool people, const char *word)
{
    char marked[DESK_FIND_WORD + 8], hex[DESK_BLIND_LEN];
    snprintf(marked, sizeof marked, "%s|%s", people ? "person" : "said", word);
    desk_blind(desk_db_key(db), tenant_id, marked, hex);
    hex[16] = '\0';
    uint64_t v = strtoull(hex, NULL, 16);
    int64_t out;
    memcpy(&out, &v, sizeof out);
    return out ? out : 1;
}

/* ---- writing --------------------------------------------------------------------------------- */

struct putting {
    struct desk_db *db;
    const struct desk_doc_words *d;
    int64_t doc;
    int64_t had[WORDS];
    size_t n;
};

static enum desk_rc put_word(struct putting *p, const char *word)
{
    int64_t h = hash(p->db, p->d->tenant_id, p->d->what == DESK_DOC_PERSON, word);
    for (size_t i = 0; i < p->n; i++)
        if (p->had[i] == h)
            return DESK_OK;
    if (p->n == WORDS)
        return DESK_OK;
    p->had[p->n++] = h;
    return desk_db_exec(p->db, DESK_Q_WORD_AT_ADD,
                        DESK_ARGS(DESK_T(p->d->tenant_id), DESK_I(h), DESK_I(p->doc)), NULL);
}

static enum desk_rc put_text(struct putting *p, const char *text)
{
    char w[DESK_FIND_WORD];
    size_t at = 0, from, len;
    enum desk_rc rc = DESK_OK;
    while (!rc && text && desk_find_next(text, &at, w, &from, &len))
        if (!desk_find_common(w))
            rc = put_word(p, w);
    return rc;
}

/* "#0134": a number by its last digits. */
static enum desk_rc put_number(struct putting *p, const char *number)
{
    char w[8];
    size_t n = number ? strlen(number) : 0;
    if (n < 4)
        return DESK_OK;
    snprintf(w, sizeof w, "#%s", number + n - 4);
    return put_word(p, w);
}

static struct desk_arg of(const struct desk_doc_words *d, enum desk_doc what)
{
    return d->what == what ? DESK_T(d->id) : DESK_NULLARG;
}

enum desk_rc desk_index_put(struct desk_db *db, const struct desk_doc_words *d)
{
    struct putting p = {.db = db, .d = d};
    enum desk_rc rc = DESK_OK;
    if (!d->fresh)
        rc = desk_db_exec(db, DESK_Q_WORD_DOC_DROP,
                          DESK_ARGS(DESK_T(d->tenant_id), of(d, DESK_DOC_TURN),
                                    of(d, DESK_DOC_PERSON), of(d, DESK_DOC_MESSAGE),
                                    of(d, DESK_DOC_SUMMARY)),
                          NULL);
    if (!rc)
        rc = desk_db_int(db, DESK_Q_WORD_DOC_ADD,
                         DESK_ARGS(DESK_T(d->tenant_id), of(d, DESK_DOC_TURN),
                                   of(d, DESK_DOC_PERSON), of(d, DESK_DOC_MESSAGE),
                                   of(d, DESK_DOC_SUMMARY), DESK_I(d->at)),
                         &p.doc);
    for (size_t i = 0; !rc && i < d->n; i++)
        rc = put_text(&p, d->texts[i]);
    return rc ? rc : put_number(&p, d->number);
}

/* ---- finding --------------------------------------------------------------------------------- */

struct ranked {
    int64_t hash, many;
};

static int rarer_first(const void *x, const void *y)
{
    const struct ranked *a = x, *b = y;
    return a->many < b->many ? -1 : a->many > b->many;
}

static enum desk_rc find(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                         const struct ranked *w, size_t n_words, const struct desk_index_ask *ask,
                         struct desk_word_doc **out, size_t *n)
{
    void *rows = NULL;
    int64_t h[DESK_FIND_WORDS] = {0};
    for (size_t i = 0; i < n_words; i++)
        h[i] = w[i].hash;
    enum desk_rc rc =
        desk_db_rows(db, DESK_Q_WORD_FIND,
                     DESK_ARGS(DESK_T(tenant_id), DESK_I(h[0]), DESK_I(ask->before_at),
                               DESK_I(ask->before_n), DESK_I(h[1]), DESK_I(h[2]), DESK_I(h[3]),
                               DESK_I(h[4]), DESK_I(h[5]), DESK_I((int64_t)ask->max)),
                     &desk_word_doc_fields, a, ask->max, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_index_find(struct desk_db *db, struct desk_arena *a,
                             const struct desk_index_ask *ask, struct desk_word_doc **out,
                             size_t *n)
{
    struct ranked w[DESK_FIND_WORDS] = {{0}};
    enum desk_rc rc = DESK_OK;
    *out = NULL;
    *n = 0;
    for (size_t i = 0; !rc && i < ask->words->n; i++) {
        w[i].hash = hash(db, ask->tenant_id, ask->people, ask->words->word[i]);
        rc = desk_db_int(db, DESK_Q_WORD_MANY, DESK_ARGS(DESK_I(w[i].hash), DESK_I(RARE)),
                         &w[i].many);
    }
    if (rc || !ask->words->n)
        return rc;
    /* the rarest leads: the others are only looked up where it is */
    qsort(w, ask->words->n, sizeof *w, rarer_first);
    return w[0].many ? find(db, a, ask->tenant_id, w, ask->words->n, ask, out, n) : DESK_OK;
}

enum desk_rc desk_index_numbers(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                const char *digits, size_t max, struct desk_word_doc **out,
                                size_t *n)
{
    char word[8];
    size_t len = strlen(digits);
    const struct desk_index_ask ask = {.before_at = INT64_MAX, .before_n = INT64_MAX, .max = max};
    *out = NULL;
    *n = 0;
    if (len < 4)
        return DESK_OK;
    snprintf(word, sizeof word, "#%s", digits + len - 4);
    const struct ranked w = {.hash = hash(db, tenant_id, true, word)};
    return find(db, a, tenant_id, &w, 1, &ask, out, n);
}
