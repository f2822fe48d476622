/* Practice calls: a caller of core/practice.h talks to a copy of a business, at a set time, by the
 * same turns that sessions of the REST service take (talk/session.h), and what came of it is read
 * from the copy's database. Nothing is sent: nobody delivers the copy's outbox.
 *
 * It changes the process: data folder, key, clock and some settings are those of the copy from the
 * first play on. So a program that has other things to do runs `frontdesk practice --json` as a
 * child. Blocks on the disk, and on a model where one is asked. */
#ifndef DESK_TALK_PRACTICE_H
#define DESK_TALK_PRACTICE_H

#include "base/arena.h"
#include "core/practice.h"
#include "db/db.h"
#include "store/calls.h"
#include "store/exceptions.h"
#include "store/settings.h"
#include "store/tenants.h"

/* What a business is and has set: rows as they are read, in an arena. */
struct desk_practice_home {
    struct desk_tenant tenant;
    struct desk_location *locations;
    size_t n_locations;
    struct desk_number *numbers;
    size_t n_numbers;
    struct desk_exception *exceptions;
    size_t n_exceptions;
    struct desk_tenant_settings own;
    const json_t
        *doc; /* instead of all that: a checked document (core/business_file.h), borrowed */
};

/* Read it, changing nothing. */
DESK_MUST enum desk_rc desk_practice_home_read(struct desk_db *db, struct desk_arena *a,
                                               const char *tenant_id,
                                               struct desk_practice_home *out);

/* ---- the folder of one play ------------------------------------------------------------------ */

struct desk_practice_place {
    struct desk_db *db;
    struct desk_arena *a;
    struct desk_tenant tenant;
    struct desk_location location;
    const char *number;  /* of ours, that is called */
    bool by_voice;       /* played by telephone: alarms are counted though no text was written */
    const char *from;    /* who calls: of an owner's call the owner's own phone */
    const char **seeded; /* ids of the appointments that were there before */
    int64_t *seeded_at;  /* and when they began */
    size_t n_seeded;
};

/* The copy in a folder that is there and empty, with what was before the call (seed_db,
 * known_contact); the clock stands at p->now. model: the business's own text model may think, else
 * the rules do. why (n bytes) says what hinders it. */
DESK_MUST enum desk_rc desk_practice_open(struct desk_practice_place *out, struct desk_arena *a,
                                          const char *folder, const struct desk_practice_home *home,
                                          const struct desk_practice *p, bool model, char *why,
                                          size_t n);
void desk_practice_close(struct desk_practice_place *pl);

/* Times that tools have given in that call since the n_runs-th run; n_runs counts on. *n at most
 * DESK_PRACTICE_SLOTS. Strings are in the place's arena. */
#define DESK_PRACTICE_SLOTS 16
DESK_MUST enum desk_rc desk_practice_slots(struct desk_practice_place *pl, const char *call_id,
                                           size_t *n_runs,
                                           struct desk_practice_slot out[DESK_PRACTICE_SLOTS],
                                           size_t *n);

/* The talk, from the greeting to its end. */
DESK_MUST enum desk_rc desk_practice_talk(struct desk_practice_place *pl,
                                          const struct desk_practice *p, char *why, size_t n);

/* What came of all calls in the copy: {"id", "facts": {…}, "transcript": […], "forbidden_seen":
 * []}, a new reference. */
DESK_MUST enum desk_rc desk_practice_result(struct desk_practice_place *pl,
                                            const struct desk_practice *p, json_t **result);

/* Twilio's word for what becomes of who is put through: the caller's behaviour, else "completed".
 */
const char *desk_practice_dialled(struct desk_arena *a, const struct desk_practice *p);

#endif
