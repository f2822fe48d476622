/* A reminder's call (remind.h): key 2. The visit is cancelled or moved by the calendar, by keys,
 * and they hear what has come true; what cannot be done so is put through, or called back about. */
#include "cgi-bin/hook/remind.h"
#include "base/clock.h"
#include "core/dates.h"
#include "store/promises.h"
#include "talk/calendar.h"

#include <stdio.h>
#include <string.h>

#define KEY_S   8
#define OFFERED 3

static struct desk_calendar_place place_of(struct desk_request *req, const struct reminder *r)
{
    return (struct desk_calendar_place){.db = req->db,
                                        .arena = req->arena,
                                        .tenant_id = r->c.tenant_id,
                                        .location_id = r->row.location_id,
                                        .business = req->business,
                                        .now = desk_now_ms(),
                                        .on_the_line = true};
}

static const char *when_of(struct desk_request *req, const struct reminder *r, int64_t at)
{
    char when[160];
    const struct desk_calendar_place p = place_of(req, r);
    return desk_arena_strdup(req->arena, desk_calendar_say(&p, at, when, sizeof when));
}

static enum desk_rc bye(struct desk_request *req, const char *words)
{
    return words ? hook_answer_goodbye(req, words) : DESK_ENOMEM;
}

enum desk_rc remind_as_it_is(struct desk_request *req, const struct reminder *r)
{
    bool booked =
        strcmp(r->row.status, DESK_APPT_BOOKED) == 0 || strcmp(r->row.status, DESK_APPT_MOVED) == 0;
    if (strcmp(r->row.status, DESK_APPT_CANCELLED) == 0)
        return bye(req, "It is cancelled. Goodbye.");
    if (booked)
        return bye(req, desk_arena_fmt(req->arena, "Your appointment is on %s now. Goodbye.",
                                       when_of(req, r, r->row.start_at)));
    return bye(req, "There is nothing to change any more. Goodbye.");
}

/* ---- somebody -------------------------------------------------------------------------------- */

static bool somebody_there(const struct desk_request *req, struct desk_ring *ring)
{
    struct desk_hours_state hours;
    desk_hours_at(req->business->hours, req->business->zone, desk_now_ms(), &hours);
    return hours.open && desk_business_ring(req->business, "owner", desk_now_ms(), ring);
}

/* The call back is promised already: being put through keeps it. */
static enum desk_rc somebody(struct desk_request *req, struct reminder *r)
{
    struct desk_ring ring;
    if (somebody_there(req, &ring))
        return hook_answer_ring(req, &r->call, "owner", HOOK_PUT_THROUGH);
    return bye(req, "Somebody will call you back about it. Goodbye.");
}

/* It was done here: nobody need call. In a transaction. */
static enum desk_rc drop_promise(struct desk_request *req, const struct reminder *r)
{
    struct desk_callback *rows;
    size_t n = 0;
    enum desk_rc rc =
        desk_callback_by_call(req->db, req->arena, r->call.tenant_id, r->call.id, &rows, &n);
    for (size_t i = 0; !rc && i < n; i++)
        if (strcmp(rows[i].state, "open") == 0)
            rc = desk_callback_close(req->db, r->call.tenant_id, rows[i].id, "dropped");
    return rc;
}

static enum desk_rc done(struct desk_request *req, const struct reminder *r, const char *name,
                         const char *words, const char *outcome)
{
    enum desk_rc rc = words ? drop_promise(req, r) : DESK_ENOMEM;
    if (!rc)
        rc = hook_event(req, &r->call, "note", name, words, name);
    return rc ? rc : desk_call_outcome(req->db, r->call.tenant_id, r->call.id, outcome, true);
}

/* ---- what is asked --------------------------------------------------------------------------- */

static enum desk_rc ask(struct desk_request *req, const struct reminder *r, const char *what,
                        const char *words)
{
    struct desk_twiml t;
    const char *action = desk_arena_fmt(req->arena, "%s/voice/reminder-change?id=%s&t=%lld&w=%s",
                                        desk_public_base(), r->c.id, (long long)r->c.tries, what);
    if (!action || !words)
        return DESK_ENOMEM;
    desk_twiml_init(&t);
    desk_twiml_gather_open(&t, &(struct desk_twiml_gather){.input = "dtmf",
                                                           .action = action,
                                                           .timeout_s = KEY_S,
                                                           .num_digits = 1,
                                                           .action_on_empty_result = true});
    hook_say(&t, words);
    desk_twiml_close(&t);
    desk_twiml_hangup(&t);
    return hook_send(req, &t);
}

/* Of the business as it is now; NULL: it does that no more. */
static const struct desk_service *service_of(const struct desk_request *req,
                                             const struct reminder *r)
{
    const struct desk_business *b = req->business;
    for (size_t i = 0; r->row.service && i < b->n_services; i++)
        if (strcmp(b->services[i].id, r->row.service) == 0)
            return &b->services[i];
    return NULL;
}

enum desk_rc remind_change_menu(struct desk_request *req, struct reminder *r)
{
    struct desk_ring ring;
    if (!service_of(req, r))
        return somebody(req, r);
    return ask(req, r, "menu",
               desk_arena_fmt(req->arena,
                              "To cancel the appointment, press 1. For another time, press 2. %s",
                              somebody_there(req, &ring) ? "To talk to somebody, press 3."
                                                         : "To be called back, press 3."));
}

static enum desk_rc ask_sure(struct desk_request *req, struct reminder *r)
{
    return ask(req, r, "sure",
               desk_arena_fmt(req->arena,
                              "To cancel the appointment on %s, press 1. To keep it, press 2.",
                              when_of(req, r, r->row.start_at)));
}

/* The next free times, one a day, each under a key. first: said before. */
static enum desk_rc offer(struct desk_request *req, struct reminder *r, const char *first)
{
    const struct desk_calendar_place p = place_of(req, r);
    struct desk_slots *found = desk_arena_alloc(req->arena, sizeof *found);
    const struct desk_calendar_ask q = {.service = service_of(req, r),
                                        .wish = {.from = p.now},
                                        .resource = DESK_SLOT_ALL,
                                        .max = OFFERED,
                                        .per_day = 1,
                                        .but = {r->row.id},
                                        .n_but = 1};
    if (!q.service || !found)
        return found ? somebody(req, r) : DESK_ENOMEM;
    enum desk_rc rc = desk_calendar_of(&p)->find(&p, &q, found);
    if (rc || !found->n)
        return rc ? rc : somebody(req, r);
    const char *words = first, *what = "times";
    for (size_t i = 0; words && what && i < found->n; i++) {
        char id[DESK_SLOT_REF_LEN];
        const struct desk_calendar_slot slot = {found->v[i], q.service};
        words = desk_arena_fmt(req->arena, "%sFor %s, press %zu. ", words,
                               when_of(req, r, slot.slot.start), i + 1);
        what =
            desk_arena_fmt(req->arena, "%s&s%zu=%s", what, i + 1, desk_slot_id_make(&p, &slot, id));
    }
    return words && what ? ask(req, r, what,
                               desk_arena_fmt(req->arena, "%sFor none of these, press 9.", words))
                         : DESK_ENOMEM;
}

/* ---- what is done ---------------------------------------------------------------------------- */

static enum desk_rc cancel_in_tx(struct desk_request *req, struct reminder *r,
                                 struct desk_booked *out)
{
    const struct desk_calendar_place p = place_of(req, r);
    enum desk_rc rc = desk_calendar_of(&p)->cancel(&p, &r->row, out);
    return rc ? rc
              : done(req, r, "visit_off",
                     desk_arena_fmt(req->arena, "Cancelled by a key: %s on %s.",
                                    r->row.service_name, when_of(req, r, r->row.start_at)),
                     DESK_OUT_CANCELLED);
}

static enum desk_rc on_sure(struct desk_request *req, struct reminder *r, int key)
{
    struct desk_booked out;
    if (key != 1 && key != 2)
        return somebody(req, r);
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    if (rc)
        return rc;
    if (key == 2) {
        rc = remind_said(req, r, DESK_ANSWER_COMING);
        if (!rc)
            rc = done(req, r, "visit_kept", "They keep it after all.", DESK_OUT_ANSWERED);
        rc = desk_tx_end(req->db, rc);
        return rc ? rc : bye(req, "It stands as it was. Goodbye.");
    }
    rc = desk_tx_end(req->db, cancel_in_tx(req, r, &out));
    if (rc)
        return rc;
    return bye(req, out.firm ? "It is cancelled. Thank you for telling us. Goodbye."
                             : "We have asked for it to be cancelled, and tell you when it is. "
                               "Goodbye.");
}

static enum desk_rc move_in_tx(struct desk_request *req, struct reminder *r,
                               const struct desk_calendar_slot *slot, struct desk_booked *out)
{
    const struct desk_calendar_place p = place_of(req, r);
    enum desk_rc rc = desk_calendar_of(&p)->move(&p, &r->row, slot, false, out);
    return rc ? rc
              : done(req, r, "visit_moved",
                     desk_arena_fmt(req->arena, "Moved by a key: %s from %s to %s.",
                                    r->row.service_name, when_of(req, r, r->row.start_at),
                                    when_of(req, r, slot->slot.start)),
                     DESK_OUT_BOOKED);
}

static enum desk_rc on_times(struct desk_request *req, struct reminder *r, int key)
{
    char name[4];
    struct desk_booked out;
    struct desk_calendar_slot slot;
    const struct desk_calendar_place p = place_of(req, r);
    snprintf(name, sizeof name, "s%d", key);
    if (key < 1 || key > OFFERED ||
        desk_slot_id_open(&p, hook_text(req, name), &slot) != DESK_SLOT_ID_OK)
        return somebody(req, r);
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    if (!rc)
        rc = desk_tx_end(req->db, move_in_tx(req, r, &slot, &out));
    if (rc == DESK_ECONFLICT)
        return offer(req, r, "I am sorry, that time has just been taken. ");
    if (rc)
        return rc;
    return bye(req, desk_arena_fmt(req->arena,
                                   out.firm ? "It is moved to %s. Goodbye."
                                            : "We have asked for %s, and tell you when it is "
                                              "confirmed. Goodbye.",
                                   when_of(req, r, slot.slot.start)));
}

static enum desk_rc on_menu(struct desk_request *req, struct reminder *r, int key)
{
    return key == 1 ? ask_sure(req, r) : key == 2 ? offer(req, r, "") : somebody(req, r);
}

static const struct {
    const char *what;
    enum desk_rc (*run)(struct desk_request *, struct reminder *, int key); /* 0 = none */
} stages[] = {{"menu", on_menu}, {"sure", on_sure}, {"times", on_times}};

/* GET/POST /voice/reminder-change: what they answered to what was asked. Twice is once. */
enum desk_rc hook_reminder_change(struct desk_request *req)
{
    struct reminder r;
    const char *digits = hook_text(req, "Digits"), *what = hook_text(req, "w");
    int key = *digits >= '0' && *digits <= '9' && !digits[1] ? *digits - '0' : 0;
    enum desk_rc rc = remind_load(req, &r);
    if (!rc)
        rc = remind_taken(req, &r);
    if (rc == DESK_ENOTFOUND || rc == DESK_DONE)
        return hook_answer_goodbye(req, NULL);
    if (rc)
        return rc;
    if (!remind_stands(&r))
        return remind_as_it_is(req, &r);
    for (size_t i = 0; i < sizeof stages / sizeof *stages; i++)
        if (strcmp(stages[i].what, what) == 0)
            return stages[i].run(req, &r, key);
    return somebody(req, &r);
}
