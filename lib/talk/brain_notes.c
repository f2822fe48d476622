/* What the rules write down beside the callback or visit that a talk has come to: a client's
 * trouble as a ticket, new work as a lead, a supplier's call as a note. The dialog asks for nothing
 * more for it; a model decides on these by itself. */
#include "talk/brain_set.h"
#include "core/intent.h"
#include "core/route.h"
#include "talk/business.h"

#include <stdlib.h>
#include <string.h>

#define SURE 50 /* percent, of what the judge of wishes thinks */

struct noting {
    const struct desk_brain_turn *t;
    const struct desk_dialog *d;
    struct desk_intent_judged wish;
    const char *what; /* what it is about, in the caller's words */
    bool client, vendor;
};

static bool same(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

static bool is_vendor(const struct noting *n)
{
    return n->vendor;
}
/* A client has somebody come, and not to talk of a project: something is amiss, however it is told.
 */
static bool is_trouble(const struct noting *n)
{
    bool comes =
        n->d->wish == DESK_WISH_VISIT && n->d->service[0] && !desk_dialog_is_project(n->d->service);
    bool amiss =
        n->wish.kind == DESK_INTENT_SUPPORT || (comes && n->wish.kind == DESK_INTENT_OTHER);
    return n->client && !n->vendor && amiss;
}
static bool is_lead(const struct noting *n)
{
    return !n->vendor && n->wish.kind == DESK_INTENT_SALES;
}

static void put(json_t *o, const char *key, const char *value)
{
    if (o && value && *value)
        json_object_set_new(o, key, json_string(value));
}

static json_t *ticket(const struct noting *n)
{
    json_t *o = json_object();
    put(o, "problem", n->what);
    put(o, "name", n->d->name);
    put(o, "number", n->d->number);
    put(o, "address", n->d->address);
    return o;
}

static json_t *lead(const struct noting *n)
{
    json_t *o = json_object();
    put(o, "job", n->what);
    put(o, "name", n->d->name);
    put(o, "number", n->d->number);
    put(o, "address", n->d->address);
    put(o, "timeline", n->d->when);
    return o;
}

/* "this is Bev from Keystone Pipe Supply calling about …": what stands behind "from". */
static const char *company_of(const struct noting *n)
{
    static const char *const ends[] = {" calling", " about", " regarding", " and ", " with ",
                                       " i ",      " we ",   " your ",     "."};
    const char *from = strcasestr(n->what, " from ");
    if (!from)
        from = strcasestr(n->what, " with ");
    if (!from)
        return n->d->name[0] ? n->d->name : "not said";
    from += strlen(" from ");
    size_t len = strcspn(from, ",.;");
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        const char *end = strcasestr(from, ends[i]);
        len = end && (size_t)(end - from) < len ? (size_t)(end - from) : len;
    }
    const char *name = desk_arena_strndup(n->t->arena, from, len);
    return name && *name ? name : "not said";
}

static json_t *vendor(const struct noting *n)
{
    static const struct {
        const char *word, *purpose;
    } rows[] = {{"deliver", "delivery"}, {"shipment", "delivery"}, {"invoice", "invoice"},
                {"payment", "invoice"},  {"order", "order"},       {"offer", "offer"},
                {"visit", "visit"},      {"appointment", "visit"}};
    size_t i = 0;
    while (i < sizeof rows / sizeof *rows && !strcasestr(n->what, rows[i].word))
        i++;
    json_t *o = json_object();
    put(o, "vendor", company_of(n));
    put(o, "purpose", i < sizeof rows / sizeof *rows ? rows[i].purpose : "other");
    put(o, "text", n->what);
    put(o, "person", n->d->name);
    put(o, "number", n->d->number);
    return o;
}

/* First row that fits. */
static const struct {
    bool (*fits)(const struct noting *n);
    const char *tool;
    json_t *(*args)(const struct noting *n);
} rows[] = {
    {is_vendor, "log_vendor_call", vendor},
    {is_trouble, "log_support_ticket", ticket},
    {is_lead, "capture_lead", lead},
};

static bool ends_a_wish(const char *tool)
{
    static const char *const tools[] = {"schedule_callback", "book_appointment",
                                        "schedule_consultation", "schedule_service_call"};
    for (size_t i = 0; i < sizeof tools / sizeof *tools; i++)
        if (strcmp(tools[i], tool) == 0)
            return true;
    return false;
}

static bool is_new(const struct desk_dialog *d)
{
    return d->wish == DESK_WISH_CALLBACK || d->wish == DESK_WISH_VISIT;
}

/* Does the business want that tool used? */
static enum desk_rc is_wanted(const struct noting *n, const char *tool, bool *yes)
{
    struct desk_business *b = desk_arena_alloc(n->t->arena, sizeof *b);
    enum desk_rc rc =
        b ? desk_business_of(n->t->arena, n->t->about->tenant, n->t->about->location, b)
          : DESK_ENOMEM;
    *yes = !rc && desk_tool_offered(desk_tool_find(tool), b);
    return rc;
}

static void see(struct noting *n)
{
    const struct desk_call *c = n->t->about->call;
    desk_intent_judge(n->what, NULL, 0, &n->wish);
    if (n->wish.sure < SURE)
        n->wish.kind = DESK_INTENT_OTHER;
    n->vendor = same(c->action, desk_route_action_name(DESK_DO_LOG_VENDOR));
    n->client = same(c->caller_kind, desk_caller_name(DESK_WHO_KNOWN)) ||
                same(c->caller_kind, desk_caller_name(DESK_WHO_VIP));
}

enum desk_rc desk_brain_notes(const struct desk_brain_turn *t, struct desk_brain_answer *a,
                              const struct desk_dialog *d, const char *tool)
{
    struct noting n = {.t = t, .d = d};
    const char *result;
    size_t i = 0;
    bool wanted, ok;
    if (!ends_a_wish(tool) || !is_new(d))
        return DESK_OK;
    n.what = desk_arena_fmt(t->arena, "%s%s%s", d->reason, d->problem[0] ? ". " : "", d->problem);
    if (!n.what)
        return DESK_ENOMEM;
    see(&n);
    while (i < sizeof rows / sizeof *rows && !rows[i].fits(&n))
        i++;
    if (i == sizeof rows / sizeof *rows)
        return DESK_OK;
    enum desk_rc rc = is_wanted(&n, rows[i].tool, &wanted);
    if (rc || !wanted)
        return rc;
    json_t *args = rows[i].args(&n);
    char *text = args ? json_dumps(args, JSON_COMPACT) : NULL;
    rc = text ? desk_brain_act(t, a, rows[i].tool, text, &result, &ok) : DESK_ENOMEM;
    free(text);
    json_decref(args);
    return rc;
}
