/* Google connected and let go: by an owner's consent on the dashboard (facts/integrations.md 1.3),
 * or by the machine's service account. Only the worker speaks to Google; here are the addresses,
 * the proofs, and the rows. Writes run inside the caller's transaction. */
#ifndef DESK_TALK_GOOGLE_LINK_H
#define DESK_TALK_GOOGLE_LINK_H

#include "base/arena.h"
#include "base/buf.h"
#include "db/db.h"

#include <stdbool.h>
#include <stdint.h>

#define DESK_GOOGLE_STATE_MS (10LL * 60 * 1000) /* an owner has so long to consent */
#define DESK_GOOGLE_CALLBACK "/google/callback" /* below PUBLIC_BASE_URL; registered at Google */

/* Who asks, in which session of the dashboard: what comes back counts in no other. */
struct desk_google_asker {
    const char *tenant_id, *session;
    const char *base; /* https://desk.example.com */
    int64_t now;      /* UTC ms */
};

/* Is there a client of ours at Google? */
bool desk_google_can_connect(void);

/* Appends the address of Google's consent page. Its state is signed and ends by itself; the secret
 * that proves the answer is ours (PKCE) is made of it and our key, and kept nowhere. */
void desk_google_ask(struct desk_db *db, const struct desk_google_asker *who, struct desk_buf *url);

/* The owner's browser is back with that state and code: the worker fetches the access. DESK_EAUTH:
 * the state is none of ours, too old, or of another session; DESK_ECONFLICT: it was used. */
DESK_MUST enum desk_rc desk_google_asked(struct desk_db *db, struct desk_arena *a,
                                         const struct desk_google_asker *who, const char *state,
                                         const char *code);

/* A calendar of the connected account, or (service) one that is shared with the machine's service
 * account. person: its resource (as in an appointment) and name, or NULL = everybody's; the first
 * calendar that is everybody's gets our visits. DESK_ECONFLICT: it is there already. */
struct desk_google_add {
    const char *tenant_id, *calendar, *resource, *person;
    bool service;
};
DESK_MUST enum desk_rc desk_google_add_calendar(struct desk_db *db, struct desk_arena *a,
                                                const struct desk_google_add *c);

/* Nothing of it is left here; Google is told. Visits stay, in ours. DESK_ENOTFOUND: it was not
 * connected. */
DESK_MUST enum desk_rc desk_google_disconnect(struct desk_db *db, struct desk_arena *a,
                                              const char *tenant_id);

/* A calendar (ICS) at an address is read from now on. DESK_EINVAL: no address; DESK_ECONFLICT: it
 * is there already. */
DESK_MUST enum desk_rc desk_calendar_import(struct desk_db *db, const char *tenant_id,
                                            const char *url, const char *resource,
                                            const char *person);
/* And no more: which = its id, or its address. DESK_ENOTFOUND: it is not read. */
DESK_MUST enum desk_rc desk_calendar_unimport(struct desk_db *db, struct desk_arena *a,
                                              const char *tenant_id, const char *which);
/* All calendars outside of ours are to be read now. *n: how many there are. */
DESK_MUST enum desk_rc desk_calendar_read_now(struct desk_db *db, struct desk_arena *a,
                                              const char *tenant_id, size_t *n);

#endif
