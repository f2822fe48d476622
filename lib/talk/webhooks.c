#include "talk/webhooks.h"
#include "base/config.h"
#include "base/ids.h"
#include "base/log.h"
#include "store/outbox.h"
#include "talk/business.h"
#include "talk/owner_tell.h"
#include "talk/texts.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>

#define HOST_MOST 80

static bool is_one_of(const char *s, const char *a, const char *b)
{
    return strcmp(s, a) == 0 || strcmp(s, b) == 0;
}

const char *desk_webhook_wrong(const struct desk_webhook *w, bool by_hand, const char **member)
{
    const char *why = NULL;
    *member = "url";
    if (desk_webhook_at(w->url, desk_setting(DESK_S_WEBHOOK_ALLOW), &why) == DESK_WEBHOOK_REFUSED)
        return why;
    *member = "format";
    if (!is_one_of(w->format, DESK_WEBHOOK_STANDARD, DESK_WEBHOOK_FLAT))
        return "The format is standard or flat.";
    *member = "state";
    if (by_hand && !is_one_of(w->state, DESK_WEBHOOK_ON, DESK_WEBHOOK_OFF))
        return "The state is on or off.";
    return NULL;
}

void desk_webhook_secret_new(char secret[DESK_WEBHOOK_SECRET_LEN])
{
    unsigned char key[DESK_WEBHOOK_KEY];
    desk_random(key, sizeof key);
    desk_webhook_secret(key, secret);
    OPENSSL_cleanse(key, sizeof key);
}

/* ---- telling the owner ----------------------------------------------------------------------- */

/* Only that: the rest of the address may be a secret (Make, Zapier). */
static const char *host_of(struct desk_arena *a, const char *url)
{
    const char *at = strstr(url, "://");
    const char *from = at ? at + 3 : url;
    size_t n = strcspn(from, "/?");
    return desk_arena_strndup(a, from, n < HOST_MOST ? n : HOST_MOST);
}

static const char *text_of(struct desk_arena *a, const struct desk_business *b, const char *host,
                           const char *because)
{
    char why[200];
    const char *text = NULL;
    if (!host)
        return NULL;
    const struct desk_sms_value v[] = {{"where", host}, {"because", because}};
    if (!desk_text_render(a, b, "webhook_owner", v, 2, &text, why, sizeof why))
        return text;
    desk_log(DESK_LOG_ERROR, "webhook.words", "why=\"%s\"", why);
    return desk_arena_fmt(a, "%s: the webhook to %s was switched off: %s.", b->name, host, because);
}

static enum desk_rc tell(struct desk_db *db, struct desk_arena *a, const struct desk_business *b,
                         const struct desk_webhook *w, const char *text)
{
    const char *chat = "", *key;
    /* the revision counts what people change: on again and off once more is told again */
    key = desk_arena_fmt(a, "webhook_off:%s:%lld", w->id, (long long)w->revision);
    enum desk_rc rc = key ? desk_owner_chat(db, a, w->tenant_id, b, &chat) : DESK_ENOMEM;
    if (rc)
        return rc;
    if (*chat)
        return desk_telegram_queue(db, a,
                                   &(struct desk_telegram_new){.tenant_id = w->tenant_id,
                                                               .chat = chat,
                                                               .text = text,
                                                               .key = key,
                                                               .priority = DESK_OUTBOX_NORMAL});
    if (!b->numbers.n || desk_cannot_text(b, b->owner->phone))
        return DESK_OK;
    return desk_text_queue(db, a,
                           &(struct desk_text){.tenant_id = w->tenant_id,
                                               .from = b->numbers.v[0],
                                               .to = b->owner->phone,
                                               .name = "webhook_owner",
                                               .body = text,
                                               .key = key});
}

enum desk_rc desk_webhook_off_tell(struct desk_db *db, struct desk_arena *a,
                                   const struct desk_webhook *w)
{
    struct desk_business b;
    bool gone = strcmp(w->state, DESK_WEBHOOK_GONE) == 0;
    enum desk_rc rc = desk_business_load(db, a, w->tenant_id, NULL, &b);
    if (rc)
        return rc;
    const char *text =
        text_of(a, &b, host_of(a, w->url),
                gone ? "it said that it wants no more" : "nothing got through for three days");
    rc = text ? tell(db, a, &b, w, text) : DESK_ENOMEM;
    return rc == DESK_ECONFLICT ? DESK_OK : rc;
}
