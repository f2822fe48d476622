/* Files of pictures and recordings whose rows are gone are removed (store/files_gone.h). And what
 * has no row and never had a note: a fetch that was killed between the file and its row, and what
 * is from before there were notes. For that the folders are gone through, a part at a time. Files
 * older than the database are left alone (store/files_gone.h). */
#include "worker/worker.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/paths.h"
#include "store/files_gone.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ARENA  ((size_t)1024 * 1024)
#define DEEP   3    /* YEAR/MONTH/DAY/file */
#define PART   2000 /* files looked at in one go */
#define OLD_MS (24LL * 3600 * 1000)

enum desk_rc job_files(struct desk_db *db)
{
    size_t n = 0;
    struct desk_arena *a = desk_arena_new(ARENA);
    enum desk_rc rc = a ? desk_files_gone_remove(db, a, &n) : DESK_ENOMEM;
    if (n)
        desk_log(DESK_LOG_INFO, "worker.files", "removed=%zu", n);
    desk_arena_free(a);
    return rc;
}

/* ---- without a row --------------------------------------------------------------------------- */

struct walk {
    struct desk_db *db;
    const char *kind;
    char *after; /* the last one that was looked at, "" = from the beginning; here it goes on */
    size_t left, removed;
    int64_t since;
    char root[DESK_PATH_LEN];
};

/* "pic_x.pic", "pic_x.small", "rec_x.rec", and ".new" behind them. */
static bool is_ours(const char *name, char *id, size_t room)
{
    size_t n = strcspn(name, ".");
    if (n < 4 || n >= room || (strncmp(name, "pic_", 4) != 0 && strncmp(name, "rec_", 4) != 0))
        return false;
    memcpy(id, name, n);
    id[n] = '\0';
    return true;
}

static enum desk_rc look_at(struct walk *w, const char *path, const char *name)
{
    char full[2 * DESK_PATH_LEN], id[64];
    struct stat st;
    bool known = true;
    int n = snprintf(full, sizeof full, "%s/%s", w->root, path);
    w->left--;
    if (n >= (int)sizeof full || !is_ours(name, id, sizeof id) || lstat(full, &st) != 0 ||
        !S_ISREG(st.st_mode))
        return DESK_OK;
    int64_t written = (int64_t)st.st_mtime * 1000;
    if (written < w->since || written > desk_now_ms() - OLD_MS)
        return DESK_OK;
    enum desk_rc rc = desk_file_known(w->db, w->kind, id, &known);
    if (rc || known)
        return rc;
    if (unlink(full) != 0)
        desk_log(DESK_LOG_WARN, "file.stays", "kind=%s path=%s", w->kind, path);
    else
        w->removed++;
    return DESK_OK;
}

/* In the order of names: "" is before all, and a folder before what is in it. */
static enum desk_rc walk(struct walk *w, const char *path, int deep)
{
    char full[2 * DESK_PATH_LEN], below[DESK_PATH_LEN];
    struct dirent **names = NULL;
    snprintf(full, sizeof full, "%s/%s", w->root, path);
    int n = scandir(full, &names, NULL, alphasort);
    enum desk_rc rc = DESK_OK;
    for (int i = 0; i < n; i++) {
        const char *name = names[i]->d_name;
        int len = snprintf(below, sizeof below, "%s%s%s", path, *path ? "/" : "", name);
        bool fits = len > 0 && len < (int)sizeof below && *name != '.';
        if (fits && !rc && w->left && deep < DEEP && strncmp(below, w->after, (size_t)len) >= 0)
            rc = walk(w, below, deep + 1);
        else if (fits && !rc && w->left && deep == DEEP && strcmp(below, w->after) > 0) {
            rc = look_at(w, below, name);
            snprintf(w->after, DESK_PATH_LEN, "%s", below);
        }
        free(names[i]);
    }
    free(names);
    return rc;
}

static enum desk_rc sweep(struct desk_db *db, const char *kind, const char *folder, char *after)
{
    struct walk w = {.db = db, .kind = kind, .after = after, .left = PART};
    desk_path_data(w.root, folder);
    enum desk_rc rc = desk_files_since(db, &w.since);
    if (!rc)
        rc = walk(&w, "", 0);
    if (!rc && w.left)
        *after = '\0'; /* all of them: next time from the beginning */
    if (w.removed)
        desk_log(DESK_LOG_NOTICE, "worker.files", "without_row=%zu kind=%s", w.removed, kind);
    return rc;
}

enum desk_rc job_stray_files(struct desk_db *db)
{
    static char pictures[DESK_PATH_LEN], recordings[DESK_PATH_LEN];
    enum desk_rc rc = sweep(db, DESK_FILE_PICTURE, "pictures", pictures);
    return rc ? rc : sweep(db, DESK_FILE_RECORDING, "recordings", recordings);
}
