/* TwiML verbs: the table, and the simple ones. Source: Twilio "TwiML for Programmable Voice". */
#include "cli/call_sim.h"
#include "cli/call_url.h"
#include "wire/mulaw.h"

#include <stdio.h>
#include <string.h>

#define SAY_MS_PER_CHAR 60   /* how fast a voice reads */
#define PLAY_MS         3000 /* a <Play> whose length we cannot know */
#define MAX_LOOPS       1000 /* loop="0" */
#define MAX_REDIRECTS   20   /* in a row, with nothing between them */

/* ---- time ------------------------------------------------------------------------------------ */

bool sim_sit_through(struct sim_call *c, long ms)
{
    return sim_sleep(c, c->fast ? 0 : ms);
}

bool sim_caller_speaks(struct sim_call *c, const struct sim_step *step)
{
    sim_note(c, c->on->who, step->kind == DESK_SIM_AUDIO ? "audio" : "say", -1, "%s", step->text);
    if (!c->fast && c->on == &c->leg)
        sim_rec_put(c->rec, SIM_LEFT, sim_now(c), step->sound.ulaw, step->sound.len);
    c->spoke = false;
    c->on->unanswered = 0;
    return sim_sit_through(c, sim_sound_ms(&step->sound));
}

/* She is heard for ms, loops times, or until at_most ms have passed (-1 = no limit). */
static bool play_out(struct sim_call *c, const struct sim_sound *s, long ms, long loops,
                     long at_most)
{
    sim_heard(c);
    c->spoke = true;
    if (loops == 0)
        loops = c->fast ? 1 : MAX_LOOPS;
    for (; loops > 0; loops--) {
        long now = at_most >= 0 && at_most < ms ? at_most : ms;
        if (s && !c->fast && c->on == &c->leg)
            sim_rec_put(c->rec, SIM_RIGHT, sim_now(c), s->ulaw,
                        s->len < (size_t)now * DESK_MULAW_PER_MS ? s->len
                                                                 : (size_t)now * DESK_MULAW_PER_MS);
        if (!sim_sit_through(c, now))
            return false;
        if (at_most >= 0 && (at_most -= now) <= 0)
            break;
    }
    return true;
}

/* ---- Say, Play, Pause ------------------------------------------------------------------------ */

static void text_collect(struct desk_buf *out, const struct sim_node *n)
{
    if (n->text[0] && out->len)
        desk_buf_chr(out, ' ');
    desk_buf_str(out, n->text);
    for (const struct sim_node *k = n->first; k; k = k->next) /* SSML */
        text_collect(out, k);
}

static bool say(struct sim_call *c, const struct sim_node *n, long at_most)
{
    struct sim_sound sound = {0};
    struct desk_buf text;
    char why[80];
    long ms;
    bool on;

    desk_buf_init(&text, DESK_MAX_TWIML);
    text_collect(&text, n);
    sim_note(c, c->on == &c->leg ? "receptionist" : "whisper", "say", -1, "%s",
             desk_buf_cstr(&text));
    if (text.len > DESK_MAX_SAY)
        sim_warning(c, 13521, "<Say> of %zu characters; the limit is %d", text.len, DESK_MAX_SAY);
    ms = (long)text.len * SAY_MS_PER_CHAR;
    if (c->rec && !c->fast &&
        sim_sound_speak(&sound, SIM_VOICE_SAY, desk_buf_cstr(&text), why, sizeof why) == DESK_OK)
        ms = sim_sound_ms(&sound);
    on = play_out(c, sound.ulaw ? &sound : NULL, ms, sim_attr_long(n, "loop", 1, 0, MAX_LOOPS),
                  at_most);
    sim_sound_clear(&sound);
    desk_buf_clear(&text);
    return on;
}

/* Fetch what is played, as Twilio would; a file it cannot have is an error but not the end. */
static void play_fetch(struct sim_call *c, const struct sim_node *n, struct sim_sound *sound)
{
    char url[DESK_MAX_SIM_URL], connect[DESK_MAX_SIM_URL], why[120] = "";
    struct desk_http_reply reply;
    struct desk_http_request req = {
        .url = connect, .user_agent = "TwilioProxy/1.1", .stop = sim_over, .stop_ctx = c};
    enum desk_rc rc;

    if (!sim_url_resolve(c->document, n->text, url)) {
        sim_error(c, 11100, "bad <Play> URL %.200s", n->text);
        return;
    }
    if (!sim_url_connect(url, c->public, c->o->url, connect))
        return; /* somewhere in the world: not asked */
    rc = desk_http_send(&req, &reply);
    if (rc == DESK_OK && reply.status == 200)
        rc = sim_sound_memory(sound, desk_buf_cstr(&reply.body), reply.body.len, why, sizeof why);
    else if (reply.fail != DESK_HTTP_STOPPED)
        sim_error(c, 11200, "<Play> %s: HTTP %d %s", url, reply.status, reply.why);
    if (rc != DESK_OK && why[0])
        sim_warning(c, 12400, "<Play> %s: %s", url, why);
    desk_http_reply_clear(&reply);
}

static bool play(struct sim_call *c, const struct sim_node *n, long at_most)
{
    const char *digits = sim_attr(n, "digits", NULL);
    struct sim_sound sound = {0};
    bool on;

    sim_note(c, c->on == &c->leg ? "receptionist" : "whisper", "play", -1, "%s",
             digits ? digits : n->text);
    if (n->text[0])
        play_fetch(c, n, &sound);
    on = play_out(c, sound.ulaw ? &sound : NULL,
                  sound.ulaw ? sim_sound_ms(&sound)
                  : digits   ? 500
                             : PLAY_MS,
                  sim_attr_long(n, "loop", 1, 0, MAX_LOOPS), at_most);
    sim_sound_clear(&sound);
    return on;
}

static bool pause_for(struct sim_call *c, const struct sim_node *n, long at_most)
{
    long ms = sim_attr_long(n, "length", 1, 0, 3600) * 1000;

    sim_note(c, "twilio", "pause", ms, "pause of %ld s", ms / 1000);
    return sim_sit_through(c, at_most >= 0 && at_most < ms ? at_most : ms);
}

static enum sim_next verb_say(struct sim_call *c, const struct sim_node *n)
{
    return say(c, n, -1) ? SIM_NEXT : SIM_END;
}

static enum sim_next verb_play(struct sim_call *c, const struct sim_node *n)
{
    return play(c, n, -1) ? SIM_NEXT : SIM_END;
}

static enum sim_next verb_pause(struct sim_call *c, const struct sim_node *n)
{
    return pause_for(c, n, -1) ? SIM_NEXT : SIM_END;
}

bool sim_prompts_run(struct sim_call *c, const struct sim_node *parent, long at_most)
{
    static const struct {
        const char *name;
        bool (*run)(struct sim_call *, const struct sim_node *, long);
    } prompts[] = {{"Say", say}, {"Play", play}, {"Pause", pause_for}};
    long end = at_most >= 0 ? sim_now(c) + at_most : -1;
    size_t i;

    for (const struct sim_node *n = parent->first; n; n = n->next) {
        for (i = 0; i < 3 && strcmp(prompts[i].name, n->name) != 0; i++)
            ;
        if (i == 3) {
            sim_warning(c, 12200, "<%s> has no place in <%s>", n->name, parent->name);
            continue;
        }
        if (!prompts[i].run(c, n, end < 0 ? -1 : end > sim_now(c) ? end - sim_now(c) : 0))
            return false;
        if (end >= 0 && (c->fast || sim_now(c) >= end))
            break;
    }
    return true;
}

/* ---- Redirect, Hangup, Reject, the rest ------------------------------------------------------ */

static enum sim_next verb_redirect(struct sim_call *c, const struct sim_node *n)
{
    if (++c->redirects > MAX_REDIRECTS) {
        sim_error(c, 11215, "a loop of <Redirect>");
        sim_end(c, DESK_SIM_END_ERROR, "more than %d redirects in a row", MAX_REDIRECTS);
        return SIM_END;
    }
    if (!sim_go_to(c, n->text, sim_attr(n, "method", "POST")))
        return SIM_FAIL;
    sim_note(c, "twilio", "redirect", -1, "to %s", c->go.url);
    return SIM_GO;
}

static enum sim_next verb_hangup(struct sim_call *c, const struct sim_node *n)
{
    (void)n;
    sim_note(c, c->on == &c->leg ? "receptionist" : "whisper", "hangup", -1, "hangs up");
    if (c->on != &c->leg)
        c->on->status = "completed"; /* not to be joined with the caller */
    return SIM_END;
}

static enum sim_next verb_reject(struct sim_call *c, const struct sim_node *n)
{
    const char *reason = sim_attr(n, "reason", "rejected");

    if (c->r->answered || c->on != &c->leg) {
        sim_warning(c, 12200, "<Reject> after the call was answered only hangs up");
        return SIM_END;
    }
    sim_note(c, "receptionist", "reject", -1, "rejects the call (%s)", reason);
    c->leg.status = strcmp(reason, "busy") == 0 ? "busy" : "no-answer";
    sim_end(c, DESK_SIM_END_REJECTED, "rejected (%s)", reason);
    return SIM_END;
}

static enum sim_next verb_start(struct sim_call *c, const struct sim_node *n)
{
    for (const struct sim_node *k = n->first; k; k = k->next)
        sim_note(c, "twilio", "start", -1, "<Start><%s>: accepted, not simulated", k->name);
    return SIM_NEXT;
}

static enum sim_next verb_foreign(struct sim_call *c, const struct sim_node *n)
{
    sim_warning(c, 12200, "<%s> is TwiML, but this simulator does not do it: skipped", n->name);
    return SIM_NEXT;
}

/* ---- the table ------------------------------------------------------------------------------- */

static const struct verb_row {
    const char *name;
    enum sim_next (*run)(struct sim_call *, const struct sim_node *);
    bool answers;      /* a call that rings is answered by it */
    const char *attrs; /* known attributes, each between spaces; NULL = not checked */
} verbs[] = {
    {"Say", verb_say, true, " voice language loop "},
    {"Play", verb_play, true, " loop digits "},
    {"Pause", verb_pause, false, " length "},
    {"Gather", sim_verb_gather, true,
     " input action method timeout finishOnKey numDigits actionOnEmptyResult speechTimeout "
     "speechModel"
     " hints language profanityFilter partialResultCallback partialResultCallbackMethod bargeIn"
     " enhanced maxSpeechTime debug "},
    {"Record", sim_verb_record, true,
     " action method timeout finishOnKey maxLength playBeep trim recordingStatusCallback"
     " recordingStatusCallbackMethod recordingStatusCallbackEvent transcribe transcribeCallback"
     " recordingConfigurationId "},
    {"Dial", sim_verb_dial, true,
     " action method timeout timeLimit callerId answerOnBridge hangupOnStar record"
     " recordingStatusCallback recordingStatusCallbackMethod recordingStatusCallbackEvent"
     " recordingTrack trim ringTone sequential referUrl referMethod "},
    {"Connect", sim_verb_connect, true, " action method "},
    {"Redirect", verb_redirect, false, " method "},
    {"Hangup", verb_hangup, true, " "},
    {"Reject", verb_reject, false, " reason "},
    {"Start", verb_start, true, " action method "},
    {"Echo", verb_foreign, true, NULL},
    {"Enqueue", verb_foreign, true, NULL},
    {"Leave", verb_foreign, true, NULL},
    {"Pay", verb_foreign, true, NULL},
    {"Prompt", verb_foreign, true, NULL},
    {"Queue", verb_foreign, true, NULL},
    {"Refer", verb_foreign, true, NULL},
    {"Sms", verb_foreign, true, NULL},
    {"Stop", verb_foreign, false, NULL},
};

void sim_attrs_check(struct sim_call *c, const struct sim_node *n, const char *known)
{
    char word[64];

    for (const struct sim_attr *a = n->attrs; known && a; a = a->next) {
        if ((size_t)snprintf(word, sizeof word, " %s ", a->name) >= sizeof word ||
            !strstr(known, word))
            sim_warning(c, 12200, "<%s> has no attribute %.40s", n->name, a->name);
    }
}

static enum sim_next verb_run(struct sim_call *c, const struct sim_node *n)
{
    const struct verb_row *row = NULL;

    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0] && !row; i++)
        row = strcmp(verbs[i].name, n->name) == 0 ? &verbs[i] : NULL;
    if (!row) {
        sim_warning(c, 12200, "<%.40s> is no verb (names are case sensitive): skipped", n->name);
        return SIM_NEXT;
    }
    sim_attrs_check(c, n, row->attrs);
    if (row->answers)
        sim_answer(c);
    if (row->run != verb_redirect)
        c->redirects = 0;
    return row->run(c, n);
}

enum sim_next sim_verbs_run(struct sim_call *c, const struct sim_node *root)
{
    enum sim_next next = SIM_NEXT;

    for (const struct sim_node *n = root->first; n && next == SIM_NEXT; n = n->next)
        next = sim_over(c) ? SIM_END : verb_run(c, n);
    if (next == SIM_NEXT) {
        sim_answer(c);
        sim_note(c, "twilio", "document-end", -1, "no verb is left: Twilio hangs up");
        next = SIM_END;
    }
    return next;
}
