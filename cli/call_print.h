/* What the simulator shows: events as lines for a person or as JSON, and the summary. */
#ifndef CLI_CALL_PRINT_H
#define CLI_CALL_PRINT_H

#include "cli/call.h"

#include <stdio.h>

/* One event as one line of text ("   1.2s  caller        says: …") or JSON. verbose: also the small
 * ones (marks). Thread-safe. */
void desk_sim_print_event(FILE *out, const struct desk_sim_event *ev, bool json, bool verbose);

/* How one call went: text ends with "ok" or "FAILED"; no: its number among several, 0 = alone. */
void desk_sim_print_result(FILE *out, const struct desk_sim_result *r, bool json, long no);

/* All calls together: how many of each, median and worst first audio. */
void desk_sim_print_total(FILE *out, const struct desk_sim_result *r, size_t n, bool json);

#endif
