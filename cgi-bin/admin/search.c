/* GET /search: people, and words of calls, messages and texts, newest first. The texts are sealed;
 * store/word_index.h says how they are found all the same. */
#include "cgi-bin/admin/people.h"
#include "base/find.h"
#include "store/pages.h"
#include "store/word_index.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS   25
#define PEOPLE 8
#define AROUND 90 /* bytes of a phrase on each side of the word */

struct hit {
    struct desk_call call;
    const char *text, *by;
};

/* ---- where a word is ------------------------------------------------------------------------- */

static enum desk_rc of_turn(struct desk_request *req, const char *id, struct hit *h)
{
    struct desk_turn t;
    enum desk_rc rc = desk_page_one(req->db, req->arena, &desk_page_turns, req->tenant.id, id, &t);
    if (!rc)
        rc = desk_call_get(req->db, req->arena, req->tenant.id, t.call_id, &h->call);
    if (rc)
        return rc;
    h->text = t.unheard ? desk_arena_fmt(req->arena, "%s %s", t.text, t.unheard) : t.text;
    h->by = strcmp(t.who, DESK_WHO_DESK) == 0 ? "Frontdesk said" : "They said";
    return h->text ? DESK_OK : DESK_ENOMEM;
}

static enum desk_rc of_message(struct desk_request *req, const char *id, struct hit *h)
{
    struct desk_message m;
    enum desk_rc rc = desk_message_get(req->db, req->arena, req->tenant.id, id, &m);
    if (!rc)
        rc = desk_call_get(req->db, req->arena, req->tenant.id, m.call_id, &h->call);
    h->text = rc ? NULL : m.text;
    h->by = "Message";
    return rc;
}

static enum desk_rc of_summary(struct desk_request *req, const char *id, struct hit *h)
{
    enum desk_rc rc = desk_call_get(req->db, req->arena, req->tenant.id, id, &h->call);
    h->text = rc ? NULL : h->call.summary;
    h->by = "In short";
    return rc;
}

static enum desk_rc load(struct desk_request *req, const struct desk_word_doc *d, struct hit *h)
{
    enum desk_rc rc = d->turn_id      ? of_turn(req, d->turn_id, h)
                      : d->message_id ? of_message(req, d->message_id, h)
                      : d->call_id    ? of_summary(req, d->call_id, h)
                                      : DESK_ENOTFOUND;
    return rc == DESK_OK && !h->text ? DESK_ENOTFOUND : rc;
}

/* ---- the phrase, with its words marked ------------------------------------------------------- */

struct parts {
    struct desk_request *req;
    struct desk_view *v;
    size_t row, n;
    const char *first; /* of the words that are marked, as it stands there */
};

static void put(struct parts *p, const char *text, size_t len, bool mark)
{
    if (!len)
        return;
    if (mark && !p->first)
        p->first = desk_arena_strndup(p->req->arena, text, len);
    desk_view_setf(p->v, desk_arena_strndup(p->req->arena, text, len), "Rows.%zu.Parts.%zu.Text",
                   p->row, p->n);
    desk_view_setf(p->v, mark ? "1" : "", "Rows.%zu.Parts.%zu.Mark", p->row, p->n++);
}

static const char *set_phrase(struct desk_request *req, struct desk_view *v, size_t row,
                              const struct desk_find *words, const char *text)
{
    struct parts p = {.req = req, .v = v, .row = row};
    char w[DESK_FIND_WORD];
    size_t from = 0, to = 0, at, begin, len;
    desk_find_piece(words, text, AROUND, &from, &to);
    if (from)
        put(&p, "…", strlen("…"), false);
    at = from;
    size_t done = from;
    while (desk_find_next(text, &at, w, &begin, &len) && begin + len <= to)
        if (desk_find_has(words, w)) {
            put(&p, text + done, begin - done, false);
            put(&p, text + begin, len, true);
            done = begin + len;
        }
    put(&p, text + done, to > done ? to - done : 0, false);
    if (text[to])
        put(&p, "…", strlen("…"), false);
    return p.first ? p.first : "";
}

/* The call's page, with the word in view: browsers scroll to a text fragment. */
static const char *path_to(struct desk_request *req, const char *call_id, const char *word)
{
    struct desk_buf b;
    desk_buf_init(&b, 2000);
    desk_buf_fmt(&b, "/calls/%s", call_id);
    if (*word) {
        desk_buf_str(&b, "#:~:text=");
        desk_url_encode(&b, word, strlen(word));
    }
    const char *path = desk_arena_strdup(req->arena, desk_buf_cstr(&b));
    desk_buf_clear(&b);
    return path;
}

static enum desk_rc set_hit(struct desk_request *req, struct desk_view *v, size_t row,
                            const struct desk_find *words, const struct hit *h, int64_t at)
{
    struct admin_facts f;
    char ms[24];
    enum desk_rc rc = admin_facts_load(req, &h->call, &f);
    if (rc)
        return rc;
    snprintf(ms, sizeof ms, "%lld", (long long)at);
    desk_view_setf(v, f.who, "Rows.%zu.Who", row);
    desk_view_setf(v, ms, "Rows.%zu.At", row);
    desk_view_setf(v, h->by, "Rows.%zu.By", row);
    const char *word = set_phrase(req, v, row, words, h->text);
    desk_view_setf(v, path_to(req, h->call.id, word), "Rows.%zu.Path", row);
    return DESK_OK;
}

/* ---- the page -------------------------------------------------------------------------------- */

/* "1795198500000.17": behind that row. */
static void read_place(const struct desk_request *req, struct desk_index_ask *ask)
{
    const char *text = desk_param(req, "before")->text;
    char *end;
    long long at = strtoll(text, &end, 10);
    ask->before_at = ask->before_n = INT64_MAX;
    if (end == text || *end != '.')
        return;
    ask->before_at = at;
    ask->before_n = strtoll(end + 1, NULL, 10);
}

/* "/search?q=…", the question as it stands. */
static const char *asked(struct desk_request *req, const char *page)
{
    struct desk_buf q;
    desk_buf_init(&q, 4000);
    desk_form_add(&q, "q", desk_param(req, "q")->text);
    const char *path = desk_arena_fmt(req->arena, "%s?%s", page, desk_buf_cstr(&q));
    desk_buf_clear(&q);
    return path;
}

static enum desk_rc set_older(struct desk_request *req, struct desk_view *v,
                              const struct desk_word_doc *d)
{
    const char *path = desk_arena_fmt(req->arena, "%s&before=%lld.%lld", asked(req, "/search"),
                                      (long long)d->at, (long long)d->n);
    desk_view_set(v, "Older", path);
    return path ? DESK_OK : DESK_ENOMEM;
}

static enum desk_rc set_words(struct desk_request *req, struct desk_view *v,
                              const struct desk_find *words)
{
    struct desk_word_doc *docs;
    size_t n = 0, row = 0;
    struct desk_index_ask ask = {.tenant_id = req->tenant.id, .words = words, .max = ROWS + 1};
    read_place(req, &ask);
    enum desk_rc rc = desk_index_find(req->db, req->arena, &ask, &docs, &n);
    for (size_t i = 0; !rc && i < n && i < ROWS; i++) {
        struct hit h;
        rc = load(req, &docs[i], &h);
        if (rc == DESK_ENOTFOUND) { /* erased since */
            rc = DESK_OK;
            continue;
        }
        if (!rc && desk_find_in(words, h.text))
            rc = set_hit(req, v, row++, words, &h, docs[i].at);
    }
    if (!rc && n > ROWS)
        rc = set_older(req, v, &docs[ROWS - 1]);
    desk_view_set(v, "Further", ask.before_at == INT64_MAX ? "" : "1");
    return rc;
}

static enum desk_rc set_people(struct desk_request *req, struct desk_view *v, const char *q)
{
    struct desk_contact *rows;
    size_t n = 0;
    char prefix[32];
    enum desk_rc rc = admin_people_find(req, q, &rows, &n);
    for (size_t i = 0; !rc && i < n && i < PEOPLE; i++) {
        snprintf(prefix, sizeof prefix, "People.%zu", i);
        admin_person_row(req, v, prefix, &rows[i]);
    }
    if (n > PEOPLE)
        desk_view_set(v, "MorePeople", asked(req, "/people"));
    return rc;
}

enum desk_rc admin_search(struct desk_request *req)
{
    struct desk_find words;
    char digits[DESK_FIND_DIGITS];
    const struct desk_value *q = desk_param(req, "q");
    struct desk_view *v = desk_page_begin(
        req, q->given && !q->error ? desk_arena_fmt(req->arena, "Search: %s", q->text) : "Search");
    if (!v)
        return DESK_ENOMEM;
    desk_view_set(v, "Query", q->text);
    if (q->error)
        desk_page_error(v, q->error);
    if (!q->given || q->error)
        return desk_page_send(req, v, q->error ? 422 : 0);
    desk_find_read(&words, q->text);
    enum desk_rc rc = DESK_OK;
    if (!desk_param(req, "before")->given)
        rc = set_people(req, v, q->text);
    if (!rc && words.n)
        rc = set_words(req, v, &words);
    if (!words.n && !desk_find_digits(q->text, digits))
        desk_view_set(v, "Common", "1");
    return rc ? rc : desk_page_send(req, v, 0);
}
