/* frontdesk practice: one caller's file, read and played. */
#include "cli/business_file.h"
#include "cli/practice.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

#define FILE_MOST  (256 * 1024)
#define ARENA_MOST (64 * 1024 * 1024)

void practice_reason(struct practice_play *play, const char *fmt, ...)
{
    char sentence[1200];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(sentence, sizeof sentence, fmt, ap);
    va_end(ap);
    if (!play->reasons)
        play->reasons = json_array();
    json_array_append_new(play->reasons, json_stringn_nocheck(sentence, strlen(sentence)));
}

static void told_of_file(void *ctx, int line, const char *sentence)
{
    struct practice_play *play = ctx;
    if (line)
        practice_reason(play, "%s:%d: %s", play->path, line, sentence);
    else
        practice_reason(play, "%s: %s", play->path, sentence);
}

bool practice_read(struct practice_play *play)
{
    struct desk_buf text;
    desk_buf_init(&text, FILE_MOST);
    if (!desk_file_read(&text, play->path)) {
        practice_reason(play, "%s: it cannot be read: %s", play->path, strerror(errno));
        desk_buf_clear(&text);
        return false;
    }
    enum desk_rc rc =
        desk_practice_read(&play->caller, desk_buf_cstr(&text), text.len, told_of_file, play);
    desk_buf_clear(&text);
    if (rc && !json_array_size(play->reasons))
        practice_reason(play, "%s: there is no memory for it", play->path);
    return rc == DESK_OK;
}

/* An example of the share folder as a home. The document belongs to the caller. */
static bool example(const char *slug, struct desk_practice_home *home, json_t **doc,
                    struct practice_play *play)
{
    char path[DESK_PATH_LEN], below[80], why[300];
    snprintf(below, sizeof below, "businesses/%.40s.json", slug);
    enum desk_rc rc = cli_business_read_why(doc, desk_path_share(path, below), why, sizeof why);
    if (rc)
        practice_reason(play, "there is no example business \"%s\": %s", slug, why);
    *home = (struct desk_practice_home){.doc = *doc};
    return rc == DESK_OK;
}

static void told_of_check(void *ctx, const char *sentence)
{
    practice_reason(ctx, "%s", sentence);
}

static void play_in(const struct practice_asked *q, const struct desk_practice_home *home,
                    const char *folder, struct practice_play *play)
{
    struct desk_practice_place pl;
    char why[400] = "there is no memory";
    struct desk_arena *a = desk_arena_new(ARENA_MOST);
    enum desk_rc rc =
        a ? desk_practice_open(&pl, a, folder, home, &play->caller, q->model, why, sizeof why)
          : DESK_ENOMEM;
    if (!rc) {
        if (q->voice)
            rc = practice_voice(&pl, &play->caller, folder, why, sizeof why) ? DESK_OK
                                                                             : DESK_EINTERNAL;
        else
            rc = desk_practice_talk(&pl, &play->caller, why, sizeof why);
        if (!rc)
            rc = desk_practice_result(&pl, &play->caller, &play->result);
        desk_practice_close(&pl);
    }
    if (rc)
        practice_reason(play, "it could not be played: %s (%s)", why, desk_rc_info(rc)->title);
    else
        desk_practice_check(&play->caller, play->result, told_of_check, play, &play->checks);
    desk_arena_free(a);
}

void practice_run(const struct practice_asked *q, const struct desk_practice_home *home,
                  const char *root, struct practice_play *play)
{
    char folder[DESK_PATH_LEN];
    struct desk_practice_home own;
    json_t *doc = NULL;
    snprintf(folder, sizeof folder, "%.400s/%.60s", root, play->caller.id);
    if (mkdir(folder, 0700)) {
        practice_reason(play, "no folder %s could be made: %s", folder, strerror(errno));
        return;
    }
    if (!home && !example(play->caller.business, &own, &doc, play))
        return;
    play_in(q, home ? home : &own, folder, play);
    json_decref(doc);
}

void practice_drop(struct practice_play *play)
{
    desk_practice_clear(&play->caller);
    json_decref(play->result);
    json_decref(play->reasons);
    memset(play, 0, sizeof *play);
}
