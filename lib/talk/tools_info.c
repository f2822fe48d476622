/* lookup_business_info: what the profile says, and plainly what it does not say. */
#include "talk/tool_set.h"
#include "base/clock.h"
#include "base/tz.h"
#include "core/hours.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

struct lookup {
    const struct desk_business *b;
    struct desk_tool_ctx *ctx;
    const char *about; /* NULL = not said */
    json_t *facts;     /* for the model */
    const char *say;   /* NULL = it is not known */
    const char *what;  /* what is not known: "the price of …" */
};

static const char *moment(const struct lookup *k, int64_t at)
{
    char date[48], time[24];
    return desk_arena_fmt(k->ctx->arena, "%s, %s",
                          desk_when_date_long(date, sizeof date, k->b->zone, at),
                          desk_when_time(time, sizeof time, k->b->zone, at, false));
}

/* The week's hours in words of the owner, else as a table. */
static const char *week(const struct lookup *k)
{
    struct desk_buf text;
    if (*k->b->hours_spoken)
        return k->b->hours_spoken;
    desk_buf_init(&text, 4096);
    desk_hours_text(k->ctx->location ? k->ctx->location->hours : NULL, &text);
    const char *out = text.len ? desk_arena_strdup(k->ctx->arena, desk_buf_cstr(&text)) : NULL;
    desk_buf_clear(&text);
    return out;
}

static void hours(struct lookup *k)
{
    struct desk_hours_state now;
    int64_t at = 0;
    const char *all = week(k), *next = NULL;
    k->what = "the opening hours";
    if (!all)
        return;
    desk_hours_at(k->b->hours, k->b->zone, desk_now_ms(), &now);
    if (!now.open && desk_hours_next_open(k->b->hours, k->b->zone, desk_now_ms(), &at))
        next = moment(k, at);
    k->facts =
        json_pack("{s:b, s:s, s:s*}", "open_now", (int)now.open, "hours", all, "next_open", next);
    k->say = desk_arena_fmt(k->ctx->arena, "We are %s now%s%s. Our hours are: %s.",
                            now.open ? "open" : "closed", next ? ", and open again " : "",
                            next ? next : "", all);
}

static void services(struct lookup *k)
{
    json_t *list = json_array();
    const char *names = "";
    k->what = "the list of services";
    for (size_t i = 0; i < k->b->n_services && names; i++) {
        const char *name = k->b->services[i].name;
        bool last = i > 0 && i + 1 == k->b->n_services;
        json_array_append_new(list, json_string(name));
        names = desk_arena_fmt(k->ctx->arena, "%s%s%s", names,
                               last ? " and "
                               : i  ? ", "
                                    : "",
                               name);
    }
    if (!k->b->n_services || !names) {
        json_decref(list);
        return;
    }
    k->facts = json_pack("{s:o}", "services", list);
    k->say = desk_arena_fmt(k->ctx->arena, "We do %s.", names);
}

/* The one that is asked for; a service's name may stand within more words. */
static const struct desk_service *service(const struct lookup *k)
{
    const struct desk_service *s = desk_business_service(k->b, k->about);
    for (size_t i = 0; !s && k->about && i < k->b->n_services; i++)
        if (strcasestr(k->about, k->b->services[i].name))
            s = &k->b->services[i];
    return s;
}

static void price(struct lookup *k)
{
    const struct desk_service *s = service(k);
    const char *of = s ? s->name : k->about;
    k->what = of ? desk_arena_fmt(k->ctx->arena, "the price of %s", of) : "prices";
    if (s && *s->price) {
        k->facts = json_pack("{s:s, s:s}", "service", s->name, "price", s->price);
        k->say = desk_arena_fmt(k->ctx->arena, "%s: %s.", s->name, s->price);
        return;
    }
    if (of)
        return;
    json_t *list = json_object();
    const char *line = "";
    for (size_t i = 0; i < k->b->n_services && line; i++) {
        const struct desk_service *x = &k->b->services[i];
        if (!*x->price)
            continue;
        json_object_set_new(list, x->name, json_string(x->price));
        line =
            desk_arena_fmt(k->ctx->arena, "%s%s%s: %s", line, *line ? ", " : "", x->name, x->price);
    }
    if (line && *line) {
        k->facts = json_pack("{s:O}", "prices", list);
        k->say = desk_arena_fmt(k->ctx->arena, "%s.", line);
    }
    json_decref(list);
}

static void address(struct lookup *k)
{
    k->what = "the address";
    if (!*k->b->address)
        return;
    k->facts = json_pack("{s:s}", "address", k->b->address);
    k->say = desk_arena_fmt(k->ctx->arena, "We are at %s.", k->b->address);
}

/* The owner's own notes may have it: they stand in the instructions already. */
static void other(struct lookup *k)
{
    k->what = k->about ? k->about : "that";
}

static const struct {
    const char *topic;
    void (*look)(struct lookup *k);
} topics[] = {
    {"hours", hours},     {"services", services}, {"price", price},
    {"address", address}, {"other", other},
};

static enum desk_rc unknown(const struct lookup *k, json_t **result)
{
    const char *owner = desk_tool_owner(k->ctx);
    const char *who = strcmp(owner, "the owner") == 0 ? "The owner" : owner;
    const char *say = desk_arena_fmt(
        k->ctx->arena, "I do not know %s. %s can tell you; shall somebody call you back?", k->what,
        who);
    *result =
        say ? json_pack("{s:b, s:b, s:s, s:s, s:s}", "ok", 1, "known", 0, "not_known", k->what,
                        "say", say, "hint",
                        "The profile does not say it. Say so; do not guess. Offer a callback.")
            : NULL;
    return *result ? DESK_OK : DESK_ENOMEM;
}

enum desk_rc desk_tool_lookup_business_info(struct desk_tool_ctx *ctx, const json_t *args,
                                            json_t **result)
{
    struct desk_business b;
    struct lookup k = {.b = &b, .ctx = ctx, .about = desk_tool_text(args, "about")};
    const char *topic = desk_tool_text(args, "topic");
    size_t i = 0;
    enum desk_rc rc = desk_tool_business(ctx, &b);
    if (rc)
        return rc;
    while (i + 1 < sizeof topics / sizeof *topics &&
           strcmp(topics[i].topic, topic ? topic : "") != 0)
        i++;
    topics[i].look(&k);
    const char *note = k.what ? desk_arena_fmt(ctx->arena, "Looked up %s: %s", k.what,
                                               k.say ? "told" : "the profile does not say")
                              : NULL;
    rc = note ? desk_tool_note(ctx, "lookup_business_info", note) : DESK_ENOMEM;
    if (!rc && !k.say) {
        rc = unknown(&k, result);
    } else if (!rc) {
        *result = k.facts ? json_pack("{s:b, s:b, s:s, s:O}", "ok", 1, "known", 1, "say", k.say,
                                      "facts", k.facts)
                          : NULL;
        rc = *result ? DESK_OK : DESK_ENOMEM;
    }
    json_decref(k.facts);
    return rc == DESK_EINVAL ? DESK_EINTERNAL : rc;
}
