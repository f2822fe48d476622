#include "talk/by_hand.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "core/phone.h"
#include "db/seal.h"
#include "store/calls.h"
#include "store/conversation.h"
#include "store/settings.h"
#include "store/text_marks.h"
#include "store/text_stops.h"
#include "store/voice_sessions.h"
#include "talk/texts.h"
#include "wire/gsm7.h"
#include "wire/twilio_error.h"

#include <string.h>

#define MINUTE_MS 60000LL

enum desk_rc desk_by_hand_cannot(struct desk_db *db, const char *tenant_id, const char *to,
                                 const char **why)
{
    bool stopped = false;
    int64_t code = 0;
    *why = NULL;
    if (!*desk_setting(DESK_S_TWILIO_ACCOUNT_SID))
        *why = "No account to send texts with is set up.";
    else if (!to || !desk_phone_can_text(to))
        *why = "This number cannot take texts.";
    if (*why)
        return DESK_OK;
    enum desk_rc rc = desk_text_stopped(db, tenant_id, to, &stopped);
    if (!rc && stopped)
        *why = "They replied STOP. You cannot text this number.";
    if (!rc && !stopped)
        rc = desk_text_marked(db, tenant_id, to, &code, NULL);
    const struct desk_twilio_error *error = desk_twilio_error_find(code);
    if (!rc && code)
        *why = error ? error->words : "Texts do not reach this number.";
    return rc;
}

/* Without spaces at its ends and other control characters than line ends. */
static const char *clean(struct desk_arena *a, const char *text)
{
    size_t room = strlen(text) * 3 + 1, n;
    char *out = desk_arena_alloc(a, room), *p = out;
    if (!out)
        return NULL;
    desk_utf8_clean_str(out, room, text);
    while (*p && (unsigned char)*p <= ' ')
        p++;
    n = strlen(p);
    while (n && (unsigned char)p[n - 1] <= ' ')
        p[--n] = '\0';
    for (char *q = p; *q; q++)
        if ((unsigned char)*q < ' ' && *q != '\n')
            *q = ' ';
    return p;
}

/* The conversation by text that runs between the two numbers hears of it, so that who goes on with
 * it later knows. *call_id NULL: none runs. */
static enum desk_rc tell_talk(struct desk_db *db, struct desk_arena *a,
                              const struct desk_by_hand *h, const char *key, const char *text,
                              const char **call_id)
{
    char blind[DESK_BLIND_LEN];
    struct desk_voice_session s;
    struct desk_call c;
    const char *pair = desk_arena_fmt(a, "text|%s|%s", h->from, h->to);
    *call_id = NULL;
    if (!pair)
        return DESK_ENOMEM;
    desk_blind(desk_db_key(db), h->tenant_id, pair, blind);
    enum desk_rc rc = desk_voice_session_by_pair(db, a, h->tenant_id, blind, &s);
    if (!rc)
        rc = desk_call_get(db, a, h->tenant_id, s.call_id, &c);
    if (!rc)
        rc = desk_turn_now(db, &c, key, DESK_WHO_DESK, "hand", text);
    if (!rc)
        *call_id = c.id;
    return rc == DESK_ENOTFOUND ? DESK_OK : rc;
}

static enum desk_rc keep_silent(struct desk_db *db, struct desk_arena *a,
                                const struct desk_by_hand *h)
{
    struct desk_tenant_settings own;
    int64_t until = 0, now = desk_now_ms();
    enum desk_rc rc = desk_text_by_hand_until(db, h->tenant_id, h->to, &until);
    if (!rc)
        rc = desk_tenant_settings_load(db, a, h->tenant_id, &own);
    int64_t then =
        rc ? 0 : now + MINUTE_MS * desk_tenant_setting_int(&own, DESK_S_TEXT_BY_HAND_MINUTES);
    return rc || until >= then ? rc : desk_text_by_hand(db, h->tenant_id, h->to, then);
}

static enum desk_rc send(struct desk_db *db, struct desk_arena *a, const struct desk_by_hand *h,
                         const char *text)
{
    const char *key = desk_arena_fmt(a, DESK_HAND_CAUSE "%s", h->key), *call_id;
    enum desk_rc rc = key ? tell_talk(db, a, h, key, text, &call_id) : DESK_ENOMEM;
    if (rc)
        return rc;
    const struct desk_text t = {.tenant_id = h->tenant_id,
                                .call_id = call_id,
                                .from = h->from,
                                .to = h->to,
                                .body = text,
                                .key = key,
                                .answers = true}; /* a person decided to write now */
    rc = desk_text_queue(db, a, &t);
    if (rc)
        return rc == DESK_ECONFLICT ? DESK_DONE : rc;
    return keep_silent(db, a, h);
}

enum desk_rc desk_by_hand(struct desk_db *db, struct desk_arena *a, const struct desk_by_hand *h,
                          const char **why, int64_t *segments)
{
    struct desk_sms_size size = {0};
    const char *text = clean(a, h->text);
    enum desk_rc rc = text ? desk_by_hand_cannot(db, h->tenant_id, h->to, why) : DESK_ENOMEM;
    if (rc || *why)
        return rc;
    desk_sms_size(text, strlen(text), &size);
    *segments = (int64_t)size.segments;
    if (!*text)
        *why = "Write something first.";
    else if (size.characters > DESK_MAX_TEXT)
        *why = "This is longer than a text may be (1,600 characters). Shorten it.";
    return *why ? DESK_OK : send(db, a, h, text);
}
