/* Twilio's end of many calls: opens streams, sends 50 frames a second on each, and takes the time
 * of every frame that comes back. */
#ifndef BENCH_LOAD_CALLERS_H
#define BENCH_LOAD_CALLERS_H

#include "net.h"
#include "world.h"

#define FRAME_US   20000
#define CALLER_MAX 1000
#define MARKS_MAX  64
#define TIME_BINS  200000 /* of 10 µs */

struct mark {
    int64_t due_us;
    char name[64];
};

struct caller {
    struct load *load;
    struct conn *conn;
    unsigned number;
    struct ticket ticket;
    uint64_t frames;    /* sent */
    uint64_t back;      /* come back */
    uint64_t last_back; /* number of the last one that came back */
    uint64_t gaps;      /* frames that were jumped over */
    uint64_t gap_first; /* of gaps: before the first that came back; a session that dropped right
                           after it was set had them */
    int64_t play_end_us;
    struct mark marks[MARKS_MAX];
    unsigned marks_in, marks_out;
    uint64_t clears;
    bool streaming; /* start is said */
    bool gone;      /* by the other side */
    int status;     /* of a refused upgrade */
    int64_t due_us, begun_us;
    /* the soak's */
    unsigned plan;
    int64_t start_us, hang_us;
    bool loud;
};

struct load {
    struct net *net;
    struct caller *callers;
    size_t n;
    int port;
    bool noise; /* all callers are in a rushing noise */
    int64_t base_us;
    uint64_t turn;          /* frames' slots gone by */
    int64_t from_us, to_us; /* frames sent then are counted */
    uint64_t sent, got, late;
    uint32_t *times; /* of counted frames, in bins */
};

void load_open(struct load *l, struct net *net, int port);
void load_clear(struct load *l);

/* The same frame with silence instead of what it holds beside its stamp: text needs 256 bytes.
 * Returns its length, 0 for what is no frame of ours. loud: it held something. */
size_t caller_hush(char *text, const char *base64, size_t n, bool *loud);

/* The stream of a caller whose ticket is set. */
void caller_dial(struct caller *c);
void caller_start(struct caller *c); /* connected and start, when plan is not 0 */
void caller_frame(struct caller *c, int64_t now);
void caller_marks(struct caller *c, int64_t now);
void caller_stop(struct caller *c); /* as Twilio does: stop, then the socket */

/* As many more calls are dialled that there are n; goes on until each has heard itself. False: not
 * in time, or a call was given up by the other side. */
bool load_grow(struct load *l, struct world *w, size_t n, int64_t patience_us);
/* Goes on for so long. */
void load_run(struct load *l, int64_t us);
/* Counts what is sent from now on for so long, and waits for it to come back. */
void load_measure(struct load *l, int64_t us);
void load_end(struct load *l);

size_t load_gone(const struct load *l);
int64_t load_time_us(const struct load *l, double share); /* 0.99 … */

/* Whose frame it is, by the stamp at its beginning; 0 = nobody's. */
uint32_t caller_of_frame(const char *base64, size_t n);

#endif
