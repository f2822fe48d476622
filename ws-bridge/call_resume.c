/* The caller interrupted us, and then says nothing: a cough, a door, somebody else in the room. The
 * ear cannot know (call_ear.c); that no words come is the sign. Then we go on with what was not
 * heard.
 *
 * Words come, or an answer to them sounds: there is nothing to go on with. The transcript is empty:
 * an answer the server makes of it is cancelled before it sounds, and we go on when that is over.
 * No transcript and no answer for BARGE_IN_RESUME_MS after the caller ended: we go on. */
#include "ws-bridge/call.h"
#include "base/config.h"
#include "base/log.h"

#include <stdio.h>
#include <string.h>

#define BLANK_S 0.5 /* an answer to an empty transcript begins by then, or there is none */

static long patience_ms(const struct call *c)
{
    bool words = *desk_setting(DESK_S_REALTIME_TRANSCRIPTION_MODEL);
    return words ? desk_tenant_setting_int(&c->claim->settings, DESK_S_BARGE_IN_RESUME_MS) : 0;
}

void call_resume_off(struct call *c)
{
    if (!c->resume.on)
        return;
    c->resume.on = c->resume.blank = c->resume.due = false;
    call_timer_stop(c, CALL_T_RESUME);
}

/* ---- cut off --------------------------------------------------------------------------------- */

void call_resume_cutting(struct call *c, bool cutting)
{
    struct resume *r = &c->resume;
    r->cutting = cutting && patience_ms(c) > 0;
    r->fresh = r->cutting;
    call_timer_stop(c, CALL_T_RESUME);
    r->blank = r->due = false;
}

void call_resume_cut(struct call *c, const struct play_item *item)
{
    struct resume *r = &c->resume;
    const char *words = desk_buf_cstr(&item->words);
    bool aside = *c->aside && strcmp(item->response, c->aside) == 0;
    bool asks = *c->still && strcmp(item->response, c->still) == 0;
    if (!r->cutting || aside || asks)
        return;
    if (r->fresh)
        r->unheard[0] = '\0';
    r->fresh = false;
    r->on = true;
    size_t at = play_split(words, item->heard_ms, play_total_ms(item)), have = strlen(r->unheard);
    while (at > 0 && !strchr(".?!", words[at - 1])) /* the sentence from its beginning */
        at--;
    at += strspn(words + at, " ");
    snprintf(r->unheard + have, sizeof r->unheard - have, "%s%s", have ? " " : "", words + at);
}

/* ---- and then -------------------------------------------------------------------------------- */

void call_resume_stopped(struct call *c, const char *item)
{
    struct resume *r = &c->resume;
    if (!r->on)
        return;
    snprintf(r->item, sizeof r->item, "%s", item);
    call_timer_start(c, CALL_T_RESUME, (double)patience_ms(c) / 1000.0);
}

static void go_on(struct call *c)
{
    char text[sizeof c->resume.unheard + 400];
    struct resume *r = &c->resume;
    snprintf(
        text, sizeof text,
        "You were cut off by a noise; the caller has said nothing. Go on from there, without an "
        "apology and without asking what was said. The caller has not heard this: \"%s\" Say "
        "it again, and what was to follow it.",
        r->unheard);
    if (*r->item)
        call_ear_forget_item(c, r->item);
    call_resume_off(c);
    call_event(c, "stream", "resumed",
               "Nothing was said after the interruption; the receptionist went on");
    call_ask(c, text, "resume");
}

bool call_resume_waits(const struct call *c)
{
    return c->resume.on && ev_is_active(&c->timers[CALL_T_RESUME]);
}

static bool may_go_on(const struct call *c)
{
    return c->state == CALL_TALKING && !c->caller_speaks && !*c->active && !c->requested &&
           call_no_tools(c);
}

bool call_resume_respond(struct call *c)
{
    if (!c->resume.on || !c->resume.due || !may_go_on(c))
        return false;
    go_on(c);
    return true;
}

/* Something is under way: it is the answer. */
void call_resume_late(struct call *c)
{
    if (c->resume.on && may_go_on(c))
        go_on(c);
    else
        call_resume_off(c);
}

bool call_resume_refuse(struct call *c)
{
    struct resume *r = &c->resume;
    if (!r->on || !r->blank || c->caller_speaks || strcmp(c->active, "?") == 0)
        return false;
    r->due = true;
    call_timer_stop(c, CALL_T_RESUME);
    call_ear_refuse_active(c);
    return true;
}

void call_resume_blank(struct call *c, const char *item)
{
    struct resume *r = &c->resume;
    if (!r->on || c->caller_speaks || strcmp(item, r->item) != 0)
        return;
    r->blank = true;
    if (!*c->active)
        call_timer_start(c, CALL_T_RESUME, BLANK_S);
    else if (c->spoke || c->tool_asked || *c->active_for || !call_resume_refuse(c))
        call_resume_off(c);
    else
        call_end_owed(c);
}
