#include "talk/lead_notice.h"
#include "base/log.h"
#include "core/phone.h"
#include "store/outbox.h"
#include "talk/owner_tell.h"
#include "talk/texts.h"

#include <string.h>

#define WHO_CUT     80
#define JOB_CUT     160
#define ADDRESS_CUT 100
#define BUDGET_CUT  40

struct notice {
    struct desk_db *db;
    struct desk_arena *a;
    const struct desk_business *b;
    const struct desk_call *c;
    const struct desk_lead *l;
    const char *body, *key;
};

/* "Dana Reed, (415) 555-0134"; without a number the mail. */
static const char *who(const struct notice *n)
{
    char spoken[DESK_PHONE_LEN + 16];
    const struct desk_lead *l = n->l;
    const char *at = l->number ? spoken : l->email ? l->email : "a hidden number";
    if (l->number)
        desk_phone_national(spoken, sizeof spoken, l->number);
    const char *both = l->name ? desk_arena_fmt(n->a, "%s, %s", l->name, at) : at;
    return both ? desk_text_line(n->a, both, WHO_CUT, false) : "";
}

static const char *line(const struct notice *n, const char *text, size_t most)
{
    return text && *text ? desk_text_line(n->a, text, most, false) : NULL;
}

/* The house's words where the owner's own do not fit: the lead must be written all the same. */
static enum desk_rc render(struct notice *n)
{
    char why[200];
    const struct desk_sms_value v[] = {{"caller", who(n)},
                                       {"job", line(n, n->l->job, JOB_CUT)},
                                       {"address", line(n, n->l->address, ADDRESS_CUT)},
                                       {"budget", line(n, n->l->budget, BUDGET_CUT)}};
    enum desk_rc rc = desk_text_render(n->a, n->b, "lead_owner", v, sizeof v / sizeof *v, &n->body,
                                       why, sizeof why);
    if (!rc || rc == DESK_ENOMEM)
        return rc;
    desk_log(DESK_LOG_ERROR, "lead.words", "why=\"%s\"", why);
    n->body = desk_arena_fmt(n->a, "%s: a new lead from %s.", n->b->name, v[0].value);
    return n->body ? DESK_OK : DESK_ENOMEM;
}

static enum desk_rc by_text(const struct notice *n)
{
    enum desk_rc rc = desk_text_queue(n->db, n->a,
                                      &(struct desk_text){.tenant_id = n->c->tenant_id,
                                                          .call_id = n->c->id,
                                                          .from = n->c->to_number,
                                                          .to = n->b->owner->phone,
                                                          .name = "lead_owner",
                                                          .body = n->body,
                                                          .key = n->key});
    return rc == DESK_ECONFLICT ? DESK_OK : rc;
}

/* Of health data nothing leaves by Telegram but that there is something to look at. */
static enum desk_rc by_telegram(const struct notice *n, const char *chat)
{
    const char *text = n->b->phi
                           ? desk_arena_fmt(n->a, "%s: a new lead. See the dashboard.", n->b->name)
                           : n->body;
    enum desk_rc rc =
        text ? desk_telegram_queue(n->db, n->a,
                                   &(struct desk_telegram_new){.tenant_id = n->c->tenant_id,
                                                               .call_id = n->c->id,
                                                               .chat = chat,
                                                               .text = text,
                                                               .key = n->key,
                                                               .priority = DESK_OUTBOX_NORMAL})
             : DESK_ENOMEM;
    return rc == DESK_ECONFLICT ? DESK_OK : rc;
}

enum desk_rc desk_lead_notice(struct desk_db *db, struct desk_arena *a,
                              const struct desk_business *b, const struct desk_call *c,
                              const struct desk_lead *l)
{
    struct notice n = {.db = db, .a = a, .b = b, .c = c, .l = l};
    struct desk_owner_ways ways;
    if (b->after.leads_off)
        return DESK_OK;
    enum desk_rc rc = desk_owner_ways(db, a, c->tenant_id, b, c->to_number, &ways);
    if (rc || !(*ways.chat || ways.text))
        return rc;
    n.key = desk_arena_fmt(a, DESK_LEAD_NOTICE "%s", l->id);
    rc = n.key ? render(&n) : DESK_ENOMEM;
    if (!rc && *ways.chat)
        rc = by_telegram(&n, ways.chat);
    return !rc && ways.text ? by_text(&n) : rc;
}
