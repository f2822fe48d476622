/* Reminders by call (talk/remind_call.h): one try is dialled, and what follows when it is over. A
 * request whose answer is lost is never sent again: Twilio's webhooks say whether it was taken, and
 * where they say nothing for long enough, a text goes in its place. */
#include "worker/kinds.h"
#include "worker/worker.h"
#include "base/clock.h"
#include "base/log.h"
#include "talk/remind_call.h"

#include <jansson.h>

#define RING_S 25   /* a carrier's mailbox takes over later */
#define MOST_S 3600 /* longest call: it may have been put through */
#define ARENA  (8 * 1024 * 1024)

static const char *url(const struct outbox_work *w, const char *base, const char *path,
                       const char *id, int64_t n)
{
    return desk_arena_fmt(w->arena, "%s%s?id=%s&t=%lld", base, path, id, (long long)n);
}

static void dial(const struct outbox_work *w, const char *id, int64_t n, bool message,
                 struct desk_outbox_result *r)
{
    struct desk_twilio_account account;
    const char *base = outbox_base(w);
    if (!base) {
        outbox_fail(r, "PUBLIC_BASE_URL is not an address that Twilio can reach.");
        return;
    }
    const struct desk_twilio_call call = {
        .to = outbox_payload(w, "to"),
        .from = outbox_payload(w, "from"),
        .ring_s = RING_S,
        .most_s = MOST_S,
        .url = url(w, base, "/voice/reminder", id, n),
        .status_callback = url(w, base, "/voice/reminder-status", id, n),
        .machine_callback = url(w, base, "/voice/reminder-machine", id, n),
        .to_beep = message};
    if (!call.to || !call.from || !call.url || !call.status_callback || !call.machine_callback)
        outbox_again(r, DESK_ENOMEM);
    else if (outbox_account(&account, r))
        w->services->twilio->call(&account, &call, r);
}

static int64_t number_of_try(const struct outbox_work *w)
{
    json_t *p = json_loads(w->row->payload ? w->row->payload : "", 0, NULL);
    int64_t n = json_integer_value(json_object_get(p, "try"));
    json_decref(p);
    return n;
}

void deliver_remind_call(const struct outbox_work *w, struct desk_outbox_result *r)
{
    struct desk_remind_turn turn;
    const char *id = outbox_payload(w, "out");
    int64_t n = number_of_try(w);
    *r = (struct desk_outbox_result){.end = DESK_END_FAILED};
    enum desk_rc rc =
        id ? desk_remind_call_begin(w->db, w->arena, id, n, desk_now_ms(), &turn) : DESK_ENOTFOUND;
    if (rc == DESK_ENOTFOUND)
        outbox_fail(r, "The row does not say whom to call.");
    else if (rc)
        outbox_again(r, rc);
    else if (turn.may == DESK_REMIND_GO)
        dial(w, id, n, turn.message, r);
    else
        desk_outbox_ended(r, turn.may == DESK_REMIND_LATER ? DESK_END_LATER : DESK_END_OVERTAKEN,
                          "%s", turn.why);
    if (!rc && turn.may == DESK_REMIND_LATER)
        r->wait_ms = turn.wait_ms;
}

enum desk_rc job_remind_calls(struct desk_db *db)
{
    struct desk_out_call *rows = NULL;
    size_t n = 0;
    int64_t now = desk_now_ms();
    struct desk_arena *list = desk_arena_new(ARENA), *a = desk_arena_new(ARENA);
    enum desk_rc rc = list && a
                          ? desk_out_call_over(db, list, now - DESK_REMIND_STALE_MS, &rows, &n)
                          : DESK_ENOMEM;
    for (size_t i = 0; !rc && i < n; i++) {
        enum desk_rc one = desk_remind_call_settle(db, a, &rows[i], now);
        if (one && one != DESK_DONE) /* the others must not wait for it */
            desk_log(DESK_LOG_ERROR, "worker.remind_calls", "id=%s rc=%s", rows[i].id,
                     desk_rc_name(one));
        desk_arena_reset(a);
    }
    desk_arena_free(a);
    desk_arena_free(list);
    return rc;
}
