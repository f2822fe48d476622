/* GET /settings/connections: what is outside of the house, whether it is set up, and how the last
 * test went; POST …/:what/test asks the worker for a test. Secrets are never shown, only how they
 * end. */
#include "cgi-bin/admin/admin.h"
#include "base/config.h"
#include "store/google_grants.h"
#include "store/probes.h"

#include <stdio.h>
#include <string.h>

#define LONG_ENOUGH 12 /* of a shorter secret not even the end is shown */

/* "Set, ends in …4f2a." */
static const char *set_words(struct desk_arena *a, enum desk_setting_id id)
{
    const char *value = desk_setting(id);
    size_t n = strlen(value);
    if (!n)
        return "Not set.";
    return n < LONG_ENOUGH ? "Set."
                           : desk_arena_fmt(a, "Set, ends in \xe2\x80\xa6%s.", value + n - 4);
}

static const char *twilio_state(struct desk_request *req)
{
    return *desk_setting(DESK_S_TWILIO_ACCOUNT_SID)
               ? set_words(req->arena, DESK_S_TWILIO_AUTH_TOKEN)
               : "Not set: only practice calls, and no texts.";
}

static const char *model_state(struct desk_request *req)
{
    return *desk_setting(DESK_S_AZURE_OPENAI_KEY) ? set_words(req->arena, DESK_S_AZURE_OPENAI_KEY)
           : *desk_setting(DESK_S_OPENAI_API_KEY) ? set_words(req->arena, DESK_S_OPENAI_API_KEY)
                                                  : "No key: the voice of this machine answers.";
}

static const char *telegram_state(struct desk_request *req)
{
    return set_words(req->arena, DESK_S_TELEGRAM_BOT_TOKEN);
}

static const char *google_state(struct desk_request *req)
{
    struct desk_google_grant g;
    enum desk_rc rc = desk_google_grant_get(req->db, req->arena, req->tenant.id, &g);
    return rc                                    ? "Not connected."
           : strcmp(g.state, DESK_GRANT_OK) == 0 ? "Connected."
           : g.why                               ? g.why
                                                 : "It must be connected again.";
}

static const struct {
    const char *what, *title, *about, *where, *link;
    const char *(*state)(struct desk_request *req);
} rows[] = {
    {"twilio", "Twilio", "the phone line and the texts", "TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN",
     NULL, twilio_state},
    {"model", "The talking AI", "who speaks with callers", "OPENAI_API_KEY or AZURE_OPENAI_KEY",
     NULL, model_state},
    {"telegram", "Telegram", "how you hear of emergencies", "TELEGRAM_BOT_TOKEN",
     "/settings/telegram", telegram_state},
    {"google", "Google", "your calendar and your sheet",
     "GOOGLE_CLIENT_ID and "
     "GOOGLE_CLIENT_SECRET",
     "/calendars", google_state},
};
#define ROWS (sizeof rows / sizeof *rows)

static void show_probe(struct desk_view *v, size_t i, const struct desk_probe *p)
{
    char at[24];
    desk_view_setf(v, p->sentence ? p->sentence : "", "Rows.%zu.Sentence", i);
    desk_view_setf(v, p->sentence ? (p->ok ? "ok" : "bad") : "waits", "Rows.%zu.Probe", i);
    snprintf(at, sizeof at, "%lld", (long long)(p->done_at ? p->done_at : p->asked_at));
    desk_view_setf(v, at, "Rows.%zu.At", i);
}

enum desk_rc admin_connections(struct desk_request *req)
{
    struct desk_probe *probes;
    size_t n = 0;
    struct desk_view *v = desk_page_begin(req, "Connections");
    enum desk_rc rc =
        v ? desk_probe_list(req->db, req->arena, req->tenant.id, &probes, &n) : DESK_ENOMEM;
    for (size_t i = 0; !rc && i < ROWS; i++) {
        const struct {
            const char *name, *value;
        } parts[] = {{"What", rows[i].what},   {"Title", rows[i].title},
                     {"About", rows[i].about}, {"Where", rows[i].where},
                     {"Link", rows[i].link},   {"State", rows[i].state(req)}};
        for (size_t k = 0; k < sizeof parts / sizeof *parts; k++)
            desk_view_setf(v, parts[k].value, "Rows.%zu.%s", i, parts[k].name);
        for (size_t k = 0; k < n; k++)
            if (strcmp(probes[k].what, rows[i].what) == 0)
                show_probe(v, i, &probes[k]);
    }
    return rc ? rc : desk_page_send(req, v, 0);
}

static enum desk_rc ask(struct desk_request *req, const char *what)
{
    enum desk_rc rc = desk_probe_ask(req->db, req->tenant.id, what);
    if (!rc)
        rc = desk_audit_add(req->db, req->tenant.id, req->user.id, "connection.test", what);
    return rc ? rc
              : desk_page_result(
                    req, "It is being tested. Load this page again in a moment to see the result.",
                    NULL);
}

enum desk_rc admin_connection_test(struct desk_request *req)
{
    const char *what = desk_param(req, "what")->text;
    size_t i = 0;
    while (i < ROWS && strcmp(rows[i].what, what) != 0)
        i++;
    if (i == ROWS)
        return DESK_ENOTFOUND;
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    if (!rc)
        rc = desk_tx_end(req->db, ask(req, rows[i].what));
    if (!rc)
        desk_reply_redirect(req, "/settings/connections");
    return rc;
}
