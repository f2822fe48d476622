#include "ws-bridge/recorder_disk.h"

#include <string.h>

#define BEHIND_KEEP 4 /* pieces that our side may be behind the caller's on the disk */

void rec_disk_init(struct rec_disk *d)
{
    d->file.fd = -1;
    for (int i = 0; i < 2; i++) {
        d->sides[i].k = d->sides[i].high = -1;
        d->sides[i].dirty = false;
    }
}

enum desk_rc rec_disk_open(struct rec_disk *d, const struct desk_key *key, const char *path,
                           const char *tenant_id, const char *id)
{
    return desk_recfile_create(&d->file, key, path, tenant_id, id);
}

static enum desk_rc put_down(struct rec_disk *d, enum desk_rec_side which)
{
    struct rec_side *s = &d->sides[which];
    enum desk_rc rc = s->dirty ? desk_recfile_put(&d->file, which, s->k, s->sound) : DESK_OK;
    s->dirty = s->dirty && rc;
    return rc;
}

/* Silence up to and without piece k. */
static enum desk_rc fill(struct rec_disk *d, enum desk_rec_side which, int64_t k)
{
    struct rec_side *s = &d->sides[which];
    enum desk_rc rc = put_down(d, which);
    if (!rc && s->high + 1 < k) {
        s->k = -1;
        memset(s->sound, DESK_REC_SILENCE, sizeof s->sound);
    }
    while (!rc && s->high + 1 < k) {
        rc = desk_recfile_put(&d->file, which, s->high + 1, s->sound);
        s->high += !rc;
    }
    return rc;
}

/* Take piece k in hand. */
static enum desk_rc take(struct rec_disk *d, enum desk_rec_side which, int64_t k)
{
    struct rec_side *s = &d->sides[which];
    if (s->k == k)
        return DESK_OK;
    enum desk_rc rc = fill(d, which, k);
    if (rc)
        return rc;
    s->k = -1;
    if (k <= s->high)
        rc = desk_recfile_get(&d->file, which, k, s->sound);
    else
        memset(s->sound, DESK_REC_SILENCE, sizeof s->sound);
    if (rc)
        return rc;
    s->k = k;
    s->high = k > s->high ? k : s->high;
    return DESK_OK;
}

static enum desk_rc keep_up(struct rec_disk *d)
{
    int64_t least = d->sides[DESK_REC_CALLER].k - BEHIND_KEEP;
    const struct rec_side *ours = &d->sides[DESK_REC_DESK];
    bool behind = ours->high + 1 < least || (ours->dirty && ours->k < least);
    return behind ? fill(d, DESK_REC_DESK, least) : DESK_OK;
}

enum desk_rc rec_disk_sound(struct rec_disk *d, enum desk_rec_side side, int64_t at,
                            const uint8_t *p, size_t n)
{
    struct rec_side *s = &d->sides[side];
    while (n) {
        size_t off = (size_t)(at % DESK_REC_PIECE);
        size_t now = DESK_REC_PIECE - off < n ? DESK_REC_PIECE - off : n;
        enum desk_rc rc = take(d, side, at / DESK_REC_PIECE);
        if (rc)
            return rc;
        memcpy(s->sound + off, p, now);
        s->dirty = true;
        at += (int64_t)now;
        p += now;
        n -= now;
    }
    return keep_up(d);
}

enum desk_rc rec_disk_cut(struct rec_disk *d, int64_t at)
{
    struct rec_side *s = &d->sides[DESK_REC_DESK];
    int64_t k = at / DESK_REC_PIECE, caller = d->sides[DESK_REC_CALLER].high;
    if (k > s->high)
        return DESK_OK;
    enum desk_rc rc = take(d, DESK_REC_DESK, k);
    if (rc)
        return rc;
    size_t off = (size_t)(at % DESK_REC_PIECE);
    memset(s->sound + off, DESK_REC_SILENCE, DESK_REC_PIECE - off);
    s->dirty = true;
    s->high = k;
    /* gone from the disk at once: should we die now, nobody shall hear it either */
    rc = desk_recfile_cut(&d->file, (caller > k ? caller : k) + 1);
    return rc ? rc : put_down(d, DESK_REC_DESK);
}

enum desk_rc rec_disk_fill(struct rec_disk *d, int64_t samples)
{
    int64_t k = (samples + DESK_REC_PIECE - 1) / DESK_REC_PIECE;
    enum desk_rc rc = fill(d, DESK_REC_CALLER, k);
    return rc ? rc : fill(d, DESK_REC_DESK, k);
}

/* Pieces of a side on the disk, from its beginning. */
static int64_t on_disk(const struct rec_side *s)
{
    return s->dirty && s->k == s->high ? s->high : s->high + 1;
}

int64_t rec_disk_samples(const struct rec_disk *d)
{
    int64_t a = on_disk(&d->sides[0]), b = on_disk(&d->sides[1]);
    return (a < b ? a : b) * DESK_REC_PIECE;
}
