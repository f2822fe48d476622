/* Inside of struct desk_sim_script, for the simulator. */
#ifndef CLI_CALL_SCRIPT_H
#define CLI_CALL_SCRIPT_H

#include "cli/call.h"
#include "cli/call_mouth.h"

struct sim_step {
    enum desk_sim_step_kind kind;
    char *text;             /* words, path or keys; NULL where the kind takes none. owned */
    char *words;            /* what <Gather> hears: SAY = text, AUDIO = sidecar FILE.txt or "" */
    long ms;                /* INTERRUPT, SILENCE, EXPECT */
    struct sim_sound sound; /* SAY, AUDIO, after rendering */
};

struct desk_sim_script {
    struct sim_step *steps;
    size_t n, cap;
    /* A SAY without sound is to be spoken now: give that step a sound, or make it of another kind.
     * Called in the call's thread; then the script serves one call only. NULL = all is rendered. */
    void (*live)(void *ctx, size_t at);
    void *live_ctx;
};

/* True if s is 1 to 64 keys of 0-9 * # A-D w W. */
bool sim_keys_ok(const char *s);

/* "2.5" → 2500. False unless it is 0 to max_s seconds. */
bool sim_seconds_parse(const char *s, double max_s, long *ms);

/* One line per command, for the help page. */
extern const char sim_script_help[];

#endif
