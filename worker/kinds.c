#include "worker/kinds.h"
#include "base/config.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

void outbox_fail(struct desk_outbox_result *r, const char *why)
{
    r->end = DESK_END_FAILED;
    snprintf(r->why, sizeof r->why, "%s", why);
}

void outbox_again(struct desk_outbox_result *r, enum desk_rc rc)
{
    r->end = DESK_END_AGAIN;
    r->ours = true;
    snprintf(r->why, sizeof r->why, "Frontdesk itself could not go on (%s).", desk_rc_name(rc));
}

const char *outbox_base(const struct outbox_work *w)
{
    const char *base = desk_setting(DESK_S_PUBLIC_BASE_URL);
    size_t len = strlen(base);
    while (len && base[len - 1] == '/')
        len--;
    if (!len || !desk_public_reachable())
        return NULL;
    return desk_arena_strndup(w->arena, base, len);
}

bool outbox_account(struct desk_twilio_account *account, struct desk_outbox_result *r)
{
    *account = (struct desk_twilio_account){.base_url = desk_setting(DESK_S_TWILIO_API_URL),
                                            .sid = desk_setting(DESK_S_TWILIO_ACCOUNT_SID),
                                            .token = desk_setting(DESK_S_TWILIO_AUTH_TOKEN)};
    if (*account->sid && *account->token)
        return true;
    outbox_fail(r, "TWILIO_ACCOUNT_SID or TWILIO_AUTH_TOKEN is not set.");
    return false;
}

const char *outbox_payload(const struct outbox_work *w, const char *name)
{
    json_t *p = json_loads(w->row->payload ? w->row->payload : "", 0, NULL);
    const char *text = desk_arena_strdup(w->arena, json_string_value(json_object_get(p, name)));
    json_decref(p);
    return text;
}

bool outbox_last(const struct outbox_work *w, const struct desk_outbox_result *r)
{
    return r->end == DESK_END_FAILED || r->end == DESK_END_REFUSED ||
           (r->end == DESK_END_AGAIN && w->row->attempts >= w->row->max_attempts);
}

/* Twilio tells what became of a text to an address with the row's id, so that a report that is
 * quicker than the answer, or comes although the answer was lost, is of use. */
void outbox_send_text(const struct outbox_work *w, const char *to, const char *from,
                      const char *body, struct desk_outbox_result *r)
{
    struct desk_twilio_account account;
    const char *base = outbox_base(w);
    const char *report =
        base ? desk_arena_fmt(w->arena, "%s/sms/status?id=%s", base, w->row->id) : NULL;
    const struct desk_twilio_message m = {
        .to = to, .from = from, .body = body, .status_callback = report};
    if (outbox_account(&account, r))
        w->services->twilio->message(&account, &m, r);
}

static void deliver_sms(const struct outbox_work *w, struct desk_outbox_result *r)
{
    const char *to = outbox_payload(w, "to"), *from = outbox_payload(w, "from"),
               *body = outbox_payload(w, "body");
    if (!to || !from || !body)
        outbox_fail(r, "The row does not say whom to send what.");
    else
        outbox_send_text(w, to, from, body, r);
}

/* What was sent stands in the row (owner_text.c writes it there first: without it nothing was). */
static enum desk_twilio_found find_text(const struct outbox_work *w, outbox_known *known, void *ctx,
                                        struct desk_outbox_result *r)
{
    struct desk_twilio_account account;
    const struct desk_twilio_message m = {.to = outbox_payload(w, "to"),
                                          .from = outbox_payload(w, "from"),
                                          .body = outbox_payload(w, "body")};
    if (!m.body)
        return DESK_TWILIO_NOT_THERE;
    if (!m.to || !m.from || !outbox_account(&account, r) || !w->services->twilio->find)
        return DESK_TWILIO_CANNOT_TELL;
    return w->services->twilio->find(&account, &m, w->row->created_at, known, ctx, r);
}

const struct outbox_kind outbox_kinds[] = {
    {.name = DESK_OUTBOX_SMS,
     .text = true,
     .what = "text",
     .it = "The text to the caller",
     .deliver = deliver_sms,
     .find = find_text},
    /* an alert twice is better than none (out/telegram.h) */
    {.name = DESK_OUTBOX_TELEGRAM,
     .may_repeat = true,
     .what = "telegram",
     .it = "The message to the owner by Telegram",
     .deliver = deliver_telegram},
    {.name = DESK_OUTBOX_TELEGRAM_REPLY,
     .may_repeat = true,
     .what = "telegram_reply",
     .deliver = deliver_telegram_reply},
    /* to the owner: at any hour, whatever they opted out of */
    {.name = DESK_OUTBOX_OWNER_TEXT,
     .what = "owner_text",
     .it = "The text to the owner",
     .said = {[OUTBOX_TOLD_SENT] = "The owner was told of it in a text."},
     .deliver = deliver_owner_text,
     .find = find_text},
    {.name = DESK_OUTBOX_CALL,
     .what = "ring_me",
     .said = {[OUTBOX_TOLD_SENT] = "The owner's phone is rung, to call back.",
              [OUTBOX_TOLD_FAILED] = "The owner's phone could not be rung.",
              [OUTBOX_TOLD_UNKNOWN] = "Whether the owner's phone was rung is not known."},
     .deliver = deliver_call},
    {.name = DESK_OUTBOX_STEER,
     .may_repeat = true,
     .what = "call_steer",
     .said = {[OUTBOX_TOLD_FAILED] = "Twilio could not be told to go on with the call otherwise."},
     .deliver = deliver_steer},
    {.name = DESK_OUTBOX_REMIND, .what = "remind_call", .deliver = deliver_remind_call},
    {.name = DESK_OUTBOX_FETCH,
     .may_repeat = true,
     .what = "recording_fetch",
     .said = {[OUTBOX_TOLD_FAILED] = "The recording could not be fetched from Twilio."},
     .deliver = deliver_fetch},
    {.name = DESK_OUTBOX_PICTURE,
     .may_repeat = true,
     .what = "picture",
     .said = {[OUTBOX_TOLD_FAILED] = "A picture could not be fetched from Twilio."},
     .deliver = deliver_picture},
    {.name = DESK_OUTBOX_WORDS,
     .may_repeat = true,
     .what = "transcribe",
     .said = {[OUTBOX_TOLD_FAILED] = "The message could not be written down."},
     .deliver = deliver_words},
    {.name = DESK_OUTBOX_ERASE,
     .may_repeat = true,
     .what = "recording_erase",
     .said = {[OUTBOX_TOLD_SENT] = "The recording was deleted at Twilio.",
              [OUTBOX_TOLD_FAILED] = "The recording could not be deleted at Twilio."},
     .deliver = deliver_erase},
    /* brings Google to agree with the row as it is: once more does no harm */
    {.name = DESK_OUTBOX_EVENT,
     .may_repeat = true,
     .what = "google_event",
     .said = {[OUTBOX_TOLD_FAILED] = "The visit could not be brought into the owner's Google "
                                     "calendar."},
     .deliver = deliver_google_event},
    {.name = DESK_OUTBOX_SYNC,
     .may_repeat = true,
     .what = "google_sync",
     .deliver = deliver_google_sync},
    {.name = DESK_OUTBOX_IMPORT,
     .may_repeat = true,
     .what = "calendar_import",
     .deliver = deliver_calendar_import},
    {.name = DESK_OUTBOX_CONNECT,
     .may_repeat = true,
     .what = "google_connect",
     .deliver = deliver_google_connect},
    {.name = DESK_OUTBOX_REVOKE,
     .may_repeat = true,
     .what = "google_revoke",
     .deliver = deliver_google_revoke},
    {.name = DESK_OUTBOX_SHEETS,
     .what = "sheet_row",
     .said = {[OUTBOX_TOLD_FAILED] = "The row in the owner's Google Sheet could not be written.",
              [OUTBOX_TOLD_UNKNOWN] = "Whether the owner's Google Sheet has its row is not known."},
     .deliver = deliver_sheet_row,
     .find = sheet_row_find},
    {.name = DESK_OUTBOX_DTOOLS,
     .what = "dtools",
     .said = {[OUTBOX_TOLD_FAILED] = "The lead could not be written into D-Tools.",
              [OUTBOX_TOLD_UNKNOWN] = "Whether D-Tools has the lead is not known."},
     .deliver = deliver_dtools,
     .find = dtools_find},
    /* the receiver knows a repeat by its id */
    {.name = DESK_OUTBOX_WEBHOOK,
     .may_repeat = true,
     .what = "webhook",
     .deliver = deliver_webhook},
    {.name = DESK_OUTBOX_PROBE, .may_repeat = true, .what = "probe", .deliver = deliver_probe},
    {.name = NULL},
};

const struct outbox_kind *outbox_kind_find(const char *name)
{
    for (const struct outbox_kind *k = outbox_kinds; name && k->name; k++)
        if (strcmp(k->name, name) == 0)
            return k;
    return NULL;
}
