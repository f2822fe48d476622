/* A copy of the database while it is in use. */
#include "db/internal.h"
#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define BUSY_FOR   30000 /* a checkpoint of others is waited for so long */
#define BUSY_PAUSE 50

/* One step takes all of it, in one read transaction: smaller ones begin anew whenever somebody
 * writes, and on a busy day never end. Who writes is not held up (write-ahead log). */
static int copy_pages(sqlite3 *to, sqlite3 *from)
{
    int64_t until = desk_mono_ms() + BUSY_FOR;
    sqlite3_backup *b = sqlite3_backup_init(to, "main", from, "main");
    int code = b ? SQLITE_OK : sqlite3_errcode(to);
    while (b && ((code = sqlite3_backup_step(b, -1)) == SQLITE_BUSY || code == SQLITE_LOCKED) &&
           desk_mono_ms() < until)
        desk_sleep_ms(BUSY_PAUSE);
    int end = sqlite3_backup_finish(b);
    return code == SQLITE_DONE ? end : code;
}

static int is_ok(void *ctx, int n, char **values, char **names)
{
    bool *ok = ctx;
    (void)names;
    *ok = n == 1 && values[0] && strcmp(values[0], "ok") == 0;
    return 0;
}

/* One file without a log beside it; read once from end to end. */
static int settle(sqlite3 *to, bool *whole)
{
    int code = sqlite3_exec(to, "PRAGMA journal_mode=DELETE", NULL, NULL, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_exec(to, "PRAGMA quick_check(1)", is_ok, whole, NULL);
    return code;
}

enum desk_rc desk_db_backup(struct desk_db *db, const char *path)
{
    sqlite3 *to = NULL;
    bool whole = false;
    int fd = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0)
        return errno == EEXIST ? DESK_ECONFLICT : errno == ENOSPC ? DESK_ELIMIT : DESK_EINTERNAL;
    int code = sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    if (code == SQLITE_OK)
        code = copy_pages(to, db->sq);
    if (code == SQLITE_OK)
        code = settle(to, &whole);
    sqlite3_close(to);
    enum desk_rc rc = code == SQLITE_FULL ? DESK_ELIMIT : desk_sqlite_rc(NULL, code, "backup");
    if (!rc && (!whole || fsync(fd) != 0))
        rc = DESK_EINTERNAL;
    close(fd);
    if (rc)
        unlink(path);
    return rc;
}
