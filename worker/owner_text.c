/* The owner is told in a text that a caller left a message: who, when, its first words. Made when
 * it is sent, so that words that came meanwhile are in it. */
#include "worker/kinds.h"
#include "base/limits.h"
#include "base/tz.h"
#include "base/utf8.h"
#include "core/phone.h"
#include "store/calls.h"
#include "store/contacts.h"
#include "store/results.h"
#include "store/tenants.h"
#include "talk/template.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define FIRST_WORDS 200 /* bytes of them */

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

/* As a phone shows it, without the space that keeps it on one line: a text with one such character
 * costs twice as much. */
static const char *plain_number(char out[64], const char *e164)
{
    char *p;
    desk_phone_national(out, 64, e164);
    while ((p = strstr(out, "\xc2\xa0")) != NULL) {
        *p = ' ';
        memmove(p + 1, p + 2, strlen(p + 2) + 1);
    }
    return out;
}

static void fill(const struct outbox_work *w, const struct about *a, struct desk_view *v)
{
    char number[64], day[32], time[32], length[32];
    const struct desk_tz *tz = desk_tz_load(a->l.zone);
    const char *base = outbox_base(w);
    int64_t at = a->m.created_at;
    desk_view_set(v, "Business", a->t.name);
    desk_view_set(v, "Name", a->who.name);
    if (a->c.from_number && *a->c.from_number)
        desk_view_set(v, "Number", plain_number(number, a->c.from_number));
    desk_view_set(v, "Day", desk_when_date(day, sizeof day, tz, at));
    desk_view_set(v, "Time", desk_when_time(time, sizeof time, tz, at, false));
    if (a->m.seconds) {
        snprintf(length, sizeof length, "%lld:%02lld", (long long)(a->m.seconds / 60),
                 (long long)(a->m.seconds % 60));
        desk_view_set(v, "Length", length);
    }
    if (a->m.text && *a->m.text)
        desk_view_set(v, "Words", first_words(w, a->m.text));
    if (base)
        desk_view_set(v, "Url", desk_arena_fmt(w->arena, "%s/calls/%s", base, a->c.id));
}

static const char *body_of(const struct outbox_work *w, const struct about *a)
{
    struct desk_buf out;
    char *body = NULL;
    struct desk_view *v = desk_view_new();
    if (!v)
        return NULL;
    desk_buf_init(&out, DESK_MAX_TEXT);
    fill(w, a, v);
    enum desk_rc rc = desk_view_render(v, "sms/message_for_owner.cs", DESK_ESCAPE_NONE, &out);
    if (!rc && desk_buf_ok(&out))
        body = desk_arena_strdup(w->arena, desk_buf_cstr(&out));
    for (size_t n = body ? strlen(body) : 0; n && isspace((unsigned char)body[n - 1]);)
        body[--n] = '\0';
    desk_buf_clear(&out);
    desk_view_free(v);
    return body && *body ? body : NULL;
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
    else
        outbox_send_text(w, to, from, body, r);
}
