/* Asks the voice model by the clock whether it would talk, in a thread of its own because that can
 * take seconds; owners hear of it when it would not (talk/model_alarm.h), before a caller does. */
#ifndef WORKER_MODEL_WATCH_H
#define WORKER_MODEL_WATCH_H

#include "out/model_probe.h"

struct model_watch;

/* Every MODEL_PROBE_MINUTES; one that failed is repeated after 30 s, and only what fails twice is
 * told of. probe: desk_model_probe, or a test's. NULL: out of memory, or no thread or database;
 * also with nothing to watch (the setting is 0, or the voice is our own): *idle is true then. */
struct model_watch *model_watch_start(void (*probe)(const struct desk_rt_target *,
                                                    struct desk_model_probe *),
                                      bool *idle);

/* Waits for a probe that is under way (12 s at most), frees. NULL is fine. */
void model_watch_stop(struct model_watch *w);

#endif
