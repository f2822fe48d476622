/* A test of a connection that the owner asked for on the settings page: one request that does
 * nothing (of Telegram: a message that says it is a test), and what came of it as a sentence. A
 * failure is the answer, not a failed delivery: the row has done what it was for. */
#include "worker/kinds.h"
#include "worker/google.h"
#include "base/config.h"
#include "out/google.h"
#include "out/model_probe.h"
#include "out/twilio_resources.h"
#include "store/probes.h"
#include "talk/business.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

struct probe {
    const struct outbox_work *w;
    bool ok;
    char sentence[500];
};

static void probe_twilio(struct probe *p)
{
    struct desk_twilio_result got;
    struct desk_twilio_account a;
    struct desk_outbox_result r = {.code = 0};
    if (!outbox_account(&a, &r)) {
        snprintf(p->sentence, sizeof p->sentence, "%s", r.why);
        return;
    }
    enum desk_rc rc = desk_twilio_resources_rest.list(&a, "IncomingPhoneNumbers", NULL, 1, &got);
    p->ok = rc == DESK_OK;
    if (p->ok)
        snprintf(p->sentence, sizeof p->sentence, "Account and token fit.");
    else
        snprintf(p->sentence, sizeof p->sentence, "%s%s", got.why,
                 rc == DESK_EAUTH ? " Copy both from the first page of Twilio's console." : "");
    json_decref(got.body);
}

static void probe_model(struct probe *p)
{
    char why[256];
    struct desk_rt_target t;
    struct desk_model_probe m;
    if (desk_rt_target_settings(&t, why, sizeof why)) {
        snprintf(p->sentence, sizeof p->sentence, "%s", why);
        return;
    }
    desk_model_probe(&t, &m);
    p->ok = m.would_talk;
    if (m.would_talk)
        snprintf(p->sentence, sizeof p->sentence, "%s would talk; it answered in %ld ms.", t.engine,
                 m.took_ms);
    else
        snprintf(p->sentence, sizeof p->sentence, "%s %s. What helps: %s.", t.engine, m.why,
                 m.remedy);
}

static void probe_telegram(struct probe *p)
{
    struct desk_business b;
    struct desk_outbox_result r = {.end = DESK_END_FAILED};
    const struct desk_telegram_bot_of bot = {.base_url = desk_setting(DESK_S_TELEGRAM_API_URL),
                                             .token = desk_setting(DESK_S_TELEGRAM_BOT_TOKEN)};
    if (desk_business_load(p->w->db, p->w->arena, p->w->row->tenant_id, NULL, &b)) {
        snprintf(p->sentence, sizeof p->sentence, "Your settings could not be read. Try again.");
        return;
    }
    const char *chat = *b.telegram ? b.telegram : desk_setting(DESK_S_TELEGRAM_CHAT_ID);
    if (!*bot.token || !*chat) {
        snprintf(p->sentence, sizeof p->sentence, "%s",
                 *bot.token ? "There is no chat: set it under Who to ring."
                            : "TELEGRAM_BOT_TOKEN is not set.");
        return;
    }
    p->w->services->telegram->send(
        &bot, chat, "This is a test by Frontdesk: emergencies will reach you here.", &r);
    p->ok = r.end == DESK_END_SENT;
    snprintf(p->sentence, sizeof p->sentence, "%s",
             p->ok ? "A test message was sent to your chat." : r.why);
}

/* A token that Google gives now, not one it gave before. */
static void probe_google(struct probe *p)
{
    struct google *g = desk_arena_alloc(p->w->arena, sizeof *g);
    char *token = desk_arena_alloc(p->w->arena, DESK_GOOGLE_TOKEN_LEN);
    struct desk_outbox_result r = {.code = 0};
    struct desk_google_result got = {.why = ""};
    if (!g || !token || !google_open(g, p->w, DESK_GOOGLE_CALENDAR, &r)) {
        snprintf(p->sentence, sizeof p->sentence, "%s", *r.why ? r.why : "Try again.");
        return;
    }
    if (desk_google_token(&g->who, token, &got) == DESK_GOOGLE_OK)
        desk_google_token_drop(&g->who, token);
    p->ok = desk_google_token(&g->who, token, &got) == DESK_GOOGLE_OK;
    snprintf(p->sentence, sizeof p->sentence, "%s", p->ok ? "Google lets Frontdesk in." : got.why);
}

static const struct {
    const char *what;
    void (*go)(struct probe *p);
} probes[] = {{"twilio", probe_twilio},
              {"model", probe_model},
              {"telegram", probe_telegram},
              {"google", probe_google}};

void deliver_probe(const struct outbox_work *w, struct desk_outbox_result *r)
{
    struct probe p = {.w = w};
    const char *what = outbox_payload(w, "what");
    size_t i = 0;
    while (i < sizeof probes / sizeof *probes && (!what || strcmp(probes[i].what, what) != 0))
        i++;
    if (i == sizeof probes / sizeof *probes) {
        outbox_fail(r, "The row does not say what to test.");
        return;
    }
    probes[i].go(&p);
    enum desk_rc rc = DESK_TX_BEGIN(w->db);
    if (!rc)
        rc = desk_tx_end(w->db, desk_probe_done(w->db, w->row->tenant_id, what, p.ok, p.sentence));
    if (rc)
        outbox_again(r, rc);
    else
        r->end = DESK_END_SENT;
}
