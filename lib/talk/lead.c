#include "talk/lead.h"
#include "base/clock.h"
#include "base/log.h"
#include "core/route.h"
#include "store/conversation.h"
#include "talk/prompt.h"
#include "talk/script.h"
#include "talk/template.h"

#include <stdio.h>
#include <string.h>

#define FIRST_WORDS 3 /* sayings: "hello?" tells no wish */
#define LED_SURE                                                                                   \
    55 /* percent: a name or a yes among them makes the judge unsure, and leads nowhere */

static bool same(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

/* The call is over, or a message is recorded: nobody leads it. */
static bool is_over(const struct desk_call *c)
{
    return c->ended_at || same(c->mode, DESK_MODE_RECORD);
}

/* The new instructions and which texts they are made of. What cannot be rendered keeps nobody from
 * being led: the next who asks renders again. */
static enum desk_rc render(struct desk_db *db, struct desk_arena *a, const struct desk_call *c,
                           char version[DESK_TEMPLATE_VERSION], const char **text)
{
    struct desk_prompt_input in;
    enum desk_rc rc = desk_prompt_load(db, a, c, &in);
    *text = NULL;
    if (rc)
        return rc;
    if (desk_prompt_instructions(a, &in, text, version)) {
        desk_log(DESK_LOG_ERROR, "lead.render", "call=%s script=%s", c->id, c->script);
        *text = NULL;
        snprintf(version, DESK_TEMPLATE_VERSION, "%s", c->script_version ? c->script_version : "");
    }
    return DESK_OK;
}

enum desk_rc desk_lead_by(struct desk_db *db, struct desk_arena *a, const struct desk_call *c,
                          const struct desk_lead_new *to, struct desk_lead *out)
{
    char version[DESK_TEMPLATE_VERSION] = "";
    struct desk_call now = *c;
    const bool other = !same(c->script, to->script);
    memset(out, 0, sizeof *out);
    now.script = to->script;
    now.action = to->action ? to->action : c->action;
    if (is_over(c) || (!other && same(c->action, now.action) && !to->anyway))
        return DESK_OK;
    enum desk_rc rc = render(db, a, &now, version, &out->instructions);
    if (!rc)
        rc = desk_call_route(db, c->tenant_id, c->id, now.script, *version ? version : NULL,
                             now.action);
    const char *line = other ? desk_arena_fmt(a, "Led by the script “%s” from now on, because: %s.",
                                              now.script, to->because)
                             : desk_arena_fmt(a, "Decided again: %s, because: %s.",
                                              now.action ? now.action : "", to->because);
    if (!rc)
        rc = line ? desk_event_add(db, c->tenant_id, c->id, c->started_at, "rule", "script", line,
                                   NULL)
                  : DESK_ENOMEM;
    if (rc)
        return rc;
    out->script = now.script;
    out->action = now.action;
    out->because = to->because;
    desk_log(DESK_LOG_NOTICE, "lead.script", "call=%s script=%s action=%s", c->id, now.script,
             now.action ? now.action : "-");
    return DESK_OK;
}

/* ---- by the first words ---------------------------------------------------------------------- */

/* Actions of a call that is talked: from one of these to another one words may lead, and to none
 * besides. To talk is what all of them begin with. */
static bool is_talk(const char *action)
{
    static const enum desk_route_action talks[] = {DESK_DO_CONVERSE, DESK_DO_SCREEN,
                                                   DESK_DO_LOG_VENDOR, DESK_DO_TRANSFER_OWNER};
    for (size_t i = 0; action && i < sizeof talks / sizeof *talks; i++)
        if (strcmp(desk_route_action_name(talks[i]), action) == 0)
            return true;
    return false;
}

static enum desk_rc are_first(struct desk_db *db, struct desk_arena *a, const struct desk_call *c,
                              bool *first)
{
    struct desk_turn *turns;
    size_t n = 0;
    enum desk_rc rc =
        desk_turn_recent(db, a, c->tenant_id, c->id, DESK_WHO_CALLER, FIRST_WORDS + 1, &turns, &n);
    *first = !rc && n <= FIRST_WORDS;
    return rc;
}

enum desk_rc desk_lead_route(struct desk_db *db, struct desk_arena *a,
                             const struct desk_business *b, const struct desk_call *c,
                             enum desk_severity severity, const char *text, struct desk_lead *out)
{
    enum desk_caller who = DESK_WHO_UNKNOWN;
    struct desk_routing route;
    bool first = false;
    bool led = is_over(c) || same(c->script, DESK_SCRIPT_EMERGENCY);
    memset(out, 0, sizeof *out);
    enum desk_rc rc = led || !is_talk(c->action) ? DESK_OK : are_first(db, a, c, &first);
    if (rc || !first)
        return rc;
    (void)desk_caller_parse(c->caller_kind, &who); /* "new" is nobody in particular */
    desk_route_decide(&(struct desk_route_input){.business = b,
                                                 .caller = who,
                                                 .now = desk_now_ms(),
                                                 .outbound = same(c->direction, "outbound"),
                                                 .text = text,
                                                 .emergency = severity},
                      &route);
    const char *action = desk_route_action_name(route.action);
    if (!route.script || !c->script || !is_talk(action))
        return DESK_OK;
    const char *wish = route.n_reasons > 3 ? route.reasons[3] : "";
    const char *because = desk_arena_fmt(a, "%s; %s", route.reasons[2], wish);
    /* from what nobody knew to what is known, never back */
    bool told = route.intent == DESK_INTENT_SALES || route.intent == DESK_INTENT_VENDOR;
    if (told && route.sure < LED_SURE)
        return DESK_OK;
    if (route.action == DESK_DO_CONVERSE)
        action = c->action;
    const char *script = told ? desk_arena_strdup(a, route.script) : c->script;
    if (!because || !script)
        return DESK_ENOMEM;
    return desk_lead_by(
        db, a, c, &(struct desk_lead_new){.script = script, .action = action, .because = because},
        out);
}
