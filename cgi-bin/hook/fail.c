/* When a webhook cannot be answered as it should. A stranger gets 403. A caller gets words and a
 * way on (the owner's phone, else a recording), built without the database. Callbacks, behind which
 * nobody listens, get 503: Twilio notes it and, if asked to, tries again. */
#include "cgi-bin/hook/hook.h"
#include "base/clock.h"
#include "base/log.h"
#include "core/phone.h"
#include "store/results.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

/* ---- whom to ring, from the last good answer ------------------------------------------------- */

#define OWNERS 64
static struct {
    pthread_mutex_t lock;
    size_t next;
    struct {
        char to[DESK_PHONE_LEN], owner[DESK_PHONE_LEN];
    } v[OWNERS];
} owners = {.lock = PTHREAD_MUTEX_INITIALIZER};

void hook_remember_owner(const char *to, const char *owner_phone)
{
    size_t i = 0;
    if (!to || strlen(to) >= DESK_PHONE_LEN)
        return;
    pthread_mutex_lock(&owners.lock);
    while (i < OWNERS && strcmp(owners.v[i].to, to) != 0)
        i++;
    if (i == OWNERS) {
        i = owners.next;
        owners.next = (owners.next + 1) % OWNERS;
        snprintf(owners.v[i].to, sizeof owners.v[i].to, "%s", to);
    }
    bool fits = owner_phone && strlen(owner_phone) < DESK_PHONE_LEN;
    snprintf(owners.v[i].owner, sizeof owners.v[i].owner, "%s", fits ? owner_phone : "");
    pthread_mutex_unlock(&owners.lock);
}

static bool owner_of(const char *to, char out[DESK_PHONE_LEN])
{
    out[0] = '\0';
    pthread_mutex_lock(&owners.lock);
    for (size_t i = 0; *to && i < OWNERS; i++)
        if (strcmp(owners.v[i].to, to) == 0)
            memcpy(out, owners.v[i].owner, DESK_PHONE_LEN);
    pthread_mutex_unlock(&owners.lock);
    return *out != '\0';
}

/* ---- what is said ---------------------------------------------------------------------------- */

static const char *const sentences[DESK_RC__MAX] = {
    [DESK_EINVAL] = "I am sorry, this call reached us in an unusual way.",
    [DESK_ENOTFOUND] = "I am sorry, I lost the thread of this call.",
    [DESK_ECONFLICT] = "I am sorry, I lost the thread of this call.",
    [DESK_EBUSY] = "I am sorry, it is very busy here just now.",
    [DESK_ELIMIT] = "I am sorry, that was more than I can take in.",
    [DESK_EUPSTREAM] = "I am sorry, a service that I need does not answer.",
    [DESK_ENOMEM] = "I am sorry, it is very busy here just now.",
    [DESK_EINTERNAL] = "I am sorry, I have a technical problem.",
};

/* How a route keeps its caller. A route that came from a dial does not dial again, one that came
 * from a recording does not record again: no circles. */
enum way { WAY_OWNER, WAY_RECORD, WAY_GOODBYE, WAY_CALLBACK, WAY_JOIN };
static const struct {
    desk_handler *fn;
    enum way way;
} ways[] = {
    {hook_voice_dial_done, WAY_RECORD},
    {hook_voice_voicemail, WAY_RECORD},
    {hook_voice_voicemail_done, WAY_GOODBYE},
    {hook_voice_message_said, WAY_GOODBYE},
    {hook_voice_owner, WAY_GOODBYE},
    {hook_voice_whisper, WAY_JOIN},
    {hook_voice_whisper_key, WAY_JOIN},
    {hook_voice_status, WAY_CALLBACK},
    {hook_voice_recording_status, WAY_CALLBACK},
    {hook_voice_stream_status, WAY_CALLBACK},
    {hook_sms_status, WAY_CALLBACK},
    {hook_sms_incoming, WAY_CALLBACK}, /* Twilio brings the text again */
    {hook_voice_transcription, WAY_CALLBACK},
};

static enum way way_of(const struct desk_request *req)
{
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        if (req->route->fn == ways[i].fn)
            return ways[i].way;
    return WAY_OWNER;
}

static void record_after(const struct desk_request *req, struct desk_twiml *t)
{
    hook_say(t, HOOK_ASK_MESSAGE);
    hook_verb_message(req, t, false);
}

static enum desk_rc keep_caller(struct desk_request *req, enum desk_rc rc, enum way way)
{
    struct desk_twiml t;
    char owner[DESK_PHONE_LEN];
    const char *to = hook_text(req, "To");
    if (way == WAY_JOIN) { /* the callee hears no troubles of ours: both sides are joined */
        req->reply.status = 200;
        return hook_answer_nothing(req);
    }
    desk_twiml_init(&t);
    hook_say(&t, sentences[rc] ? sentences[rc] : sentences[DESK_EINTERNAL]);
    if (way == WAY_GOODBYE) {
        hook_say(&t, "Please call again. Goodbye.");
        desk_twiml_hangup(&t);
    } else if (way == WAY_OWNER && owner_of(to, owner)) {
        hook_say(&t, HOOK_PUT_THROUGH);
        hook_verb_dial(req, &t, owner, to);
    } else {
        record_after(req, &t);
    }
    req->reply.status = 200;
    return hook_send(req, &t);
}

/* ---- refusals -------------------------------------------------------------------------------- */

#define COUNTED_PER_S 10 /* strangers do not get to keep the database busy */

static bool may_count(void)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static int64_t second;
    static int n;
    pthread_mutex_lock(&lock);
    int64_t now = desk_mono_ms() / 1000;
    if (now != second) {
        second = now;
        n = 0;
    }
    bool may = n++ < COUNTED_PER_S;
    pthread_mutex_unlock(&lock);
    return may;
}

static void count_refusal(struct desk_request *req)
{
    if (!req->db || !may_count())
        return;
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    if (!rc)
        rc = desk_tx_end(req->db, desk_counter_add(req->db, NULL, "webhook_refused"));
    if (rc)
        desk_log(DESK_LOG_WARN, "webhook.count", "code=%s", desk_rc_name(rc));
}

static void plain(struct desk_request *req, int status, const char *text)
{
    req->reply.status = status;
    req->reply.type = "text/plain; charset=utf-8";
    desk_buf_str(&req->reply.body, text);
    desk_buf_chr(&req->reply.body, '\n');
}

void hook_fail(struct desk_request *req, enum desk_rc rc)
{
    const struct desk_rc_info *info = desk_rc_info(rc);
    if (!req->route || req->route->auth != DESK_AUTH_TWILIO) {
        plain(req, info->http, info->title);
        return;
    }
    if (rc == DESK_EAUTH) {
        count_refusal(req);
        plain(req, 403, "This request does not bear a valid signature of our Twilio account.");
        return;
    }
    if (way_of(req) == WAY_CALLBACK) {
        plain(req, 503, info->title);
        desk_reply_header(req, "Retry-After", "1");
        return;
    }
    /* failed before its parameters were read: the one we need is To */
    desk_params_read(req);
    if (keep_caller(req, rc, way_of(req)))
        plain(req, 503, info->title); /* no memory for a hundred bytes: the fallback URL is next */
}
