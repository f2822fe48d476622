/* What `frontdesk demo` shows: the conversation while rows of it appear in the database, and
 * afterwards what was stored. Reads only. */
#ifndef CLI_DEMO_SHOW_H
#define CLI_DEMO_SHOW_H

#include "db/db.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DEMO_ROWS 400

struct demo_show {
    struct desk_db *db;
    char call_sid[40];
    size_t turns, tools; /* printed so far: both lists only grow at their end or change in place */
    uint64_t turn_seen[DEMO_ROWS], tool_seen[DEMO_ROWS];
};

/* What became of the call, for the verdict. */
struct demo_stored {
    bool call, ended, outcome, callback;
    size_t caller_turns, desk_turns;
};

/* Print what is new of the call; nothing while there is no such call. */
void demo_show_news(struct demo_show *s);

/* One line of the conversation: seconds, who, words; wrapped. */
void demo_show_line(double seconds, const char *who, const char *text);

/* Is the call written to its end? */
bool demo_show_over(struct demo_show *s);

/* Print what was stored in plain words. */
void demo_show_stored(struct demo_show *s, struct demo_stored *out);

#endif
