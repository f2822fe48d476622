/* Does it work? Each check is a row of a table: what is on record about one thing, in words an
 * owner uses, and what to do when it is not well. */
#include "cgi-bin/admin/today.h"
#include "cgi-bin/words.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/paths.h"
#include "store/calendar_sources.h"
#include "store/google_grants.h"
#include "store/outbox.h"
#include "store/pulse.h"
#include "store/webhooks.h"
#include "wire/realtime_target.h"

#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#define MEGA      (1024.0 * 1024.0)
#define LATE_MS   (10 * 60 * 1000LL)
#define MINUTE_MS 60000LL
#define FULL_MB   50.0
#define NEARLY_MB 500.0
#define GIVEN_UP  100

#define DAY_MS         (24 * 3600 * 1000LL)
#define BACKUP_OLD_MS  (2 * DAY_MS) /* one a night, and one that was missed */
#define CERT_LOOK_MS   (21 * DAY_MS)
#define CERT_BAD_MS    (7 * DAY_MS)
#define CLOCK_EXACT_MS 3000 /* what is measured is not better */

static enum desk_rc not_fine(struct admin_check *c, enum admin_level level, const char *head,
                             const char *todo)
{
    c->level = level;
    c->head = head;
    c->todo = todo;
    return c->words && head && todo ? DESK_OK : DESK_ENOMEM;
}

static enum desk_rc fine(struct admin_check *c)
{
    return c->words ? DESK_OK : DESK_ENOMEM;
}

static void lead(struct admin_check *c, const char *href, const char *link)
{
    c->href = href;
    c->link = link;
}

const char *admin_moment(struct desk_request *req, int64_t at)
{
    char words[96];
    return desk_arena_strdup(
        req->arena, desk_words_when(words, sizeof words, desk_page_zone(req), desk_now_ms(), at));
}

const char *admin_ago(struct desk_request *req, int64_t at)
{
    char words[96];
    return desk_arena_strdup(
        req->arena, desk_words_ago(words, sizeof words, desk_page_zone(req), desk_now_ms(), at));
}

/* ---- the telephone --------------------------------------------------------------------------- */

static enum desk_rc last_call(struct desk_request *req, int64_t *at)
{
    struct desk_call *c;
    size_t n = 0;
    const struct desk_call_filter all = {0};
    enum desk_rc rc =
        desk_call_find(req->db, req->arena, req->tenant.id, &all, INT64_MAX, "", 1, &c, &n);
    *at = n ? c[0].started_at : 0;
    return rc;
}

/* Messages of the phone network belong to no business until their signature is right: so what was
 * refused is the machine's. */
static enum desk_rc check_phone(struct desk_request *req, struct admin_check *c)
{
    char count[64];
    struct desk_number *numbers;
    size_t n_numbers = 0;
    int64_t refused = 0, refused_at = 0, call_at = 0;
    enum desk_rc rc = last_call(req, &call_at);
    if (!rc)
        rc = desk_number_list(req->db, req->arena, req->tenant.id, &numbers, &n_numbers);
    if (!rc)
        rc =
            desk_counter_today(req->db, req->arena, NULL, "webhook_refused", &refused, &refused_at);
    if (rc)
        return rc;
    c->words = call_at ? desk_arena_fmt(req->arena, "Last call %s.", admin_ago(req, call_at))
                       : "No call has come yet.";
    if (!n_numbers)
        return not_fine(c, ADMIN_LOOK, "No phone number leads here.",
                        "Whoever runs this machine adds your number: frontdesk numbers.");
    if (refused <= 0)
        return fine(c);
    c->words = desk_arena_fmt(
        req->arena, "%s %s refused today, the last one %s: the signature did not match.",
        desk_words_count(count, sizeof count, refused, "message of the phone network",
                         "messages of the phone network"),
        refused == 1 ? "was" : "were", admin_ago(req, refused_at));
    lead(c, "/calls", "See how to mend it");
    bool since = refused_at > call_at;
    return not_fine(c, since ? ADMIN_BROKEN : ADMIN_LOOK,
                    since ? "Calls do not reach Frontdesk."
                          : "Some messages of the phone network were refused.",
                    "The address or the token that is set there does not fit: the page Calls tells "
                    "which.");
}

/* ---- the voice ------------------------------------------------------------------------------- */

static enum desk_rc voice_said(struct desk_request *req, struct admin_check *c,
                               const struct desk_pulse *p)
{
    char took[32];
    int64_t every = desk_setting_int(DESK_S_MODEL_PROBE_MINUTES) * MINUTE_MS;
    const char *what = p->what ? p->what : "The model";
    if (!p->ok) {
        c->words = desk_arena_fmt(req->arena, "%s %s, since %s.", what,
                                  p->why ? p->why : "does not answer", admin_moment(req, p->since));
        return not_fine(c, ADMIN_BROKEN, "Calls are answered by the simple menu.",
                        "Callers are asked question by question meanwhile. Look at the account and "
                        "the key there; it is tried again every half minute.");
    }
    c->words = desk_arena_fmt(req->arena, "%s answered %s, within %s.", what, admin_ago(req, p->at),
                              desk_words_took(took, sizeof took, p->took_ms));
    if (desk_now_ms() - p->at > 2 * every + LATE_MS)
        return not_fine(c, ADMIN_LOOK, "Nobody has asked the voice lately.",
                        "The program that asks it may not be running: see the texts below.");
    return fine(c);
}

static enum desk_rc check_voice(struct desk_request *req, struct admin_check *c)
{
    char why[256];
    struct desk_rt_target t;
    struct desk_pulse p;
    if (desk_rt_target_settings(&t, why, sizeof why)) {
        c->words = desk_arena_strdup(req->arena, why);
        return not_fine(c, ADMIN_BROKEN, "Calls are answered by the simple menu.",
                        "Whoever runs this machine mends that setting.");
    }
    c->words = "Frontdesk's own voice answers; nothing outside of this machine is needed for it.";
    if (t.offline)
        return fine(c);
    enum desk_rc rc = desk_pulse_get(req->db, req->arena, DESK_PULSE_MODEL, &p);
    if (!rc)
        return voice_said(req, c, &p);
    if (rc != DESK_ENOTFOUND)
        return rc;
    c->words = desk_setting_int(DESK_S_MODEL_PROBE_MINUTES)
                   ? "It was not asked yet."
                   : "Nobody asks it: MODEL_PROBE_MINUTES is 0.";
    return not_fine(c, ADMIN_LOOK, "Nobody knows whether the voice would answer.",
                    "Ring your number to hear it.");
}

/* ---- programs -------------------------------------------------------------------------------- */

/* *alive: it gave a sign lately. */
static enum desk_rc program(struct desk_request *req, struct admin_check *c, const char *id,
                            bool *alive)
{
    struct desk_pulse p;
    enum desk_rc rc = desk_pulse_get(req->db, req->arena, id, &p);
    *alive = !rc && desk_now_ms() - p.at <= DESK_PULSE_LATE_MS;
    if (rc && rc != DESK_ENOTFOUND)
        return rc;
    c->words = rc ? "It has not been heard of yet."
                  : desk_arena_fmt(req->arena, "Last heard of %s.", admin_ago(req, p.at));
    return DESK_OK;
}

static const char restart[] =
    "Whoever runs this machine starts Frontdesk again; `frontdesk check` says more.";

static enum desk_rc check_bridge(struct desk_request *req, struct admin_check *c)
{
    bool alive;
    enum desk_rc rc = program(req, c, DESK_PULSE_BRIDGE, &alive);
    if (rc || alive)
        return rc ? rc : fine(c);
    return not_fine(c, ADMIN_BROKEN, "Callers get no live voice.", restart);
}

static enum desk_rc check_worker(struct desk_request *req, struct admin_check *c)
{
    char count[64];
    bool alive;
    int64_t late = 0;
    enum desk_rc rc = program(req, c, DESK_PULSE_WORKER, &alive);
    if (!rc)
        rc = desk_outbox_late(req->db, req->tenant.id, desk_now_ms() - LATE_MS, &late);
    if (rc)
        return rc;
    if (late > 0)
        c->words = desk_arena_fmt(
            req->arena, "%s %s %s for more than ten minutes.", c->words,
            desk_words_count(count, sizeof count, late, "text or note", "texts and notes"),
            late == 1 ? "has waited" : "have waited");
    if (!alive)
        return not_fine(c, ADMIN_BROKEN, "Texts and reminders are not going out.", restart);
    if (late > 0)
        return not_fine(c, ADMIN_LOOK, "Texts are going out late.",
                        "They are sent as soon as the other side takes them. If it stays like "
                        "this, `frontdesk outbox list` shows what waits.");
    return fine(c);
}

/* ---- the machine ----------------------------------------------------------------------------- */

/* The data folder is on a disk of this machine: asking for its size does not wait. */
static enum desk_rc check_disk(struct desk_request *req, struct admin_check *c)
{
    char path[DESK_PATH_LEN];
    struct statvfs fs;
    if (statvfs(desk_path_data(path, ""), &fs) != 0) {
        c->words = "The data folder cannot be looked at.";
        return not_fine(c, ADMIN_LOOK, "The disk cannot be looked at.", restart);
    }
    double mb = (double)fs.f_bavail * (double)fs.f_frsize / MEGA;
    double keep = (double)desk_setting_int(DESK_S_RECORD_FREE_MB);
    c->words = mb >= 1024 ? desk_arena_fmt(req->arena, "%.0f GB are free.", mb / 1024)
                          : desk_arena_fmt(req->arena, "%.0f MB are free.", mb);
    if (mb >= NEARLY_MB && mb >= keep)
        return fine(c);
    return not_fine(c, mb < FULL_MB ? ADMIN_BROKEN : ADMIN_LOOK,
                    mb < FULL_MB ? "The disk is full."
                    : mb < keep  ? "There is too little room to record calls."
                                 : "The disk is nearly full.",
                    "Whoever runs this machine makes room on it.");
}

static enum desk_rc check_database(struct desk_request *req, struct admin_check *c)
{
    char path[DESK_PATH_LEN];
    struct stat st;
    int64_t n = 0;
    enum desk_rc rc = desk_tenant_count(req->db, &n);
    if (rc)
        return rc;
    c->words = stat(desk_path_db(path), &st) == 0
                   ? desk_arena_fmt(req->arena, "It answers. %.0f MB.", (double)st.st_size / MEGA)
                   : "It answers.";
    return fine(c);
}

/* ---- what it speaks with --------------------------------------------------------------------- */

static enum desk_rc broken_source(struct desk_request *req, struct admin_check *c,
                                  const struct desk_calendar_source *s)
{
    c->words = desk_arena_fmt(req->arena, "One calendar could not be read since %s: %s",
                              admin_moment(req, s->failing_since), s->why ? s->why : "no reason.");
    return not_fine(c, ADMIN_LOOK, "A calendar cannot be read.",
                    "What was read before still counts. Look at its address.");
}

static enum desk_rc check_calendars(struct desk_request *req, struct admin_check *c)
{
    struct desk_google_grant g;
    struct desk_calendar_source *s;
    size_t n = 0;
    int64_t read_at = 0;
    enum desk_rc rc = desk_google_grant_get(req->db, req->arena, req->tenant.id, &g);
    bool broken = !rc && strcmp(g.state, DESK_GRANT_OK) != 0;
    if (!rc || rc == DESK_ENOTFOUND)
        rc = desk_calendar_source_list(req->db, req->arena, req->tenant.id, &s, &n);
    if (rc)
        return rc;
    lead(c, "/calendars", "Calendars");
    if (broken) {
        c->words = g.why ? g.why : "Google does not let Frontdesk in.";
        return not_fine(c, ADMIN_BROKEN, "Google Calendar is not connected any more.",
                        "Connect it again. Until then visits are kept here only.");
    }
    for (size_t i = 0; i < n; i++) {
        if (s[i].failing_since)
            return broken_source(req, c, &s[i]);
        read_at = s[i].synced_at > read_at ? s[i].synced_at : read_at;
    }
    c->words = !n        ? "Only Frontdesk's own calendar is in use."
               : read_at ? desk_arena_fmt(req->arena, "Last read %s.", admin_ago(req, read_at))
                         : "Not read yet.";
    return fine(c);
}

static enum desk_rc check_webhooks(struct desk_request *req, struct admin_check *c)
{
    struct desk_webhook *w;
    size_t n = 0;
    int64_t ok_at = 0;
    enum desk_rc rc = desk_webhook_list(req->db, req->arena, req->tenant.id, &w, &n);
    for (size_t i = 0; !rc && i < n; i++) {
        if (strcmp(w[i].state, DESK_WEBHOOK_ON) != 0 && strcmp(w[i].state, DESK_WEBHOOK_OFF) != 0) {
            c->words = "One address did not take what it was told, and is not told any more.";
            return not_fine(c, ADMIN_LOOK, "Another program is not told any more.",
                            "See Needs attention.");
        }
        ok_at = w[i].last_ok_at > ok_at ? w[i].last_ok_at : ok_at;
    }
    if (rc)
        return rc;
    c->words = !n      ? "None is told of anything."
               : ok_at ? desk_arena_fmt(req->arena, "Last told %s.", admin_ago(req, ok_at))
                       : "Nothing was to be told yet.";
    return fine(c);
}

static enum desk_rc check_given_up(struct desk_request *req, struct admin_check *c)
{
    char count[64];
    struct desk_outbox *rows;
    size_t n = 0;
    enum desk_rc rc =
        desk_outbox_list(req->db, req->arena, req->tenant.id, true, GIVEN_UP, &rows, &n);
    if (rc)
        return rc;
    c->words = "Everything that was to be sent was sent, or is on its way.";
    if (!n)
        return fine(c);
    desk_words_count(count, sizeof count, (int64_t)n, "thing was", "things were");
    c->words = desk_arena_fmt(req->arena, "%s given up.", count);
    lead(c, "/attention", "Needs attention");
    return not_fine(c, ADMIN_LOOK, "Something could not be delivered.",
                    "Try it again, or leave it.");
}

/* ---- what is lost when the machine is ---------------------------------------------------------
 */

static enum desk_rc check_backup(struct desk_request *req, struct admin_check *c)
{
    struct desk_pulse p;
    enum desk_rc rc = desk_pulse_get(req->db, req->arena, DESK_PULSE_BACKUP, &p);
    if (rc && rc != DESK_ENOTFOUND)
        return rc;
    bool real = *desk_setting(DESK_S_TWILIO_ACCOUNT_SID) != '\0';
    if (rc) {
        c->words = real ? "None has been made." : "None has been made: these are practice calls.";
        return !real ? fine(c)
                     : not_fine(c, ADMIN_LOOK, "If this machine breaks, all is lost.",
                                "Whoever runs this machine has one made each night: frontdesk db "
                                "backup FOLDER (installed, it is the timer frontdesk-backup).");
    }
    c->words = p.ok ? desk_arena_fmt(req->arena, "The last one was made %s.", admin_ago(req, p.at))
                    : desk_arena_fmt(req->arena, "It failed %s: %s", admin_ago(req, p.at),
                                     p.why ? p.why : "no reason is known.");
    if (!p.ok)
        return not_fine(c, ADMIN_LOOK, "The last backup failed.",
                        "Whoever runs this machine makes room, or gives it another folder.");
    if (desk_now_ms() - p.at > BACKUP_OLD_MS)
        return not_fine(c, ADMIN_LOOK, "The last backup is old.",
                        "Whoever runs this machine sees why none is made any more: is the timer "
                        "frontdesk-backup on?");
    return fine(c);
}

/* ---- what is seen from outside --------------------------------------------------------------- */

static enum desk_rc check_certificate(struct desk_request *req, struct admin_check *c)
{
    char days[64];
    struct desk_pulse p;
    enum desk_rc rc = desk_pulse_get(req->db, req->arena, DESK_PULSE_CERTIFICATE, &p);
    if (rc && rc != DESK_ENOTFOUND)
        return rc;
    c->words = "Not looked at: there is no public address with https.";
    if (rc)
        return fine(c);
    int64_t left = p.took_ms - (desk_now_ms() - p.at);
    const char *host = p.what ? p.what : "This address";
    static const char todo[] =
        "Whoever runs this machine renews it (certbot renew), and sees why that did not happen by "
        "itself.";
    if (p.why || left <= 0) {
        c->words = p.why ? desk_arena_fmt(req->arena, "%s: %s", host, p.why)
                         : desk_arena_fmt(req->arena, "That of %s has run out.", host);
        return not_fine(c, ADMIN_BROKEN, "Calls do not reach Frontdesk: its certificate is bad.",
                        todo);
    }
    desk_words_count(days, sizeof days, left / DAY_MS, "more day", "more days");
    c->words = desk_arena_fmt(req->arena, "That of %s is good for %s.", host, days);
    if (left < CERT_LOOK_MS)
        return not_fine(c, left < CERT_BAD_MS ? ADMIN_BROKEN : ADMIN_LOOK,
                        "The certificate runs out soon; then no call comes in.", todo);
    return fine(c);
}

static enum desk_rc check_clock(struct desk_request *req, struct admin_check *c)
{
    char off[64];
    struct desk_pulse p;
    enum desk_rc rc = desk_pulse_get(req->db, req->arena, DESK_PULSE_CLOCK, &p);
    if (rc && rc != DESK_ENOTFOUND)
        return rc;
    c->words = "Nothing outside has been asked yet that tells the time.";
    if (rc)
        return fine(c);
    int64_t by = p.took_ms < 0 ? -p.took_ms : p.took_ms;
    desk_words_dur(off, sizeof off, by);
    c->words = by < CLOCK_EXACT_MS
                   ? desk_arena_fmt(req->arena, "It goes right, by that of %s.", p.what)
                   : desk_arena_fmt(req->arena, "It is %s %s, by that of %s.", off,
                                    p.took_ms < 0 ? "slow" : "fast", p.what);
    return p.ok
               ? fine(c)
               : not_fine(c, ADMIN_LOOK, "This machine\xe2\x80\x99s clock is wrong.",
                          "Visits and reminders are off by as much. Whoever runs this machine lets "
                          "it set itself: timedatectl set-ntp true.");
}

static const struct {
    const char *name;
    enum desk_rc (*fn)(struct desk_request *req, struct admin_check *c);
    bool calls; /* whether calls are answered as they should be hangs on it */
} checks[] = {
    {"Phone number reaches us", check_phone, true},
    {"Voice answers", check_voice, true},
    {"Sound of calls", check_bridge, true},
    {"Texts and reminders", check_worker, false},
    {"Deliveries", check_given_up, false},
    {"Calendars", check_calendars, false},
    {"Other programs", check_webhooks, false},
    {"Database", check_database, true},
    {"Disk", check_disk, false},
    {"Backup", check_backup, false},
    {"Certificate of the address", check_certificate, true},
    {"Clock", check_clock, false},
};

enum desk_rc admin_checks(struct desk_request *req, struct admin_check out[ADMIN_CHECKS_MAX],
                          size_t *n)
{
    enum desk_rc rc = DESK_OK;
    _Static_assert(sizeof checks / sizeof *checks <= ADMIN_CHECKS_MAX, "too many checks");
    *n = sizeof checks / sizeof *checks;
    for (size_t i = 0; !rc && i < *n; i++) {
        out[i] = (struct admin_check){.name = checks[i].name, .calls = checks[i].calls};
        rc = checks[i].fn(req, &out[i]);
    }
    return rc;
}
