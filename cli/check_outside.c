/* frontdesk check, of those we rely on: the world's clock, the model's server, Twilio. */
#include "cli/check.h"
#include "cli/numbers_plan.h"
#include "base/clock.h"
#include "base/config.h"
#include "out/http.h"
#include "out/model_probe.h"
#include "out/twilio_resources.h"
#include "store/open.h"
#include "store/tenants.h"
#include "wire/realtime_target.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- clock ----------------------------------------------------------------------------------- */

/* What a server says the time is, UTC seconds; 0 = nothing. Any answer will do. */
static int64_t date_at(const char *url)
{
    struct desk_http_reply reply;
    if (!*url)
        return 0;
    const struct desk_http_request req = {.url = url, .timeout_ms = 8000, .once = true};
    int64_t date = desk_http_send(&req, &reply) ? 0 : reply.date;
    desk_http_reply_clear(&reply);
    return date;
}

/* Promises are made in minutes, so seconds do not matter; whose server it is that knows better,
 * too, as long as it is not ours. */
void check_clock(struct check_report *r)
{
    const char *url = desk_setting(DESK_S_TWILIO_API_URL);
    int64_t theirs = date_at(url);
    if (!theirs)
        theirs = date_at(url = desk_setting(DESK_S_PUBLIC_BASE_URL));
    if (!theirs) {
        check_say(r, CHECK_WARN, "see to it that chrony or systemd-timesyncd runs",
                  "nobody was reached who would know the time");
        return;
    }
    long off = (long)(desk_now_ms() / 1000 - theirs), much = labs(off);
    check_say(r,
              much >= 120  ? CHECK_FAIL
              : much >= 15 ? CHECK_WARN
                           : CHECK_OK,
              much >= 15 ? "set the clock: chrony or systemd-timesyncd keeps it right" : NULL,
              "%ld s %s, by %.100s", much, off < 0 ? "behind" : "ahead", url);
}

/* ---- model ----------------------------------------------------------------------------------- */

void check_model(struct check_report *r)
{
    char why[256];
    struct desk_rt_target t;
    struct desk_model_probe p;
    if (desk_rt_target_settings(&t, why, sizeof why)) {
        check_say(r, CHECK_FAIL, "mend the setting", "%s", why);
        return;
    }
    desk_model_probe(&t, &p);
    if (p.would_talk)
        check_say(r, CHECK_OK, NULL, "%s would talk, in %ld ms", t.engine, p.took_ms);
    else
        check_say(r, p.passing ? CHECK_WARN : CHECK_FAIL, p.remedy, "%s %s", t.engine, p.why);
}

/* ---- Twilio ------------------------------------------------------------------------------------
 */

static bool practising(struct check_report *r)
{
    bool none =
        !*desk_setting(DESK_S_TWILIO_ACCOUNT_SID) || !*desk_setting(DESK_S_TWILIO_AUTH_TOKEN);
    if (none)
        check_say(r, CHECK_WARN, "set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN to take real calls",
                  "no account is set: only practice calls, and no texts");
    return none;
}

void check_twilio(struct check_report *r)
{
    struct desk_twilio_result got;
    const struct desk_twilio_account a = {desk_setting(DESK_S_TWILIO_API_URL),
                                          desk_setting(DESK_S_TWILIO_ACCOUNT_SID),
                                          desk_setting(DESK_S_TWILIO_AUTH_TOKEN)};
    if (practising(r))
        return;
    enum desk_rc rc = desk_twilio_resources_rest.list(&a, "IncomingPhoneNumbers", NULL, 1, &got);
    if (!rc)
        check_say(r, CHECK_OK, NULL, "account and token fit");
    else
        check_say(r, rc == DESK_EBUSY ? CHECK_WARN : CHECK_FAIL,
                  rc == DESK_EAUTH ? "copy both from the first page of Twilio's console"
                                   : "status.twilio.com says how Twilio does",
                  "%s", got.why);
    json_decref(got.body);
}

/* One number of a business: is it the account's, and does it point here? */
static bool check_number(struct check_report *r, const struct numbers_found *f, const char *slug,
                         const char *e164)
{
    struct numbers_change v[NUMBERS_CHANGES];
    char remedy[120], fields[200] = "";
    const json_t *number = numbers_find(f, e164);
    size_t n = number && f->app ? numbers_changes(f, number, numbers_sid(f->app), v) : 0, at = 0;
    snprintf(remedy, sizeof remedy, "frontdesk numbers sync --business %s", slug);
    if (!number) {
        check_say(r, CHECK_FAIL, "buy it there, or take it out of the business",
                  "%s (%s) is not a number of this Twilio account", e164, slug);
        return false;
    }
    for (size_t i = 0; i < n && at < sizeof fields; i++)
        at += (size_t)snprintf(fields + at, sizeof fields - at, "%s%s", i ? ", " : "", v[i].field);
    if (n)
        check_say(r, CHECK_FAIL, remedy, "%s (%s) does not point here: %s", e164, slug, fields);
    return n == 0;
}

static enum desk_rc check_tenant(struct check_report *r, const struct numbers_found *f,
                                 struct desk_db *db, struct desk_arena *a,
                                 const struct desk_tenant *t, size_t *well)
{
    struct desk_number *numbers;
    size_t n = 0;
    enum desk_rc rc = desk_number_list(db, a, t->id, &numbers, &n);
    for (size_t i = 0; !rc && i < n; i++)
        *well += check_number(r, f, t->slug, numbers[i].e164);
    return rc;
}

static void check_numbers(struct check_report *r, const struct numbers_found *f, struct desk_db *db)
{
    struct numbers_change v[NUMBERS_CHANGES];
    struct desk_tenant *tenants = NULL;
    size_t n = 0, well = 0;
    struct desk_arena *a = desk_arena_new(16 * 1024 * 1024);
    enum desk_rc rc = a ? desk_tenant_list(db, a, &tenants, &n) : DESK_ENOMEM;
    if (!f->app)
        check_say(r, CHECK_FAIL, "frontdesk numbers sync",
                  "the TwiML application \"%s\" is not there", f->app_name);
    else if (numbers_app_changes(f, v))
        check_say(r, CHECK_FAIL, "frontdesk numbers sync",
                  "the TwiML application \"%s\" does not point here: %s", f->app_name, v[0].field);
    for (size_t i = 0; !rc && i < n; i++)
        rc = check_tenant(r, f, db, a, &tenants[i], &well);
    if (rc)
        check_say(r, CHECK_FAIL, "frontdesk db check", "the businesses cannot be read");
    else if (!r->n)
        check_say(r, CHECK_OK, NULL, "%zu number%s and the TwiML application point here", well,
                  well == 1 ? "" : "s");
    desk_arena_free(a);
}

void check_webhooks(struct check_report *r)
{
    char why[400];
    struct numbers_found f;
    struct desk_db *db = NULL;
    if (practising(r))
        return;
    if (numbers_settings(&f, why, sizeof why)) {
        check_say(r, CHECK_WARN, "set it, then: frontdesk numbers sync", "%s", why);
        return;
    }
    f.texts = numbers_page_there(numbers_page_status(&f, "/sms/incoming", why, sizeof why));
    if (numbers_look(&f, why, sizeof why))
        check_say(r, CHECK_FAIL, "see the check \"twilio\"", "%s", why);
    else if (desk_store_key(false, why, sizeof why) ||
             desk_store_open(&db, DESK_ZONE_ADMIN_CLI, 5000))
        check_say(r, CHECK_FAIL, "see the check \"database\"",
                  "the businesses' numbers cannot be read");
    else
        check_numbers(r, &f, db);
    desk_db_close(db);
    numbers_clear(&f);
}
