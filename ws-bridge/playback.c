#include "ws-bridge/playback.h"
#include "base/limits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void play_init(struct playback *p)
{
    memset(p, 0, sizeof *p);
    for (size_t i = 0; i < PLAY_ITEMS; i++)
        desk_buf_init(&p->items[i].words, DESK_MAX_TURN_TEXT);
}

void play_clear(struct playback *p)
{
    for (size_t i = 0; i < PLAY_ITEMS; i++)
        desk_buf_clear(&p->items[i].words);
}

struct play_item *play_find(struct playback *p, const char *item_id)
{
    for (size_t i = 0; i < PLAY_ITEMS; i++)
        if (p->items[i].number && strcmp(p->items[i].id, item_id) == 0)
            return &p->items[i];
    return NULL;
}

struct play_item *play_item(struct playback *p, const char *item_id, const char *response_id)
{
    struct play_item *it = play_find(p, item_id);
    if (it)
        return it;
    it = &p->items[p->numbers % PLAY_ITEMS];
    struct desk_buf words = it->words;
    desk_buf_reset(&words);
    *it = (struct play_item){.number = ++p->numbers, .heard_ms = -1, .words = words};
    snprintf(it->id, sizeof it->id, "%s", item_id);
    snprintf(it->response, sizeof it->response, "%s", response_id);
    return it;
}

bool play_audio(struct playback *p, struct play_item *item, int64_t bytes, int64_t now_ms)
{
    if (p->until_ms < now_ms)
        p->until_ms = now_ms;
    if (item->bytes == 0)
        item->begin_ms = p->until_ms;
    item->bytes += bytes;
    p->until_ms += bytes / 8;
    p->unmarked_ms += bytes / 8;
    return p->unmarked_ms >= PLAY_MARK_EACH;
}

bool play_is_dead(const struct playback *p, const char *response_id, const struct play_item *item)
{
    return (item && item->heard_ms >= 0) || (*response_id && strcmp(p->dead, response_id) == 0);
}

/* "g2-n7-5200-e": generation, number of the item, its ms up to here, e = a response's end */
void play_mark_name(struct playback *p, const struct play_item *item, bool end, char out[PLAY_MARK])
{
    p->marks_sent++;
    p->unmarked_ms = 0;
    snprintf(out, PLAY_MARK, "g%u-n%u-%lld%s", (unsigned)p->generation,
             item ? (unsigned)item->number : 0, item ? (long long)play_total_ms(item) : 0LL,
             end ? "-e" : "");
}

static bool number_after(const char **at, const char *prefix, long long *out)
{
    char *rest;
    size_t n = strlen(prefix);
    if (strncmp(*at, prefix, n) != 0 || (*at)[n] < '0' || (*at)[n] > '9')
        return false;
    *out = strtoll(*at + n, &rest, 10);
    *at = rest;
    return true;
}

enum play_mark play_mark_back(struct playback *p, const char *name, struct play_item **item)
{
    long long generation, number, ms;
    const char *at = name;
    *item = NULL;
    if (!number_after(&at, "g", &generation) || !number_after(&at, "-n", &number) ||
        !number_after(&at, "-", &ms) || generation != p->generation)
        return PLAY_MARK_OLD;
    p->marks_back++;
    struct play_item *it = number > 0 ? &p->items[(number - 1) % PLAY_ITEMS] : NULL;
    if (it && it->number == number) {
        *item = it;
        if (ms > it->marked_ms && ms <= play_total_ms(it))
            it->marked_ms = ms;
    }
    return strcmp(at, "-e") == 0 ? PLAY_MARK_END : PLAY_MARK_PLAYED;
}

bool play_outstanding(const struct playback *p, int64_t now_ms)
{
    return p->marks_back < p->marks_sent || (p->unmarked_ms > 0 && p->until_ms > now_ms);
}

int64_t play_total_ms(const struct play_item *item)
{
    return item->bytes / 8;
}

int64_t play_heard_ms(const struct play_item *item, int64_t now_ms)
{
    int64_t heard = now_ms - item->begin_ms, total = play_total_ms(item);
    if (heard < item->marked_ms)
        heard = item->marked_ms;
    return heard < 0 ? 0 : heard > total ? total : heard;
}

void play_cut(struct playback *p, const char *active, int64_t now_ms,
              void (*fn)(void *ctx, struct play_item *item), void *ctx)
{
    snprintf(p->dead, sizeof p->dead, "%s", active);
    for (uint32_t k = 0; k < PLAY_ITEMS; k++) {
        struct play_item *it = &p->items[(p->numbers + k) % PLAY_ITEMS]; /* oldest first */
        if (!it->number || it->heard_ms >= 0 || it->bytes == 0)
            continue;
        int64_t heard = play_heard_ms(it, now_ms);
        bool more = *active && strcmp(it->response, active) == 0;
        if (heard >= play_total_ms(it) && !more)
            continue; /* all of it was heard */
        it->heard_ms = heard;
        fn(ctx, it);
    }
    p->generation++;
    p->marks_sent = p->marks_back = 0;
    p->unmarked_ms = 0;
    p->until_ms = now_ms;
}

size_t play_split(const char *words, int64_t heard_ms, int64_t total_ms)
{
    size_t n = strlen(words), at;
    if (heard_ms >= total_ms || total_ms <= 0)
        return heard_ms > 0 ? n : 0;
    at = (size_t)((double)n * (double)heard_ms / (double)total_ms);
    while (at > 0 && words[at] != ' ')
        at--;
    return at;
}
