/* What of our audio the caller has heard: the arithmetic of barge-in. Pure; times are monotonic ms.
 *
 * Twilio plays what it gets in order, in real time; the model sends faster than that. So an item
 * begins when all before it is played, and of it is heard the smaller of the time since then and
 * what has come of it (µ-law at 8 kHz: 8 bytes are 1 ms). A mark that comes back says that at least
 * so much was played. Facts: Twilio "Media Streams messages" (mark, clear); OpenAI
 * conversation.item.truncate refuses more than the item has. */
#ifndef BRIDGE_PLAYBACK_H
#define BRIDGE_PLAYBACK_H

#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

#define PLAY_ITEMS     6
#define PLAY_ID        96
#define PLAY_MARK      64
#define PLAY_MARK_EACH 500 /* ms of audio between marks */

struct play_item {
    char id[PLAY_ID], response[PLAY_ID];
    uint32_t number;       /* in mark names; 0 = slot is free */
    int64_t begin_ms;      /* when its first sound is heard */
    int64_t bytes;         /* of audio that came */
    int64_t marked_ms;     /* played for certain */
    int64_t heard_ms;      /* set when it was cut off, else -1 */
    bool stored;           /* its turn is in the database */
    struct desk_buf words; /* transcript so far */
};

struct playback {
    struct play_item items[PLAY_ITEMS];
    uint32_t numbers;
    uint32_t generation;             /* counts clears; marks of an older one mean nothing */
    uint32_t marks_sent, marks_back; /* of this generation */
    int64_t until_ms;                /* when all that came will have been played */
    int64_t unmarked_ms;             /* audio since the last mark */
    char dead[PLAY_ID];              /* response whose further audio is not wanted */
};

void play_init(struct playback *p);
void play_clear(struct playback *p);

/* The item of that id, made if new (the oldest goes). Never NULL. */
struct play_item *play_item(struct playback *p, const char *item_id, const char *response_id);
struct play_item *play_find(struct playback *p, const char *item_id);

/* bytes of audio of the item are being sent. True: a mark is due. */
bool play_audio(struct playback *p, struct play_item *item, int64_t bytes, int64_t now_ms);

/* True if audio of this response is to be dropped: it was cut off. */
bool play_is_dead(const struct playback *p, const char *response_id, const struct play_item *item);

/* Name for a mark sent now. end: it ends a response. */
void play_mark_name(struct playback *p, const struct play_item *item, bool end,
                    char out[PLAY_MARK]);

enum play_mark { PLAY_MARK_OLD, PLAY_MARK_PLAYED, PLAY_MARK_END };
/* A mark came back. item (may be NULL) gets what it belonged to. */
enum play_mark play_mark_back(struct playback *p, const char *name, struct play_item **item);

/* Is anything still to be heard? */
bool play_outstanding(const struct playback *p, int64_t now_ms);

int64_t play_total_ms(const struct play_item *item);
int64_t play_heard_ms(const struct play_item *item, int64_t now_ms);

/* All that is waiting is thrown away: sets heard_ms of the items that were cut, makes what comes of
 * active (a response id, or "") dead, begins a new generation. fn is called for each cut item. */
void play_cut(struct playback *p, const char *active, int64_t now_ms,
              void (*fn)(void *ctx, struct play_item *item), void *ctx);

/* Split words at a gap, by the share heard: out[0..return) was heard. */
size_t play_split(const char *words, int64_t heard_ms, int64_t total_ms);

#endif
