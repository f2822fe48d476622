/* The picture of a recording on its call's page: bars, the caller's upwards, ours downwards,
 * and a mark where something was done. Only numbers and letters of paths: the look is the style
 * sheet's. */
#include "cgi-bin/admin/admin.h"
#include "store/recordings.h"
#include "talk/wave.h"

#include <string.h>

#define STEP   4  /* units from bar to bar */
#define HEIGHT 80 /* the caller's bars go up from the middle, ours down */
#define WIDTH  (STEP * DESK_WAVE_BARS)
#define PATH   4096
#define MARKS  40
#define DAY_MS (24 * 3600 * 1000LL)

static const char *lane(struct desk_request *req, const char *wave, int side)
{
    struct desk_buf b;
    desk_buf_init(&b, PATH);
    for (int i = 0; i < DESK_WAVE_BARS; i++) {
        int h = 1 + desk_wave_bar(wave, side * DESK_WAVE_BARS + i); /* silence is a dot */
        desk_buf_fmt(&b, "M%d %dv%d", i * STEP + STEP / 2, HEIGHT / 2 + (side ? 1 : -1),
                     side ? h : -h);
    }
    const char *d = desk_arena_strdup(req->arena, desk_buf_cstr(&b));
    desk_buf_clear(&b);
    return d;
}

/* Where in the call it begins, ms. What lies outside of the call is not believed. */
static int64_t begins_at(const struct desk_call *c, const struct desk_recording *r)
{
    int64_t at = r->started_at - c->started_at;
    return at > 0 && at < DAY_MS && (!c->duration_ms || at < c->duration_ms) ? at : 0;
}

static const char *marks(struct desk_request *req, const struct desk_recording *r, int64_t begins,
                         const struct admin_story *s)
{
    struct desk_buf b;
    desk_buf_init(&b, PATH);
    for (size_t i = 0; i < s->n_deeds && i < MARKS; i++) {
        int64_t at = s->deeds[i].at_ms - begins;
        if (at >= 0 && at <= r->ms && r->ms > 0)
            desk_buf_fmt(&b, "M%d 0v%d", (int)(at * WIDTH / r->ms), HEIGHT);
    }
    const char *d = desk_arena_strdup(req->arena, desk_buf_cstr(&b));
    desk_buf_clear(&b);
    return d;
}

void admin_wave_view(struct desk_request *req, struct desk_view *v, const struct desk_call *c,
                     const struct desk_recording *r, const struct admin_story *s)
{
    int64_t begins = begins_at(c, r);
    desk_view_int(v, "Recording.Seconds", (r->ms + 999) / 1000);
    desk_view_int(v, "Recording.Begins", begins);
    if (!r->wave)
        return;
    if (strlen(r->wave) != DESK_WAVE_LEN - 1) {
        desk_view_set(v, "Recording.Shut", "1");
        return;
    }
    desk_view_set(v, "Recording.Caller", lane(req, r->wave, 0));
    desk_view_set(v, "Recording.Desk", lane(req, r->wave, 1));
    desk_view_set(v, "Recording.Marks", marks(req, r, begins, s));
}
