/* What a call begins with, loaded in the scribe's thread: prompt, greeting, settings of its
 * business. */
#ifndef BRIDGE_CLAIM_H
#define BRIDGE_CLAIM_H

#include "ws-bridge/inbox.h"

#include "db/db.h"

/* A claim with an arena and nothing in it, or NULL. */
struct claim *claim_new(void);

/* c->call is there: load the rest. Blocks on database and files. */
DESK_MUST enum desk_rc claim_load(struct desk_db *db, struct claim *c);

#endif
