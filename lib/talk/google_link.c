#include "talk/google_link.h"
#include "base/config.h"
#include "base/ids.h"
#include "db/seal.h"
#include "out/google.h"
#include "store/google_grants.h"
#include "store/outbox.h"
#include "talk/calendar_google.h"
#include "wire/base64.h"

#include <jansson.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define NONCE      18 /* random bytes; 24 characters */
#define NONCE_TEXT 24

bool desk_google_can_connect(void)
{
    return *desk_setting(DESK_S_GOOGLE_CLIENT_ID) && *desk_setting(DESK_S_GOOGLE_CLIENT_SECRET);
}

/* ---- consent --------------------------------------------------------------------------------- */

static void keyed(struct desk_db *db, const struct desk_google_asker *who, const char *what,
                  const char *text, char out[DESK_BLIND_LEN])
{
    char all[400];
    snprintf(all, sizeof all, "google|%s|%s|%s", what, who->session, text);
    desk_blind(desk_db_key(db), who->tenant_id, all, out);
}

/* 64 characters that only we can make of that state. */
static void verifier_of(struct desk_db *db, const struct desk_google_asker *who, const char *nonce,
                        char out[2 * DESK_BLIND_LEN])
{
    char half[DESK_BLIND_LEN];
    keyed(db, who, "verifier", nonce, half);
    snprintf(out, 2 * DESK_BLIND_LEN, "%s", half);
    keyed(db, who, "verifier, second half", nonce, half);
    snprintf(out + DESK_BLIND_LEN - 1, DESK_BLIND_LEN, "%s", half);
}

static void callback(const struct desk_google_asker *who, char out[600])
{
    snprintf(out, 600, "%s%s", who->base, DESK_GOOGLE_CALLBACK);
}

void desk_google_ask(struct desk_db *db, const struct desk_google_asker *who, struct desk_buf *url)
{
    unsigned char random[NONCE];
    char body[64], mac[DESK_BLIND_LEN], state[120], verifier[2 * DESK_BLIND_LEN], redirect[600];
    struct desk_buf nonce;
    desk_random(random, sizeof random);
    desk_buf_init(&nonce, NONCE_TEXT);
    if (desk_base64url_encode(random, sizeof random, &nonce)) {
        url->failed = true;
        return;
    }
    snprintf(body, sizeof body, "%s.%lld", desk_buf_cstr(&nonce),
             (long long)((who->now + DESK_GOOGLE_STATE_MS) / 1000));
    keyed(db, who, "state", body, mac);
    snprintf(state, sizeof state, "%s.%s", body, mac);
    verifier_of(db, who, desk_buf_cstr(&nonce), verifier);
    callback(who, redirect);
    const struct desk_google_consent c = {.auth_url = desk_setting(DESK_S_GOOGLE_AUTH_URL),
                                          .client_id = desk_setting(DESK_S_GOOGLE_CLIENT_ID),
                                          .redirect_uri = redirect,
                                          .scope = DESK_GOOGLE_CALENDAR " " DESK_GOOGLE_SHEETS,
                                          .state = state,
                                          .verifier = verifier};
    desk_google_consent_url(&c, url);
    desk_buf_clear(&nonce);
}

/* "nonce.seconds.mac", signed by us for that session and not over. */
static bool state_ok(struct desk_db *db, const struct desk_google_asker *who, const char *state,
                     char nonce[NONCE_TEXT + 1])
{
    char body[64], mac[DESK_BLIND_LEN];
    const char *dot = strchr(state, '.'), *dot2 = dot ? strchr(dot + 1, '.') : NULL;
    if (!dot2 || dot - state != NONCE_TEXT || (size_t)(dot2 - state) >= sizeof body ||
        strlen(dot2 + 1) != DESK_BLIND_LEN - 1)
        return false;
    snprintf(body, sizeof body, "%.*s", (int)(dot2 - state), state);
    snprintf(nonce, NONCE_TEXT + 1, "%.*s", NONCE_TEXT, state);
    keyed(db, who, "state", body, mac);
    return CRYPTO_memcmp(mac, dot2 + 1, DESK_BLIND_LEN - 1) == 0 &&
           strtoll(dot + 1, NULL, 10) * 1000 > who->now;
}

static enum desk_rc queue(struct desk_db *db, const char *tenant_id, const char *kind,
                          const char *dedupe, json_t *payload)
{
    char *text = payload ? json_dumps(payload, JSON_COMPACT) : NULL;
    enum desk_rc rc =
        text ? desk_outbox_add(db, &(struct desk_outbox_new){.tenant_id = tenant_id,
                                                             .kind = kind,
                                                             .dedupe = dedupe,
                                                             .priority = DESK_OUTBOX_NORMAL,
                                                             .payload = text})
             : DESK_ENOMEM;
    free(text);
    json_decref(payload);
    return rc;
}

enum desk_rc desk_google_asked(struct desk_db *db, struct desk_arena *a,
                               const struct desk_google_asker *who, const char *state,
                               const char *code)
{
    char nonce[NONCE_TEXT + 1], verifier[2 * DESK_BLIND_LEN], redirect[600];
    if (!state_ok(db, who, state, nonce))
        return DESK_EAUTH;
    verifier_of(db, who, nonce, verifier);
    callback(who, redirect);
    const char *once = desk_arena_fmt(a, "google:consent:%s", nonce);
    return once ? queue(db, who->tenant_id, DESK_OUTBOX_CONNECT, once,
                        json_pack("{s:s, s:s, s:s}", "code", code, "verifier", verifier, "redirect",
                                  redirect))
                : DESK_ENOMEM;
}

/* ---- calendars ------------------------------------------------------------------------------- */

static enum desk_rc add_source(struct desk_db *db, struct desk_calendar_source *s)
{
    char id[DESK_ID_LEN];
    s->id = desk_id_new(id, "cal");
    enum desk_rc rc = desk_calendar_source_add(db, s);
    return rc ? rc : desk_calendar_watch(db, s);
}

enum desk_rc desk_google_add_calendar(struct desk_db *db, struct desk_arena *a,
                                      const struct desk_google_add *c)
{
    struct desk_calendar_source main;
    enum desk_rc rc = desk_calendar_source_main(db, a, c->tenant_id, &main);
    if (rc && rc != DESK_ENOTFOUND)
        return rc;
    struct desk_calendar_source s = {.tenant_id = c->tenant_id,
                                     .kind = DESK_SOURCE_GOOGLE,
                                     .main = rc == DESK_ENOTFOUND && !c->resource,
                                     .resource = c->resource,
                                     .resource_name = c->person,
                                     .address = c->calendar};
    rc = c->service ? desk_google_grant_put(db, c->tenant_id, DESK_GRANT_SERVICE, NULL,
                                            DESK_GOOGLE_CALENDAR " " DESK_GOOGLE_SHEETS)
                    : DESK_OK;
    return rc ? rc : add_source(db, &s);
}

enum desk_rc desk_calendar_import(struct desk_db *db, const char *tenant_id, const char *url,
                                  const char *resource, const char *person)
{
    static const char *const schemes[] = {"https://", "http://", "webcal://"};
    struct desk_calendar_source s = {.tenant_id = tenant_id,
                                     .kind = DESK_SOURCE_ICS,
                                     .resource = resource,
                                     .resource_name = person,
                                     .address = url};
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (strncasecmp(url, schemes[i], strlen(schemes[i])) == 0 && url[strlen(schemes[i])] &&
            strlen(url) < 2000)
            return add_source(db, &s);
    return DESK_EINVAL;
}

static enum desk_rc stop_reading(struct desk_db *db, struct desk_arena *a,
                                 const struct desk_calendar_source *s)
{
    enum desk_rc rc = desk_calendar_unwatch(db, a, s);
    return rc ? rc : desk_calendar_source_drop(db, s->tenant_id, s->id);
}

enum desk_rc desk_calendar_unimport(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                    const char *which)
{
    struct desk_calendar_source *rows;
    size_t n = 0;
    enum desk_rc rc = desk_calendar_source_list(db, a, tenant_id, &rows, &n);
    for (size_t i = 0; !rc && i < n; i++)
        if (strcmp(rows[i].kind, DESK_SOURCE_ICS) == 0 &&
            (strcmp(rows[i].id, which) == 0 || strcmp(rows[i].address, which) == 0))
            return stop_reading(db, a, &rows[i]);
    return rc ? rc : DESK_ENOTFOUND;
}

enum desk_rc desk_calendar_read_now(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                    size_t *n)
{
    struct desk_calendar_source *rows;
    *n = 0;
    enum desk_rc rc = desk_calendar_source_list(db, a, tenant_id, &rows, n);
    for (size_t i = 0; !rc && i < *n; i++)
        rc = desk_calendar_watch(db, &rows[i]);
    return rc;
}

/* ---- let go ---------------------------------------------------------------------------------- */

static enum desk_rc give_back(struct desk_db *db, struct desk_arena *a,
                              const struct desk_google_grant *g)
{
    const char *once = desk_arena_fmt(a, "google:revoke:%s", g->id);
    if (!g->refresh_token || strcmp(g->state, DESK_GRANT_OK) != 0)
        return DESK_OK; /* Google does not take it any more anyhow */
    return once ? queue(db, g->tenant_id, DESK_OUTBOX_REVOKE, once,
                        json_pack("{s:s}", "token", g->refresh_token))
                : DESK_ENOMEM;
}

enum desk_rc desk_google_disconnect(struct desk_db *db, struct desk_arena *a, const char *tenant_id)
{
    struct desk_google_grant g;
    struct desk_calendar_source *rows;
    size_t n = 0;
    enum desk_rc rc = desk_google_grant_get(db, a, tenant_id, &g);
    if (!rc)
        rc = give_back(db, a, &g);
    if (!rc)
        rc = desk_google_grant_drop(db, tenant_id);
    if (!rc)
        rc = desk_calendar_source_list(db, a, tenant_id, &rows, &n);
    for (size_t i = 0; !rc && i < n; i++)
        if (strcmp(rows[i].kind, DESK_SOURCE_GOOGLE) == 0)
            rc = stop_reading(db, a, &rows[i]);
    return rc;
}
