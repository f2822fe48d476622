/* GET /calls/:id: one call, told so that the first screen says what happened, what was promised and
 * what to do now. GET /calls/:id.txt: the same as plain text; …/print: for paper. */
#include "cgi-bin/admin/admin.h"
#include "cgi-bin/words.h"
#include "base/clock.h"
#include "core/phone.h"

#include <stdio.h>
#include <string.h>

#define TAGS_MAX 3

/* "call_x.txt" → "call_x", true. NULL: neither an id nor an id with ".txt". */
static const char *split_id(struct desk_request *req, bool *text)
{
    static const char ok[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    const char *id = desk_param(req, "id")->text;
    size_t n = strlen(id);
    *text = n > 4 && strcmp(id + n - 4, ".txt") == 0;
    n -= *text ? 4 : 0;
    return n && strspn(id, ok) == n ? desk_arena_strndup(req->arena, id, n) : NULL;
}

static void set_tags(struct desk_view *v, const struct admin_facts *f)
{
    const struct admin_tag *t;
    for (size_t i = 0; i < TAGS_MAX && (t = admin_tag(f, i)); i++) {
        desk_view_setf(v, t->word, "Tags.%zu.Word", i);
        desk_view_setf(v, t->kind, "Tags.%zu.Kind", i);
        desk_view_setf(v, t->icon, "Tags.%zu.Icon", i);
    }
}

static enum desk_rc set_nth(struct desk_request *req, struct desk_view *v,
                            const struct desk_call *c)
{
    char words[32];
    int64_t nth, last;
    enum desk_rc rc = desk_call_nth(req->db, c, &nth, &last);
    if (rc || !nth)
        return rc;
    desk_view_set(v, "Nth", desk_words_nth(words, sizeof words, nth));
    if (last)
        desk_view_int(v, "LastAt", last);
    return DESK_OK;
}

/* How the call went, when it was not the usual way. */
static void set_way(struct desk_view *v, const struct admin_facts *f)
{
    static const struct {
        const char *mode, *words;
    } ways[] = {{DESK_MODE_GATHER, "question by question"}, {DESK_MODE_RECORD, "voicemail"}};
    static const struct {
        const char *channel, *words;
    } channels[] = {{DESK_CHANNEL_SESSION, "by chat"},
                    {DESK_CHANNEL_TEXT, "by text"},
                    {DESK_CHANNEL_CHAT, "by chat on your website"},
                    {DESK_CHANNEL_TELEPHONY, "by another telephone service"}};
    for (size_t i = 0; i < sizeof channels / sizeof *channels; i++)
        if (f->call->channel && strcmp(f->call->channel, channels[i].channel) == 0) {
            desk_view_set(v, "Way", channels[i].words);
            return;
        }
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        if (f->call->mode && strcmp(f->call->mode, ways[i].mode) == 0)
            desk_view_set(v, "Way", ways[i].words);
}

static void set_messages(struct desk_view *v, const struct admin_facts *f)
{
    for (size_t i = 0; i < f->n_messages; i++) {
        char prefix[32], number[64];
        snprintf(prefix, sizeof prefix, "Messages.%zu", i);
        desk_view_fields(v, prefix, &desk_message_fields, &f->messages[i]);
        desk_view_setf(v, f->messages[i].recording_sid ? "1" : "0", "%s.Recorded", prefix);
        if (f->messages[i].number)
            desk_view_setf(v, desk_phone_national(number, sizeof number, f->messages[i].number),
                           "%s.Reach", prefix);
        char ms[24];
        snprintf(ms, sizeof ms, "%lld", (long long)f->messages[i].seconds * 1000);
        desk_view_setf(v, ms, "%s.LengthMs", prefix);
    }
}

static void set_head(struct desk_request *req, struct desk_view *v, const struct admin_facts *f)
{
    char number[64];
    desk_view_fields(v, "Call", &desk_call_fields, f->call);
    desk_view_set(v, "Who", f->who);
    desk_view_set(v, "First", f->first);
    if (f->name && f->call->from_number)
        desk_view_set(v, "Number",
                      desk_phone_national(number, sizeof number, f->call->from_number));
    else if (f->name)
        desk_view_set(v, "Hidden", "1");
    desk_view_set(v, "Happened", admin_summary(req, f));
    desk_view_set(v, "Running", admin_running(f) ? "1" : "0");
    if (f->call->erased_at)
        desk_view_int(v, "ErasedAt", f->call->erased_at);
}

/* What it says of itself at its foot, where there is no address bar. */
static void set_paper(struct desk_request *req, struct desk_view *v, const struct desk_call *c)
{
    if (strcmp(req->route->path, "/calls/:id/print") != 0)
        return;
    desk_view_set(v, "Paper", desk_arena_fmt(req->arena, "%s/calls/%s", desk_public_base(), c->id));
    desk_view_int(v, "PaperAt", desk_now_ms());
}

static enum desk_rc page(struct desk_request *req, const struct admin_facts *f,
                         const struct admin_story *s, const struct admin_wrong *w)
{
    char time[32];
    desk_when_time(time, sizeof time, desk_page_zone(req), f->call->started_at, false);
    struct desk_view *v = desk_page_begin(
        req, desk_arena_fmt(req->arena, "%s%s, %s", w ? "Error: " : "", f->who, time));
    if (!v)
        return DESK_ENOMEM;
    set_head(req, v, f);
    set_paper(req, v, f->call);
    set_messages(v, f);
    enum desk_rc rc = set_nth(req, v, f->call);
    if (!rc)
        rc = admin_recording_view(req, v, f, s);
    if (!rc)
        rc = admin_call_change(req, v, f, w);
    if (!rc)
        rc = admin_waits(req, v, f->call);
    if (!rc)
        rc = admin_came(req, v, f->call);
    if (!rc)
        rc = admin_call_pictures(req, v, f->call);
    if (!rc)
        rc = admin_after(req, v, f);
    if (!rc)
        rc = admin_promises(req, v, f);
    if (rc)
        return rc;
    set_tags(v, f);
    set_way(v, f);
    admin_story_view(req, v, f, s);
    return desk_page_send(req, v, w ? 422 : 0);
}

enum desk_rc admin_call_wrong(struct desk_request *req, const struct admin_facts *f,
                              const struct admin_wrong *w)
{
    struct admin_story s;
    enum desk_rc rc = admin_story_load(req, f->call, &s);
    return rc ? rc : page(req, f, &s, w);
}

enum desk_rc admin_call(struct desk_request *req)
{
    struct desk_call c;
    struct admin_facts f;
    struct admin_story s;
    bool text;
    const char *id = split_id(req, &text);
    if (!id)
        return DESK_ENOTFOUND;
    enum desk_rc rc = admin_call_get(req, id, &c);
    if (!rc)
        rc = admin_facts_load(req, &c, &f);
    if (!rc)
        rc = admin_story_load(req, &c, &s);
    if (rc)
        return rc;
    if (!text)
        return page(req, &f, &s, NULL);
    admin_story_text(req, &f, &s);
    return DESK_OK;
}

enum desk_rc admin_call_print(struct desk_request *req)
{
    struct desk_call c;
    struct admin_facts f;
    struct admin_story s;
    enum desk_rc rc = admin_call_get(req, desk_param(req, "id")->text, &c);
    if (!rc)
        rc = admin_facts_load(req, &c, &f);
    if (!rc)
        rc = admin_story_load(req, &c, &s);
    return rc ? rc : page(req, &f, &s, NULL);
}
