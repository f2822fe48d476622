/* A practice call by turns of text: the caller's answers in, the receptionist's words out. */
#include "talk/practice.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/limits.h"
#include "core/dates.h"
#include "store/conversation.h"
#include "talk/business.h"
#include "talk/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SAYING_MS  7000LL /* so long it takes to say something and to be answered */
#define VOICE_IDLE (10 * 60000LL)
#define TEXT_IDLE  (30 * 60000LL) /* what was written longer ago is another conversation */
#define SLOTS_MOST 16

struct playing {
    struct desk_practice_place *pl;
    const struct desk_practice *p;
    struct desk_practice_stand stand;
    struct desk_practice_reply reply;
    struct desk_vs vs;
    struct desk_practice_slot slots[DESK_PRACTICE_SLOTS];
    size_t n_slots, n_runs;
    int64_t now;
};

static bool same(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

static void pass(struct playing *k, int64_t ms)
{
    k->now += ms;
    desk_clock_fake(k->now);
}

const char *desk_practice_dialled(struct desk_arena *a, const struct desk_practice *p)
{
    size_t i;
    json_t *v;
    const char *word = "completed";
    json_array_foreach(json_object_get(p->doc, "behaviour"), i, v)
    {
        struct desk_practice_behaviour b;
        desk_practice_behaviour_read(json_string_value(v), &b);
        if (b.event == DESK_PRACTICE_DIAL)
            word = desk_arena_strdup(a, b.word);
    }
    return word ? word : "completed";
}

/* ---- times that are offered ------------------------------------------------------------------ */

struct slots {
    struct desk_practice_place *pl;
    struct desk_when_place at;
    struct desk_practice_slot *v;
    size_t n;
};

static enum desk_rc take_slot(struct slots *k, const char *when)
{
    struct desk_resolved r;
    if (!when || k->n == DESK_PRACTICE_SLOTS)
        return DESK_OK;
    desk_when_spoken(when, &k->at, &r);
    k->v[k->n++] = (struct desk_practice_slot){desk_arena_strdup(k->pl->a, when),
                                               r.kind == DESK_WHEN_SLOT_WINDOW ? r.start : 0};
    return k->v[k->n - 1].when ? DESK_OK : DESK_ENOMEM;
}

static enum desk_rc slots_of(struct slots *k, const char *result)
{
    size_t i;
    json_t *v;
    enum desk_rc rc = DESK_OK;
    json_t *root = result ? json_loads(result, 0, NULL) : NULL;
    json_array_foreach(json_object_get(root, "slots"), i, v)
    {
        if (!rc)
            rc = take_slot(k, json_string_value(json_object_get(v, "when")));
    }
    json_decref(root);
    return rc;
}

enum desk_rc desk_practice_slots(struct desk_practice_place *pl, const char *call_id,
                                 size_t *n_runs, struct desk_practice_slot out[DESK_PRACTICE_SLOTS],
                                 size_t *n)
{
    struct desk_tool_run *runs;
    struct slots k = {.pl = pl, .v = out};
    size_t all = 0;
    struct desk_business *b = desk_arena_alloc(pl->a, sizeof *b);
    enum desk_rc rc =
        b ? desk_business_load(pl->db, pl->a, pl->tenant.id, pl->location.id, b) : DESK_ENOMEM;
    if (!rc)
        rc = desk_tool_run_list(pl->db, pl->a, pl->tenant.id, call_id, &runs, &all);
    if (!rc)
        k.at = (struct desk_when_place){b->hours, b->zone, desk_now_ms(), b->day_first};
    for (; !rc && *n_runs < all; (*n_runs)++)
        rc = slots_of(&k, runs[*n_runs].result);
    *n = k.n;
    return rc;
}

/* ---- turns ----------------------------------------------------------------------------------- */

static enum desk_rc begin(struct playing *k)
{
    const bool text = k->p->by_text;
    const struct desk_vs_new in = {.tenant = &k->pl->tenant,
                                   .location = &k->pl->location,
                                   .to = k->pl->number,
                                   .channel = text ? DESK_CHANNEL_SESSION : DESK_CHANNEL_TELEPHONY,
                                   .from = k->pl->from ? k->pl->from : "",
                                   .vouched = true,
                                   .audio = "none",
                                   .idle_ms = text ? TEXT_IDLE : VOICE_IDLE};
    return desk_vsession_start(k->pl->db, k->pl->a, &in, &k->vs);
}

static enum desk_rc say(struct playing *k, enum desk_brain_event event, const char *text)
{
    struct desk_vs_turn t = {.got = DESK_VS_MINE};
    enum desk_rc rc = desk_vsession_claim(k->pl->db, k->pl->a, &k->vs, &t);
    if (!rc && t.got == DESK_VS_ENDED) { /* it lapsed meanwhile: who comes back begins anew */
        rc = begin(k);
        if (!rc)
            rc = desk_vsession_claim(k->pl->db, k->pl->a, &k->vs, &t);
    }
    if (!rc && t.got != DESK_VS_MINE)
        rc = DESK_ECONFLICT;
    return rc ? rc : desk_vsession_answer(k->pl->db, k->pl->a, &k->vs, &t, event, text);
}

static enum desk_rc end(struct playing *k, const char *word)
{
    const struct desk_vs_ending *e = desk_vs_endings;
    while (e->word && strcmp(e->word, word) != 0)
        e++;
    enum desk_rc rc = desk_vsession_end(k->pl->db, k->pl->a, &k->vs, e);
    return rc == DESK_DONE ? DESK_OK : rc;
}

/* The caller is put through: what became of it is in the script. True: the call is over. */
static enum desk_rc put_through(struct playing *k, bool *over)
{
    const char *word = desk_practice_dialled(k->pl->a, k->p);
    *over = same(word, "completed") || same(word, "answered");
    if (*over)
        return end(k, "transferred");
    pass(k, 20000); /* it rang */
    return say(k, DESK_BRAIN_SILENCE, "");
}

static enum desk_rc answer(struct playing *k, bool *over)
{
    const struct desk_practice_heard heard = {k->vs.talk.say ? k->vs.talk.say : "", k->slots,
                                              k->n_slots};
    desk_practice_reply(k->p, &k->stand, &heard, &k->reply);
    pass(k, SAYING_MS + k->reply.wait_ms);
    if (k->reply.leaves) {
        *over = true;
        return end(k, "caller_left");
    }
    return k->reply.silent ? say(k, DESK_BRAIN_SILENCE, "")
                           : say(k, DESK_BRAIN_SPEECH, k->reply.text);
}

/* One exchange. */
static enum desk_rc exchange(struct playing *k, bool *over)
{
    enum desk_rc rc = desk_practice_slots(k->pl, k->vs.call.id, &k->n_runs, k->slots, &k->n_slots);
    if (rc)
        return rc;
    if (k->vs.state != DESK_VS_ACTIVE) {
        *over = true;
        return DESK_OK;
    }
    if (k->vs.talk.done && same(k->vs.call.next_step, DESK_NEXT_TRANSFER))
        return put_through(k, over);
    return answer(k, over);
}

enum desk_rc desk_practice_talk(struct desk_practice_place *pl, const struct desk_practice *p,
                                char *why, size_t n)
{
    bool over = false;
    struct playing *k = desk_arena_alloc(pl->a, sizeof *k);
    snprintf(why, n, "the conversation could not go on");
    if (!k)
        return DESK_ENOMEM;
    *k = (struct playing){.pl = pl, .p = p, .now = p->now};
    enum desk_rc rc = begin(k);
    if (!rc && k->vs.state == DESK_VS_ACTIVE && !k->vs.talk.done) {
        pass(k, SAYING_MS);
        rc = *p->opening ? say(k, DESK_BRAIN_SPEECH, p->opening) : say(k, DESK_BRAIN_SILENCE, "");
    }
    for (long i = 0; !rc && !over && i < p->max_turns; i++)
        rc = exchange(k, &over);
    if (!rc && !over && k->vs.state == DESK_VS_ACTIVE)
        rc = end(k, "caller_left");
    return rc;
}
