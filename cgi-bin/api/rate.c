/* How often a token may ask: API_RATE_PER_MINUTE, counted in this process by windows of a minute
 * that begin with the token's first request. Nothing is kept: a restart forgets. */
#include "cgi-bin/api/api.h"
#include "base/clock.h"
#include "base/config.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#define WINDOW_MS 60000
#define SLOTS     64 /* tokens at a time; of more the one that is quiet longest is forgotten */
#define ID_LEN    72

static struct slot {
    char id[ID_LEN]; /* of the token, "" = free */
    int64_t began, n;
} slots[SLOTS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static struct slot *slot_of(const char *id)
{
    struct slot *oldest = &slots[0];
    for (size_t i = 0; i < SLOTS; i++) {
        if (strcmp(slots[i].id, id) == 0)
            return &slots[i];
        if (slots[i].began < oldest->began)
            oldest = &slots[i];
    }
    *oldest = (struct slot){.began = 0};
    snprintf(oldest->id, sizeof oldest->id, "%s", id);
    return oldest;
}

enum desk_rc api_admit(struct desk_request *req)
{
    int64_t now = desk_mono_ms(), limit = desk_setting_int(DESK_S_API_RATE_PER_MINUTE);
    if (!limit)
        return DESK_OK;
    pthread_mutex_lock(&lock);
    struct slot *s = slot_of(req->token.id);
    if (!s->n || now - s->began >= WINDOW_MS) {
        s->began = now;
        s->n = 0;
    }
    s->n++;
    int64_t n = s->n, left_ms = WINDOW_MS - (now - s->began);
    pthread_mutex_unlock(&lock);
    req->rate = (struct desk_rate){limit, n < limit ? limit - n : 0, (left_ms + 999) / 1000};
    if (n <= limit)
        return DESK_OK;
    req->detail = "This token has asked too often. Wait as long as Retry-After says.";
    return DESK_ERATE;
}
