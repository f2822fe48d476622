/* What a person's thread is made of, and how it is put in order. See thread.h. */
#include "cgi-bin/admin/thread.h"
#include "core/phone.h"
#include "store/outbox.h"
#include "store/threads.h"
#include "talk/by_hand.h"
#include "wire/twilio_error.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define NUMBERS 10 /* of one person that are looked at */

struct gather {
    struct desk_request *req;
    const struct desk_contact *c;
    struct desk_thread_of of;
    struct admin_line *v;
    size_t n, room;
    bool full; /* a source gave as much as was asked for */
};

const char *admin_person_called(struct desk_request *req, const struct desk_contact *c)
{
    char number[64];
    if (c->name && *c->name)
        return c->name;
    return desk_arena_strdup(req->arena, desk_phone_national(number, sizeof number, c->number));
}

static void put(struct gather *g, struct admin_line line)
{
    if (g->n < g->room)
        g->v[g->n++] = line;
}

static void took(struct gather *g, size_t n)
{
    g->full = g->full || n == g->of.max;
}

/* ---- what came ------------------------------------------------------------------------------- */

static enum desk_rc theirs(struct gather *g)
{
    struct desk_text_in *rows;
    size_t n = 0;
    enum desk_rc rc = desk_thread_texts(g->req->db, g->req->arena, &g->of, &rows, &n);
    took(g, n);
    for (size_t i = 0; !rc && i < n; i++)
        put(g, (struct admin_line){.kind = ADMIN_LINE_THEIRS,
                                   .at = rows[i].created_at,
                                   .id = rows[i].id,
                                   .text = rows[i].text,
                                   .call_id = rows[i].call_id,
                                   .text_id = rows[i].id,
                                   .pictures = rows[i].pictures});
    return rc;
}

static enum desk_rc chats(struct gather *g)
{
    struct desk_turn *rows;
    size_t n = 0;
    enum desk_rc rc = desk_thread_chats(g->req->db, g->req->arena, &g->of, &rows, &n);
    took(g, n);
    for (size_t i = 0; !rc && i < n; i++)
        put(g,
            (struct admin_line){.kind = strcmp(rows[i].who, DESK_WHO_DESK) == 0 ? ADMIN_LINE_OURS
                                                                                : ADMIN_LINE_THEIRS,
                                .at = rows[i].created_at,
                                .id = rows[i].id,
                                .text = rows[i].text,
                                .call_id = rows[i].call_id,
                                .web = true});
    return rc;
}

static const char *call_words(struct desk_request *req, const struct desk_call *c)
{
    const char *what = strcmp(c->direction, "outbound") == 0 ? "You called" : "Called";
    return c->summary && *c->summary ? desk_arena_fmt(req->arena, "%s: %s", what, c->summary)
                                     : what;
}

/* Conversations by text and chats are there with their words. */
static enum desk_rc calls(struct gather *g)
{
    struct desk_call *rows;
    size_t n = 0;
    enum desk_rc rc = desk_thread_calls(g->req->db, g->req->arena, &g->of, &rows, &n);
    took(g, n);
    for (size_t i = 0; !rc && i < n; i++)
        if (!rows[i].channel || strcmp(rows[i].channel, DESK_CHANNEL_TELEPHONY) == 0)
            put(g, (struct admin_line){.kind = ADMIN_LINE_CALL,
                                       .at = rows[i].started_at,
                                       .id = rows[i].id,
                                       .text = call_words(g->req, &rows[i]),
                                       .call_id = rows[i].id});
    return rc;
}

static enum desk_rc messages(struct gather *g)
{
    struct desk_message *rows;
    size_t n = 0;
    enum desk_rc rc = desk_thread_messages(g->req->db, g->req->arena, &g->of, &rows, &n);
    took(g, n);
    for (size_t i = 0; !rc && i < n; i++)
        put(g, (struct admin_line){.kind = ADMIN_LINE_MESSAGE,
                                   .at = rows[i].created_at,
                                   .id = rows[i].id,
                                   .text = rows[i].text ? rows[i].text
                                                        : "A message; its words are not written "
                                                          "down.",
                                   .call_id = rows[i].call_id});
    return rc;
}

/* ---- what went ------------------------------------------------------------------------------- */

static const struct {
    const char *state, *words;
    bool failed, arrived;
} states[] = {
    {DESK_OUTBOX_WAITING, "Waiting to be sent", false, false},
    {DESK_OUTBOX_CLAIMED, "Being sent", false, false},
    {DESK_OUTBOX_SENT, "Sent", false, false},
    {DESK_OUTBOX_DELIVERED, "Delivered", false, true},
    {DESK_OUTBOX_REFUSED, "Not delivered", true, false},
    {DESK_OUTBOX_FAILED, "Not delivered", true, false},
    {DESK_OUTBOX_UNKNOWN, "It is not known whether it was sent", true, false},
    {DESK_OUTBOX_OPTED_OUT, "Not sent: they asked for no more texts", true, false},
    {DESK_OUTBOX_DROPPED, "Not sent: it was taken back", true, false},
};

void admin_text_state(struct desk_request *req, const struct desk_outbox *o, struct admin_line *l)
{
    const struct desk_twilio_error *error = desk_twilio_error_find(o->code);
    const char *why = error ? error->words : o->last_error;
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        if (strcmp(states[i].state, o->state) != 0)
            continue;
        l->state = states[i].words;
        l->failed = states[i].failed;
        l->arrived = states[i].arrived;
        if (strcmp(l->state, "Not delivered") == 0 && why && *why)
            l->state = desk_arena_fmt(req->arena, "Not delivered: %s", why);
    }
}

static void sent_one(struct gather *g, const struct desk_outbox *o)
{
    json_t *p = json_loads(o->payload ? o->payload : "", 0, NULL);
    struct admin_line l = {
        .kind = ADMIN_LINE_OURS,
        .at = o->created_at,
        .id = o->id,
        .text = desk_arena_strdup(g->req->arena, json_string_value(json_object_get(p, "body"))),
        .call_id = o->call_id,
        .by_hand = strncmp(o->dedupe, DESK_HAND_CAUSE, sizeof DESK_HAND_CAUSE - 1) == 0};
    json_decref(p);
    admin_text_state(g->req, o, &l);
    if (l.text)
        put(g, l);
}

static enum desk_rc sent_to(struct gather *g, const char *number_key)
{
    struct desk_outbox *rows;
    size_t n = 0;
    enum desk_rc rc = desk_thread_sent(g->req->db, g->req->arena, &g->of, number_key, &rows, &n);
    took(g, n);
    for (size_t i = 0; !rc && i < n; i++)
        sent_one(g, &rows[i]);
    return rc;
}

static enum desk_rc ours(struct gather *g)
{
    struct desk_contact *more;
    size_t n = 0;
    enum desk_rc rc = sent_to(g, g->c->number_key);
    if (!rc)
        rc = desk_contact_numbers(g->req->db, g->req->arena, g->of.tenant_id, g->c->id, &more, &n);
    for (size_t i = 0; !rc && i < n && i < NUMBERS; i++)
        rc = sent_to(g, more[i].number_key);
    return rc;
}

/* ---- in order -------------------------------------------------------------------------------- */

static int by_time(const void *a, const void *b)
{
    const struct admin_line *x = a, *y = b;
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return (int)x->kind - (int)y->kind; /* theirs before the answer */
}

enum desk_rc admin_thread_load(struct desk_request *req, const struct desk_contact *c,
                               int64_t before, size_t most, struct admin_line **out, size_t *n,
                               bool *more)
{
    static enum desk_rc (*const sources[])(struct gather *) = {theirs, chats, calls, messages,
                                                               ours};
    struct gather g = {.req = req,
                       .c = c,
                       .of = {req->tenant.id, c->id, before, most},
                       .room = most * (4 + 1 + NUMBERS)};
    enum desk_rc rc = DESK_OK;
    g.v = desk_arena_alloc(req->arena, g.room * sizeof *g.v);
    if (!g.v)
        return DESK_ENOMEM;
    for (size_t i = 0; !rc && i < sizeof sources / sizeof *sources; i++)
        rc = sources[i](&g);
    qsort(g.v, g.n, sizeof *g.v, by_time);
    *more = g.full || g.n > most;
    *out = g.n > most ? g.v + (g.n - most) : g.v;
    *n = g.n > most ? most : g.n;
    return rc;
}
