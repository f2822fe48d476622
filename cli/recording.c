/* frontdesk recording: what is recorded of calls; take one out as a WAV; erase one. */
#include "cli/cli.h"
#include "cli/sub.h"
#include "base/limits.h"
#include "base/tz.h"
#include "store/open.h"
#include "store/recording_file.h"
#include "store/recordings.h"
#include "store/users.h"
#include "wire/wav.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LIST_MAX 1000
#define AT_ONCE  (60 * 8000) /* samples */

/* ---- which ------------------------------------------------------------------------------------
 */

struct asked {
    const char *business, *id, *file;
    bool force;
};

/* words: how many follow the options */
static int read_options(int argc, char **argv, int words, struct asked *q)
{
    static const struct option options[] = {{"business", required_argument, NULL, 'b'},
                                            {"force", no_argument, NULL, 'f'},
                                            {NULL, 0, NULL, 0}};
    int c;
    *q = (struct asked){0};
    optind = 1;
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (c == 'b')
            q->business = optarg;
        else if (c == 'f')
            q->force = true;
        else
            return 2;
    }
    if (argc - optind != words)
        return cli_usage("see frontdesk help recording");
    q->id = words > 0 ? argv[optind] : NULL;
    q->file = words > 1 ? argv[optind + 1] : NULL;
    return 0;
}

/* The recording of that id, in whichever business when none is named. */
static enum desk_rc find(struct desk_db *db, struct desk_arena *a, const struct asked *q,
                         struct desk_recording *out)
{
    struct desk_tenant *all;
    size_t n = 0;
    enum desk_rc rc = desk_tenant_list(db, a, &all, &n);
    if (rc)
        return rc;
    for (size_t i = 0; i < n; i++) {
        if (q->business && strcmp(q->business, all[i].slug) != 0)
            continue;
        rc = desk_recording_get(db, a, all[i].id, q->id, out);
        if (rc != DESK_ENOTFOUND)
            return rc;
    }
    cli_fail("There is no recording \"%s\"; `frontdesk recording list` shows them", q->id);
    return DESK_ENOTFOUND;
}

/* ---- list -------------------------------------------------------------------------------------
 */

static void print_one(const struct desk_recording *r)
{
    char when[40];
    printf("%-30s %s  %-7s %-9s %6lld s %10lld bytes  %s%s%s\n", r->id,
           desk_when_iso(when, sizeof when, NULL, r->started_at), r->kind, r->state,
           (long long)(r->ms / 1000), (long long)r->bytes, r->call_id, r->cut ? "  ended by " : "",
           r->cut ? r->cut : "");
}

static int list(int argc, char **argv)
{
    struct asked q;
    struct desk_tenant t;
    struct desk_recording *rows;
    size_t n = 0;
    int status = read_options(argc, argv, 0, &q);
    if (status)
        return status;
    struct desk_db *db = cli_open();
    struct desk_arena *a = db ? desk_arena_new(16 * 1024 * 1024) : NULL;
    enum desk_rc rc = a ? cli_tenant(db, a, q.business, &t) : DESK_ENOMEM;
    if (!rc)
        rc = desk_recording_list(db, a, t.id, LIST_MAX, &rows, &n);
    for (size_t i = 0; !rc && i < n; i++)
        print_one(&rows[i]);
    desk_arena_free(a);
    desk_db_close(db);
    return rc ? 1 : 0;
}

/* ---- export -----------------------------------------------------------------------------------
 */

static int write_wav(const struct desk_recfile *f, FILE *out, const char *name)
{
    static uint8_t sound[2 * AT_ONCE];
    uint8_t head[DESK_WAV_HEAD];
    int64_t samples = f->samples;
    if (samples > DESK_WAV_MAX_SAMPLES(2))
        samples = DESK_WAV_MAX_SAMPLES(2);
    desk_wav_head(head, 2, samples);
    bool ok = fwrite(head, 1, sizeof head, out) == sizeof head;
    for (int64_t at = 0; ok && at < samples;) {
        size_t n = samples - at < AT_ONCE ? (size_t)(samples - at) : AT_ONCE;
        if (desk_recfile_read(f, at, n, sound))
            return cli_fail("At second %lld it does not open: it was changed, or the disk is bad",
                            (long long)(at / 8000));
        ok = fwrite(sound, 1, 2 * n, out) == 2 * n;
        at += (int64_t)n;
    }
    if (!ok || fflush(out) != 0)
        return cli_fail("%s cannot be written: %s", name, strerror(errno));
    return 0;
}

/* Nobody else may read it: it is not sealed any more. */
static FILE *make(const char *name)
{
    int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    FILE *out = fd >= 0 ? fdopen(fd, "wb") : NULL;
    if (fd >= 0 && !out)
        close(fd);
    return out;
}

static int export_row(const struct desk_recording *r, const char *name)
{
    struct desk_recfile f;
    bool std = strcmp(name, "-") == 0;
    if (strcmp(r->state, DESK_REC_ERASED) == 0)
        return cli_fail("It was erased");
    if (!r->path)
        return cli_fail("It is not here: Twilio keeps it, as %s%s%s",
                        r->twilio_sid ? r->twilio_sid : "-", r->not_here ? ". " : "",
                        r->not_here ? r->not_here : "");
    if (desk_recfile_open(&f, desk_store_the_key(), r->path, r->tenant_id, r->id))
        return cli_fail("Its file recordings/%s is missing or no recording", r->path);
    FILE *out = std ? stdout : make(name);
    int status =
        out ? write_wav(&f, out, name) : cli_fail("%s cannot be made: %s", name, strerror(errno));
    if (out && !std && fclose(out) != 0 && !status)
        status = cli_fail("%s cannot be written: %s", name, strerror(errno));
    if (!status && !std)
        printf("%s: %lld s, caller left, receptionist right\n", name,
               (long long)(f.samples / 8000));
    desk_recfile_close(&f);
    return status;
}

static int with_row(int argc, char **argv, int words,
                    int (*act)(struct desk_db *db, const struct desk_recording *r,
                               const struct asked *q))
{
    struct asked q;
    struct desk_recording r;
    int status = read_options(argc, argv, words, &q);
    if (status)
        return status;
    struct desk_db *db = cli_open();
    struct desk_arena *a = db ? desk_arena_new(4 * 1024 * 1024) : NULL;
    status = a && find(db, a, &q, &r) == DESK_OK ? act(db, &r, &q) : 1;
    desk_arena_free(a);
    desk_db_close(db);
    return status;
}

/* Somebody has taken it out: that is in the audit as a listening is. */
static int do_export(struct desk_db *db, const struct desk_recording *r, const struct asked *q)
{
    enum desk_rc rc = DESK_TX_BEGIN(db);
    if (!rc)
        rc = desk_tx_end(db, desk_audit_add(db, r->tenant_id, NULL, "recording.export", r->id));
    if (rc)
        return cli_fail("The database is busy; nothing was taken out");
    return export_row(r, q->file);
}

static int export(int argc, char **argv)
{
    return with_row(argc, argv, 2, do_export);
}

/* ---- erase ------------------------------------------------------------------------------------
 */

/* The file first: a row without a file can be mended, a file without a row is never found. */
static int do_erase(struct desk_db *db, const struct desk_recording *r, const struct asked *q)
{
    bool theirs = strcmp(r->kind, DESK_REC_OWN) != 0 && !r->remote_erased_at;
    if (strcmp(r->state, DESK_REC_RECORDING) == 0 && !q->force)
        return cli_fail("It is still being made. If no call is running: --force");
    if (strcmp(r->state, DESK_REC_ERASED) == 0)
        return cli_fail("It was erased before");
    if (r->path && desk_recfile_remove(r->path))
        return cli_fail("Its file recordings/%s cannot be removed", r->path);
    enum desk_rc rc = DESK_TX_BEGIN(db);
    if (!rc) {
        rc = desk_recording_erase(db, r->tenant_id, r->id);
        if (!rc)
            rc = desk_audit_add(db, r->tenant_id, NULL, "recording.erase", r->id);
        rc = desk_tx_end(db, rc);
    }
    if (rc && rc != DESK_DONE)
        return cli_fail("The sound is gone, but the database is busy: run this again");
    if (theirs)
        printf("erased %s here; its sound is at Twilio: delete %s there, under Recordings\n", r->id,
               r->twilio_sid ? r->twilio_sid : "it");
    else
        printf("erased %s\n", r->id);
    return 0;
}

static int erase(int argc, char **argv)
{
    return with_row(argc, argv, 1, do_erase);
}

int cmd_recording(int argc, char **argv)
{
    static const struct cli_sub subs[] = {
        {"list", list, "list [--business SLUG]"},
        {"export", export, "export ID FILE"},
        {"erase", erase, "erase ID [--force]"},
        {NULL, NULL, NULL},
    };
    return cli_sub_run(subs, argc, argv);
}
