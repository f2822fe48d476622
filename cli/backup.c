/* frontdesk db backup FOLDER: the database as it is at one moment, recordings and pictures. Nothing
 * of it is opened: what is sealed stays sealed, and the data key is not in it. The health page
 * knows of it by a pulse (store/pulse.h). */
#include "cli/backup.h"
#include "cli/backup_files.h"
#include "cli/sub.h"
#include "base/clock.h"
#include "base/paths.h"
#include "store/open.h"
#include "store/pulse.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define KEEP      14
#define KEEP_MOST 1000
#define NAME      "frontdesk-" /* …20261120T181500Z.db, and .list beside it */
#define STAMP_LEN 32
#define FILE_LEN  (DESK_PATH_LEN + 80)

struct backup {
    const char *folder;
    char stamp[STAMP_LEN];
    long keep;
    struct desk_db *db;
    struct backup_files files;
};

static void file_of(const struct backup *b, const char *end, char out[FILE_LEN])
{
    snprintf(out, FILE_LEN, "%s/" NAME "%s%s", b->folder, b->stamp, end);
}

static enum desk_rc say(struct backup *b, enum desk_rc rc, const char *what)
{
    snprintf(b->files.why, sizeof b->files.why, "%s: %s", what,
             rc == DESK_ELIMIT      ? "the disk is full"
             : rc == DESK_ECONFLICT ? "there is one of this very second"
                                    : strerror(errno));
    return rc;
}

/* ---- its parts ------------------------------------------------------------------------------- */

static enum desk_rc make_folder(struct backup *b)
{
    if (mkdir(b->folder, 0700) == 0 || errno == EEXIST)
        return DESK_OK;
    return say(b, DESK_EINTERNAL, "The folder cannot be made");
}

/* Under another name until it is whole: what bears its name can be put back. */
static enum desk_rc database(struct backup *b)
{
    char part[FILE_LEN], whole[FILE_LEN];
    file_of(b, ".part", part);
    file_of(b, ".db", whole);
    enum desk_rc rc = access(whole, F_OK) == 0 ? DESK_ECONFLICT : desk_db_backup(b->db, part);
    if (!rc && rename(part, whole) != 0)
        rc = DESK_EINTERNAL;
    return rc ? say(b, rc, "The database cannot be copied") : DESK_OK;
}

static enum desk_rc folders(struct backup *b)
{
    static const char *const names[] = {"recordings", "pictures"};
    char list[FILE_LEN], from[DESK_PATH_LEN], to[FILE_LEN];
    enum desk_rc rc = DESK_OK;
    file_of(b, ".list", list);
    int fd = open(list, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    b->files.list = fd < 0 ? NULL : fdopen(fd, "w");
    if (!b->files.list)
        return say(b, DESK_EINTERNAL, "The list cannot be made");
    for (size_t i = 0; !rc && i < sizeof names / sizeof *names; i++) {
        snprintf(to, sizeof to, "%s/%s", b->folder, names[i]);
        rc = backup_mirror(&b->files, desk_path_data(from, names[i]), to, names[i]);
    }
    if (fclose(b->files.list) != 0 && !rc)
        rc = say(b, DESK_EINTERNAL, "The list cannot be written");
    return rc;
}

/* ---- older ones ------------------------------------------------------------------------------ */

static int is_ours(const struct dirent *e)
{
    size_t n = strlen(e->d_name);
    return strncmp(e->d_name, NAME, sizeof NAME - 1) == 0 && n > 3 &&
           strcmp(e->d_name + n - 3, ".db") == 0;
}

/* Their names are in the order of their times. */
static void prune(const struct backup *b)
{
    char file[FILE_LEN + 256];
    struct dirent **rows = NULL;
    int n = scandir(b->folder, &rows, is_ours, alphasort);
    for (int i = 0; i < n; i++) {
        int stem = (int)strlen(rows[i]->d_name) - 3;
        for (int k = 0; n - i > b->keep && k < 2; k++) {
            snprintf(file, sizeof file, "%s/%.*s%s", b->folder, stem, rows[i]->d_name,
                     k ? ".list" : ".db");
            unlink(file);
        }
        free(rows[i]);
    }
    free(rows);
}

/* ---- all of it ------------------------------------------------------------------------------- */

static enum desk_rc make(struct backup *b)
{
    enum desk_rc rc = make_folder(b);
    if (!rc)
        rc = database(b); /* before the files: what it names that is whole is there by then */
    if (!rc)
        rc = folders(b);
    if (!rc)
        prune(b);
    return rc;
}

/* For the health page; a database that cannot be written is told of elsewhere. */
static void note(struct backup *b, enum desk_rc made, int64_t took_ms)
{
    const struct desk_pulse p = {.id = DESK_PULSE_BACKUP,
                                 .ok = !made,
                                 .took_ms = took_ms,
                                 .what = b->folder,
                                 .why = made ? b->files.why : NULL};
    enum desk_rc rc = DESK_TX_BEGIN(b->db);
    if (!rc)
        rc = desk_tx_end(b->db, desk_pulse_set(b->db, &p));
    if (rc)
        fprintf(stderr, "frontdesk: the health page does not hear of it (%s)\n", desk_rc_name(rc));
}

static void set_stamp(struct backup *b)
{
    struct tm tm;
    time_t now = (time_t)(desk_now_ms() / 1000);
    gmtime_r(&now, &tm);
    strftime(b->stamp, sizeof b->stamp, "%Y%m%dT%H%M%SZ", &tm);
}

static int run(struct backup *b)
{
    char file[FILE_LEN];
    int64_t begun = desk_mono_ms();
    b->db = cli_open();
    if (!b->db)
        return 1;
    set_stamp(b);
    enum desk_rc rc = make(b);
    note(b, rc, desk_mono_ms() - begun);
    desk_db_close(b->db);
    if (rc)
        return cli_fail("%s", b->files.why);
    file_of(b, ".db", file);
    printf("%s\n%lld recordings and pictures beside it, %lld MB; %lld were new.\n"
           "The data key is not in it: keep a copy of data.key somewhere else.\n",
           file, (long long)b->files.n, (long long)(b->files.bytes / 1000000),
           (long long)b->files.new);
    return 0;
}

int cli_backup(int argc, char **argv)
{
    struct backup b = {.keep = KEEP};
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--keep") == 0 && i + 1 < argc) {
            char *end;
            b.keep = strtol(argv[++i], &end, 10);
            if (*end || b.keep < 1 || b.keep > KEEP_MOST)
                return cli_usage("--keep takes a number from 1 to %d", KEEP_MOST);
        } else if (argv[i][0] == '-' || b.folder) {
            return cli_usage("db backup takes a folder, and --keep N");
        } else {
            b.folder = argv[i];
        }
    }
    if (!b.folder)
        return cli_usage("db backup wants a folder to put it in");
    return strlen(b.folder) < DESK_PATH_LEN ? run(&b) : cli_usage("that path is too long");
}
