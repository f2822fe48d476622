/* An event to a webhook: signed with the secrets that hold now, and what came of it noted beside
 * the webhook, too. One that is off gets nothing, but for a test. One that this very failure
 * switches off: the owner is told. */
#include "worker/kinds.h"
#include "base/log.h"
#include "store/webhook_events.h"
#include "talk/webhooks.h"

#include <stdlib.h>
#include <string.h>

#define SECRETS_MOST 4

static bool is_test(const struct outbox_work *w)
{
    const char *event = outbox_payload(w, "event");
    return event && strcmp(event, "webhook.test") == 0;
}

/* webhook-id: the row's own, or that of what it sends once more. */
static const char *id_of(const struct outbox_work *w)
{
    const char *first = outbox_payload(w, "id");
    return first ? first : w->row->id;
}

static void send_it(const struct outbox_work *w, const struct desk_webhook *hook,
                    const struct desk_webhook_secret *secrets, size_t n,
                    struct desk_outbox_result *r)
{
    const char *list[SECRETS_MOST];
    struct desk_webhook_post p = {.url = hook->url,
                                  .id = id_of(w),
                                  .trace = desk_log_bound()->trace,
                                  .body = outbox_payload(w, "body"),
                                  .secrets = list};
    for (size_t i = 0; i < n && i < SECRETS_MOST; i++)
        list[p.n_secrets++] = secrets[i].secret;
    if (p.body)
        w->services->webhook->post(&p, r);
    else
        outbox_fail(r, "The row does not say what to send.");
}

static enum desk_rc note_sent(const struct outbox_work *w, const struct desk_webhook *hook,
                              const struct desk_outbox_result *r)
{
    enum desk_rc rc =
        desk_webhook_worked(w->db, hook->tenant_id, hook->id, strtol(r->remote_state, NULL, 10));
    return rc ? rc : desk_webhook_arrived(w->db, hook, w->row, id_of(w));
}

/* now: as it stands afterwards. */
static enum desk_rc note_failed(const struct outbox_work *w, const struct desk_webhook *hook,
                                const struct desk_outbox_result *r, struct desk_webhook *now)
{
    enum desk_rc rc = desk_webhook_failed(w->db, hook->tenant_id, hook->id, r->code, r->code == 410,
                                          outbox_last(w, r));
    if (!rc)
        rc = desk_webhook_get(w->db, w->arena, hook->tenant_id, hook->id, now);
    if (!rc && strcmp(hook->state, DESK_WEBHOOK_ON) == 0 && strcmp(now->state, hook->state) != 0 &&
        strcmp(now->state, DESK_WEBHOOK_OFF) != 0)
        rc = desk_webhook_off_tell(w->db, w->arena, now);
    return rc;
}

/* How the webhook does. Lost when the database cannot be written just then: the next one tells. */
static void note(const struct outbox_work *w, const struct desk_webhook *hook,
                 const struct desk_outbox_result *r, struct desk_webhook *now)
{
    enum desk_rc rc = DESK_TX_BEGIN(w->db);
    *now = *hook;
    if (!rc)
        rc = desk_tx_end(w->db, r->end == DESK_END_SENT ? note_sent(w, hook, r)
                                                        : note_failed(w, hook, r, now));
    if (rc)
        desk_log(DESK_LOG_WARN, "webhook.note", "id=%s rc=%s", hook->id, desk_rc_name(rc));
}

/* Switched off by this very failure: that stands under what needs attention, in words. */
static void say_switched_off(const struct outbox_work *w, const struct desk_webhook *before,
                             const struct desk_webhook *now, struct desk_outbox_result *r)
{
    if (strcmp(now->state, DESK_WEBHOOK_FAILING) != 0 || strcmp(before->state, now->state) == 0)
        return;
    desk_log(DESK_LOG_WARN, "webhook.switched_off", "id=%s", before->id);
    const char *why = desk_arena_strdup(w->arena, r->why);
    desk_outbox_ended(r, DESK_END_FAILED,
                      "Nothing got through for three days: the webhook was switched off. %.250s",
                      why ? why : "");
}

void deliver_webhook(const struct outbox_work *w, struct desk_outbox_result *r)
{
    struct desk_webhook hook, now;
    struct desk_webhook_secret *secrets = NULL;
    size_t n = 0;
    *r = (struct desk_outbox_result){.end = DESK_END_FAILED};
    enum desk_rc rc = desk_webhook_get(w->db, w->arena, w->row->tenant_id, w->row->dest, &hook);
    if (rc == DESK_ENOTFOUND) {
        desk_outbox_ended(r, DESK_END_REFUSED, "The webhook was removed.");
        return;
    }
    if (!rc && strcmp(hook.state, DESK_WEBHOOK_ON) != 0 && !is_test(w)) {
        desk_outbox_ended(r, DESK_END_REFUSED, "The webhook is switched off (%s).", hook.state);
        return;
    }
    if (!rc)
        rc = desk_webhook_secrets(w->db, w->arena, hook.tenant_id, hook.id, &secrets, &n);
    if (rc) {
        outbox_again(r, rc);
        return;
    }
    send_it(w, &hook, secrets, n, r);
    note(w, &hook, r, &now);
    if (r->end != DESK_END_SENT)
        say_switched_off(w, &hook, &now, r);
}
