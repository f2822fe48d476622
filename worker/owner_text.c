/* The owner is told in a text that a caller left a message: who, when, its first words. Made when
 * it is sent, so that words that came meanwhile are in it. */
#include "worker/kinds.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/tz.h"
#include "base/utf8.h"
#include "core/phone.h"
#include "store/calls.h"
#include "store/contacts.h"
#include "store/results.h"
#include "store/tenants.h"
#include "talk/business.h"
#include "talk/texts.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT        "voicemail_owner"
#define FIRST_WORDS 200 /* bytes of them */
#define NAME_MOST   50 /* characters of who called; with their number no more than the text takes */

struct about {
    struct desk_message m;
    struct desk_call c;
    struct desk_tenant t;
    struct desk_location l;
    struct desk_contact who; /* id NULL: not known */
};

static enum desk_rc load(const struct outbox_work *w, const char *id, struct about *a)
{
    const char *tenant = w->row->tenant_id;
    enum desk_rc rc = desk_message_get(w->db, w->arena, tenant, id, &a->m);
    if (!rc)
        rc = desk_call_get(w->db, w->arena, tenant, a->m.call_id, &a->c);
    if (!rc)
        rc = desk_tenant_get(w->db, w->arena, tenant, &a->t);
    if (!rc)
        rc = desk_location_get(w->db, w->arena, tenant, a->c.location_id, &a->l);
    if (rc || !a->c.contact_id)
        return rc;
    rc = desk_contact_get(w->db, w->arena, tenant, a->c.contact_id, &a->who);
    return rc == DESK_ENOTFOUND ? DESK_OK : rc;
}

/* Whole words, and dots when there are more. */
static const char *first_words(const struct outbox_work *w, const char *text)
{
    size_t n = strlen(text);
    if (n <= FIRST_WORDS)
        return text;
    n = desk_utf8_cut(text, n, FIRST_WORDS);
    for (size_t i = n; i > FIRST_WORDS / 2; i--)
        if (text[i] == ' ') {
            n = i;
            break;
        }
    return desk_arena_fmt(w->arena, "%.*s...", (int)n, text);
}

static const char *caller_of(const struct outbox_work *w, const struct about *a)
{
    char number[64] = "";
    const char *name = desk_text_line(w->arena, a->who.name ? a->who.name : "", NAME_MOST, false);
    if (a->c.from_number && *a->c.from_number)
        desk_phone_plain(number, sizeof number, a->c.from_number);
    if (!*name && !*number)
        return "a hidden number";
    return desk_arena_fmt(w->arena, "%s%s%s", name, *name && *number ? ", " : "", number);
}

static const char *body_of(const struct outbox_work *w, const struct about *a)
{
    struct desk_business b;
    char day[32], time[32], why[200] = "no memory";
    const char *body = NULL, *base = outbox_base(w);
    const struct desk_tz *tz = desk_tz_load(a->l.zone);
    const char *said = desk_text_line(w->arena, a->m.text ? a->m.text : "", DESK_MAX_TEXT, false);
    desk_when_date(day, sizeof day, tz, a->m.created_at);
    desk_when_time(time, sizeof time, tz, a->m.created_at, false);
    const struct desk_sms_value v[] = {
        {"caller", caller_of(w, a)},
        {"when", desk_arena_fmt(w->arena, "%s %s", day, time)},
        {"seconds",
         a->m.seconds ? desk_arena_fmt(w->arena, "%lld", (long long)a->m.seconds) : NULL},
        {"words", first_words(w, said)},
        {"link", base ? desk_arena_fmt(w->arena, "%s/calls/%s", base, a->c.id) : NULL},
    };
    enum desk_rc rc = desk_business_of(w->arena, &a->t, &a->l, &b);
    if (!rc)
        rc = desk_text_render(w->arena, &b, TEXT, v, sizeof v / sizeof *v, &body, why, sizeof why);
    if (rc)
        desk_log(DESK_LOG_ERROR, "owner_text.words", "id=%s rc=%s why=\"%s\"", w->row->id,
                 desk_rc_name(rc), why);
    return rc ? NULL : body;
}

/* What goes is written down first: if the answer is lost, Twilio is asked for this very text. */
static enum desk_rc note(const struct outbox_work *w, const char *body)
{
    json_t *root = json_loads(w->row->payload, 0, NULL);
    char *payload = NULL;
    if (root && json_object_set_new(root, "body", json_string(body)) == 0)
        payload = json_dumps(root, JSON_COMPACT);
    enum desk_rc rc = payload ? DESK_TX_BEGIN(w->db) : DESK_ENOMEM;
    if (!rc)
        rc = desk_tx_end(w->db, desk_outbox_payload(w->db, w->row, payload));
    json_decref(root);
    free(payload);
    return rc;
}

void deliver_owner_text(const struct outbox_work *w, struct desk_outbox_result *r)
{
    struct about a = {.who = {.id = NULL}};
    const char *to = outbox_payload(w, "to"), *from = outbox_payload(w, "from"),
               *id = outbox_payload(w, "message");
    *r = (struct desk_outbox_result){.end = DESK_END_FAILED};
    enum desk_rc rc = to && from && id ? load(w, id, &a) : DESK_ENOTFOUND;
    const char *body = rc ? NULL : body_of(w, &a);
    if (rc == DESK_ENOTFOUND)
        outbox_fail(r, "There is no such message any more.");
    else if (rc)
        outbox_again(r, rc);
    else if (!body)
        outbox_fail(r, "The words of the text could not be made.");
    else if ((rc = note(w, body)) != DESK_OK)
        outbox_again(r, rc);
    else
        outbox_send_text(w, to, from, body, r);
}
