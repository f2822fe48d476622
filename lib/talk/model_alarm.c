#include "talk/model_alarm.h"
#include "base/config.h"
#include "base/log.h"
#include "store/outbox.h"
#include "store/settings.h"
#include "store/tenants.h"
#include "talk/business.h"
#include "talk/owner_tell.h"
#include "talk/texts.h"

#include <string.h>

#define ARENA_MAX (8 * 1024 * 1024)

struct alarm {
    struct desk_db *db;
    struct desk_arena *a;
    const struct desk_tenant *tenant;
    struct desk_business b;
    const char *key, *text, *body; /* body: as a text message */
    const char *chat;
};

static bool by_model(const struct desk_tenant_settings *own, enum desk_answer_mode m)
{
    return m == DESK_ANSWER_REALTIME ||
           (m == DESK_ANSWER_UNSAID &&
            strcmp(desk_tenant_setting(own, DESK_S_ANSWER_MODE), "realtime") == 0);
}

/* DESK_DONE: the model takes none of its calls, by day or by night. */
static enum desk_rc concerned(struct alarm *w)
{
    struct desk_tenant_settings own;
    const struct desk_business *b = &w->b;
    enum desk_rc rc = desk_tenant_settings_load(w->db, w->a, w->tenant->id, &own);
    if (rc)
        return rc;
    return by_model(&own, desk_business_mode(b, true)) ||
                   by_model(&own, desk_business_mode(b, false)) ||
                   b->answer.then == DESK_ANSWER_REALTIME
               ? DESK_OK
               : DESK_DONE;
}

static enum desk_rc words(struct alarm *w, const struct desk_model_alarm *m, int64_t now)
{
    char why[200];
    const char *what = desk_arena_fmt(w->a, "%s %s", m->engine, m->why ? m->why : "answers again");
    if (!what)
        return DESK_ENOMEM;
    w->key = m->why
                 ? desk_arena_fmt(w->a, "model:down:%lld", (long long)(now / DESK_MODEL_ALARM_MS))
                 : desk_arena_fmt(w->a, "model:back:%lld", (long long)m->since);
    const struct desk_sms_value v[] = {{"what", desk_text_line(w->a, what, 300, false)},
                                       {"back", m->why ? "" : "1"}};
    enum desk_rc rc = desk_text_render(w->a, &w->b, "trouble_owner", v, m->why ? 1 : 2, &w->body,
                                       why, sizeof why);
    if (rc)
        desk_log(DESK_LOG_ERROR, "model.alarm", "why=\"%s\"", why);
    w->text = w->body;
    return rc ? rc : w->key ? DESK_OK : DESK_ENOMEM;
}

static enum desk_rc queue(struct alarm *w, size_t *told)
{
    enum desk_rc rc = DESK_OK;
    const struct desk_business *b = &w->b;
    if (*w->chat)
        rc = desk_telegram_queue(w->db, w->a,
                                 &(struct desk_telegram_new){.tenant_id = w->tenant->id,
                                                             .chat = w->chat,
                                                             .text = w->text,
                                                             .key = w->key,
                                                             .priority = DESK_OUTBOX_ALERT});
    *told += rc == DESK_OK && *w->chat;
    if ((rc && rc != DESK_ECONFLICT) || !b->numbers.n || desk_cannot_text(b, b->owner->phone))
        return rc == DESK_ECONFLICT ? DESK_OK : rc;
    const struct desk_text text = {.tenant_id = w->tenant->id,
                                   .from = b->numbers.v[0],
                                   .to = b->owner->phone,
                                   .name = "trouble_owner",
                                   .body = w->body,
                                   .key = w->key,
                                   .priority = DESK_OUTBOX_ALERT};
    rc = desk_text_queue(w->db, w->a, &text);
    *told += rc == DESK_OK;
    return rc == DESK_ECONFLICT ? DESK_OK : rc;
}

static enum desk_rc tell(struct desk_db *db, const struct desk_tenant *t,
                         const struct desk_model_alarm *m, int64_t now, size_t *told)
{
    struct alarm w = {.db = db, .a = desk_arena_new(ARENA_MAX), .tenant = t, .chat = ""};
    enum desk_rc rc = w.a ? desk_business_load(db, w.a, t->id, NULL, &w.b) : DESK_ENOMEM;
    if (!rc)
        rc = concerned(&w);
    if (!rc)
        rc = words(&w, m, now);
    if (!rc)
        rc = desk_owner_chat(db, w.a, t->id, &w.b, &w.chat);
    if (!rc)
        rc = DESK_TX_BEGIN(db);
    if (!rc)
        rc = desk_tx_end(db, queue(&w, told));
    desk_arena_free(w.a);
    return rc == DESK_DONE ? DESK_OK : rc;
}

enum desk_rc desk_model_alarm(struct desk_db *db, const struct desk_model_alarm *m, int64_t now,
                              size_t *told)
{
    struct desk_tenant *t;
    size_t n = 0;
    struct desk_arena *a = desk_arena_new(ARENA_MAX);
    enum desk_rc rc = a ? desk_tenant_list(db, a, &t, &n) : DESK_ENOMEM, bad = rc;
    *told = 0;
    for (size_t i = 0; !rc && i < n; i++) {
        enum desk_rc one = tell(db, &t[i], m, now, told);
        bad = bad ? bad : one;
    }
    desk_arena_free(a);
    return bad;
}
