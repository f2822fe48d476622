/* frontdesk check, of this machine: settings, database, disk. */
#include "cli/check.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/paths.h"
#include "db/migrate.h"
#include "store/open.h"
#include "core/price.h"
#include "store/tenants.h"
#include "talk/spend.h"
#include "wire/realtime_target.h"

#include <errno.h>
#include <inttypes.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#define MEGA (1024.0 * 1024.0)

/* ---- settings
 * ------------------------------------------------------------------------------------ */

static void problem(void *ctx, const char *sentence)
{
    bool stray = strstr(sentence, " is no setting") != NULL;
    check_say(ctx, stray ? CHECK_WARN : CHECK_FAIL,
              stray ? "its name may be misspelt: `frontdesk settings example` shows all there are"
                    : "mend it in the .env file or the environment",
              "%s", sentence);
}

static bool set(enum desk_setting_id id)
{
    return *desk_setting(id) != '\0';
}

static bool hex(const char *s, size_t n)
{
    return strlen(s) == n && strspn(s, "0123456789abcdef") == n;
}

static void twilio_settings(struct check_report *r)
{
    const char *sid = desk_setting(DESK_S_TWILIO_ACCOUNT_SID);
    const char *token = desk_setting(DESK_S_TWILIO_AUTH_TOKEN);
    if (*sid && (strncmp(sid, "AC", 2) != 0 || !hex(sid + 2, 32)))
        check_say(r, CHECK_FAIL, "copy it from the first page of Twilio's console",
                  "TWILIO_ACCOUNT_SID is not AC and 32 of 0-9 a-f");
    if (*token && !hex(token, 32))
        check_say(r, CHECK_WARN, "copy it from the first page of Twilio's console",
                  "TWILIO_AUTH_TOKEN is not 32 of 0-9 a-f, as Twilio's are");
    if (!*sid != !*token)
        check_say(r, CHECK_FAIL, "set both, or none to practise", "%s is set and %s is not",
                  *sid ? "TWILIO_ACCOUNT_SID" : "TWILIO_AUTH_TOKEN",
                  *sid ? "TWILIO_AUTH_TOKEN" : "TWILIO_ACCOUNT_SID");
    if (*token && strcmp(token, desk_setting(DESK_S_TWILIO_AUTH_TOKEN_SECONDARY)) == 0)
        check_say(r, CHECK_WARN, "unset the second one", "both Twilio tokens are the same");
}

static void model_settings(struct check_report *r)
{
    char why[256];
    struct desk_rt_target t;
    int azure = set(DESK_S_AZURE_OPENAI_KEY) + set(DESK_S_AZURE_OPENAI_ENDPOINT) +
                set(DESK_S_AZURE_OPENAI_DEPLOYMENT);
    if (azure > 0 && azure < 3)
        check_say(r, CHECK_FAIL,
                  "set AZURE_OPENAI_KEY, AZURE_OPENAI_ENDPOINT and AZURE_OPENAI_DEPLOYMENT",
                  "Azure has only %d of its three settings, so it is not used", azure);
    if (desk_rt_target_settings(&t, why, sizeof why))
        check_say(r, CHECK_FAIL, "mend it in the .env file or the environment", "%s", why);
}

void check_settings(struct check_report *r)
{
    int given = 0;
    const char *base;
    desk_settings_problems(NULL, problem, r);
    base = desk_setting(DESK_S_PUBLIC_BASE_URL);
    twilio_settings(r);
    model_settings(r);
    if (*base && strncmp(base, "https://", 8) != 0 && strncmp(base, "http://127.", 11) != 0)
        check_say(r, CHECK_FAIL, "give the front a certificate: nginx/frontdesk-site.conf.in",
                  "PUBLIC_BASE_URL is not https: Twilio's media streams want TLS");
    for (int i = 0; i < DESK_S__MAX; i++)
        given += desk_setting_is_set((enum desk_setting_id)i);
    if (!r->n)
        check_say(r, CHECK_OK, NULL, "%d set, and all fit", given);
}

/* ---- database
 * ------------------------------------------------------------------------------------ */

#define LOOK_THROUGH_MB 512 /* a larger one takes minutes to look through */

static void check_pages(struct check_report *r, struct desk_db *db)
{
    char path[DESK_PATH_LEN], *report = NULL;
    struct stat st;
    if (stat(desk_path_db(path), &st) == 0 && (double)st.st_size > LOOK_THROUGH_MB * MEGA) {
        check_say(r, CHECK_OK, NULL,
                  "it has %.0f MB and was not looked through: frontdesk db check",
                  (double)st.st_size / MEGA);
        return;
    }
    struct desk_arena *a = desk_arena_new(1024 * 1024);
    enum desk_rc rc = a ? desk_db_integrity(db, a, &report) : DESK_ENOMEM;
    if (rc || !report || strcmp(report, "ok") != 0)
        check_say(r, CHECK_FAIL, "stop the front desk and put back a copy", "it is damaged: %.200s",
                  report ? report : desk_rc_name(rc));
    desk_arena_free(a);
}

static void check_schema(struct check_report *r, struct desk_db *db)
{
    int have = desk_migrate_version(db), want = desk_migrate_latest();
    if (have != want)
        check_say(r, CHECK_FAIL,
                  have < want ? "frontdesk db migrate" : "use the newer program it was made with",
                  "its schema is version %d, this program's is %d", have, want);
}

static void check_key(struct check_report *r, struct desk_db *db)
{
    char why[400];
    enum desk_rc rc = desk_store_key(false, why, sizeof why);
    if (rc)
        check_say(r, CHECK_FAIL, "put back data.key, or set FRONTDESK_DATA_KEY", "%s", why);
    else if (desk_store_key_check(db))
        check_say(r, CHECK_FAIL, "put back the data.key that belongs to this database",
                  "the data key is not the one it was made with");
}

static void check_businesses(struct check_report *r, struct desk_db *db)
{
    int64_t n = 0;
    if (desk_tenant_count(db, &n))
        check_say(r, CHECK_FAIL, "frontdesk db check", "its businesses cannot be read");
    else if (n == 0)
        check_say(r, CHECK_WARN, "frontdesk business add FILE", "there is no business yet");
    else if (!r->n)
        check_say(r, CHECK_OK, NULL,
                  "whole, version %d, opens with our key, %" PRId64 " business%s",
                  desk_migrate_latest(), n, n == 1 ? "" : "es");
}

/* Of each business that has set a limit: what is spent of it. */
static void spend_of(struct check_report *r, struct desk_db *db, struct desk_arena *a,
                     const struct desk_tenant *t)
{
    struct desk_location place;
    struct desk_spend_limits l;
    struct desk_spend_facts f;
    char spent[32], limit[32];
    enum desk_rc rc = desk_spend_limits(db, a, t->id, &l);
    if (!rc && !l.month)
        return;
    if (!rc)
        rc = desk_location_first(db, a, t->id, &place);
    if (!rc)
        rc = desk_spend_facts(db, t->id, desk_tz_load(place.zone), NULL, &l, false, desk_now_ms(),
                              &f);
    if (rc) {
        check_say(r, CHECK_FAIL, "frontdesk db check", "what %s has spent cannot be read", t->name);
        return;
    }
    bool over = f.month >= l.month, near = f.month * 5 >= l.month * 4;
    check_say(r, over || near ? CHECK_WARN : CHECK_OK,
              over   ? "calls are answered as SPEND_THEN says: raise SPEND_MONTH_DOLLARS, or wait"
              : near ? "raise SPEND_MONTH_DOLLARS before it is reached"
                     : NULL,
              "%s has spent %s of %s this month", t->name, desk_cost_say(spent, f.month),
              desk_cost_say(limit, l.month));
}

void check_spend(struct check_report *r)
{
    struct desk_db *db = NULL;
    struct desk_arena *a = desk_arena_new(4 * 1024 * 1024);
    struct desk_tenant *t;
    size_t n = 0;
    if (a && !desk_store_open_any(&db) && !desk_tenant_list(db, a, &t, &n))
        for (size_t i = 0; i < n; i++)
            spend_of(r, db, a, &t[i]);
    if (!r->n) /* a database that cannot be read is the other check's matter */
        check_say(r, CHECK_OK, NULL, "no business has a limit for what a month's calls may cost");
    desk_db_close(db);
    desk_arena_free(a);
}

void check_database(struct check_report *r)
{
    char path[DESK_PATH_LEN];
    struct desk_db *db = NULL;
    enum desk_rc rc = desk_store_open_any(&db);
    desk_path_db(path);
    if (rc) {
        check_say(r, CHECK_FAIL,
                  rc == DESK_ENOTFOUND ? "`frontdesk run` or `frontdesk db migrate` makes it"
                                       : "look at the file's rights, or put back a copy",
                  "%.200s %s", path,
                  rc == DESK_ENOTFOUND ? "is not there" : "cannot be read as a database");
        return;
    }
    check_pages(r, db);
    check_schema(r, db);
    check_key(r, db);
    if (!r->n || r->v[r->n - 1].state == CHECK_OK)
        check_businesses(r, db);
    desk_db_close(db);
}

/* ---- disk
 * ---------------------------------------------------------------------------------------- */

void check_disk(struct check_report *r)
{
    static const double fail_mb = 50, warn_mb = 500;
    char path[DESK_PATH_LEN];
    struct statvfs fs;
    desk_path_data(path, "");
    if (statvfs(path, &fs) != 0) {
        check_say(r, CHECK_FAIL, "`frontdesk run` makes it; FRONTDESK_DATA says where",
                  "the data folder %.200s: %s", path, strerror(errno));
        return;
    }
    double free_mb = (double)fs.f_bavail * (double)fs.f_frsize / MEGA;
    double keep_mb = (double)desk_setting_int(DESK_S_RECORD_FREE_MB);
    double files = fs.f_files ? 100.0 * (double)fs.f_favail / (double)fs.f_files : 100;
    enum check_state state = free_mb < fail_mb                        ? CHECK_FAIL
                             : free_mb < warn_mb || free_mb < keep_mb ? CHECK_WARN
                                                                      : CHECK_OK;
    check_say(r, state, state ? "make room, or move the data folder" : NULL,
              "%.0f MB free for the data folder%s", free_mb,
              free_mb < keep_mb ? ", less than RECORD_FREE_MB: calls are not recorded" : "");
    if (files < 1)
        check_say(r, CHECK_FAIL, "remove files", "the disk has hardly any room for new files");
}
