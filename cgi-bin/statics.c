/* Static files: a hash of the content in the address, so that browsers may keep them for ever. */
#include "cgi-bin/view.h"
#include "base/log.h"
#include "base/paths.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

static struct {
    const char *name, *key;
    char url[96];
} statics[] = {
    {"frontdesk.css", "Static.Css", ""},   {"icons.svg", "Static.Icons", ""},
    {"favicon.svg", "Static.Favicon", ""}, {"live.js", "Static.Live", ""},
    {"call.js", "Static.Call", ""},
};
#define N_STATICS (sizeof statics / sizeof *statics)

static pthread_once_t statics_once = PTHREAD_ONCE_INIT;

static uint64_t file_hash(const char *path)
{
    uint64_t h = 14695981039346656037u; /* FNV-1a: tells versions apart, guards nothing */
    int c;
    FILE *in = fopen(path, "re");
    if (!in) {
        desk_log(DESK_LOG_WARN, "static.missing", "path=%s", path);
        return 0;
    }
    while ((c = getc(in)) != EOF)
        h = (h ^ (uint64_t)c) * 1099511628211u;
    fclose(in);
    return h;
}

static void statics_start(void)
{
    char path[DESK_PATH_LEN], below[64];
    for (size_t i = 0; i < N_STATICS; i++) {
        snprintf(below, sizeof below, "static/%s", statics[i].name);
        snprintf(statics[i].url, sizeof statics[i].url, "/static/%s?v=%012" PRIx64, statics[i].name,
                 file_hash(desk_path_share(path, below)) & 0xffffffffffffu);
    }
}

void desk_static_view(struct desk_view *v)
{
    pthread_once(&statics_once, statics_start);
    for (size_t i = 0; i < N_STATICS; i++)
        desk_view_set(v, statics[i].key, statics[i].url);
}
