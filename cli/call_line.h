/* The telephone line of one media stream, without a network: what the receptionist's audio does in
 * real time (a playout clock, marks, clear) and what the caller does on hearing it (the script).
 *
 * Driven by one thread: sim_line_tick() for every 20 ms of the stream, in order, and the three
 * arrivals in between. Time is ms since the stream began. */
#ifndef CLI_CALL_LINE_H
#define CLI_CALL_LINE_H

#include "cli/call_rec.h"
#include "cli/call_script.h"

#include <stdbool.h>
#include <stdint.h>

#define SIM_TICK_MS     20
#define SIM_FRAME_BYTES 160 /* one tick of µ-law */

enum sim_line_rc {
    SIM_LINE_ON,
    SIM_LINE_HANGUP, /* the caller hangs up, by script */
    SIM_LINE_BORED,  /* the caller hangs up: nothing left to say, all quiet */
    SIM_LINE_SILENT, /* expect-audio not met */
    SIM_LINE_BROKEN  /* no memory */
};

/* Where a caller stands in the script; lives as long as the call, across streams and verbs. */
struct sim_cursor {
    const struct desk_sim_script *script; /* may be NULL */
    size_t at;                            /* next step */
    bool armed;                           /* an interrupt stands before the next line */
    size_t key;                           /* PRESS: keys of it already used */
};

/* The step the cursor is at, or NULL at the end. */
const struct sim_step *sim_cursor_step(const struct sim_cursor *c);
void sim_cursor_next(struct sim_cursor *c);

struct sim_line_io {
    void *ctx;
    void (*frame)(void *ctx, const uint8_t *ulaw, size_t n); /* the caller's next 20 ms */
    void (*key)(void *ctx, char digit);
    void (*played)(void *ctx, const char *mark); /* everything before that mark was heard */
    void (*note)(void *ctx, const char *who, const char *kind, const char *text, long value);
    /* A spoken line begins (ends: false), before its first frame, or has ended. May be NULL. */
    void (*spoken)(void *ctx, const struct sim_step *step, bool begins);
};

struct sim_line_config {
    long finish_ms, linger_ms, patience_ms;
    struct sim_rec *rec; /* or NULL */
    long rec_at_ms;      /* where the stream begins in the recording */
};

struct sim_line_stats {
    long first_audio_ms, barge_in_ms; /* -1 = none */
    int barge_ins, marks, clears, gaps;
    long gap_ms;
    long bytes_in, bytes_out;
};

struct sim_line;

/* cursor stays the caller's; io and config are copied. NULL: no memory. */
struct sim_line *sim_line_new(struct sim_cursor *cursor, const struct sim_line_io *io,
                              const struct sim_line_config *config);
void sim_line_free(struct sim_line *l);

/* From the receptionist. DESK_ELIMIT: more audio or marks than limits.h allows. */
DESK_MUST enum desk_rc sim_line_media(struct sim_line *l, long now_ms, const uint8_t *ulaw,
                                      size_t n);
DESK_MUST enum desk_rc sim_line_mark(struct sim_line *l, const char *name);
void sim_line_clear(struct sim_line *l, long now_ms);

/* The next 20 ms begin. now_ms: where the stream's clock really is (≥ the tick's own time). */
enum sim_line_rc sim_line_tick(struct sim_line *l, long now_ms);

/* ms of audio that wait to be heard. */
long sim_line_waiting_ms(const struct sim_line *l);

const struct sim_line_stats *sim_line_stats(const struct sim_line *l);

#endif
