#include "talk/caller.h"
#include "db/seal.h"
#include "store/calls.h"
#include "store/exceptions.h"

#include <string.h>

#define DAY_MS 86400000LL

enum desk_rc desk_caller_know(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                              const char *number, const struct desk_contact *contact, int64_t now,
                              struct desk_caller_facts *f)
{
    char key[DESK_BLIND_LEN];
    struct desk_exception listed;
    const char *standing = contact && contact->standing ? contact->standing : "";
    f->known = contact && desk_contact_known(contact);
    f->vip = strcmp(standing, DESK_STANDING_VIP) == 0;
    f->vendor = strcmp(standing, DESK_STANDING_VENDOR) == 0;
    f->blocked = strcmp(standing, DESK_STANDING_BLOCKED) == 0;
    f->exception = NULL;
    desk_blind(desk_db_key(db), tenant_id, number, key);
    enum desk_rc rc = desk_call_short(db, tenant_id, key, now - DAY_MS, &f->short_calls);
    if (!rc)
        rc = desk_exception_find(db, a, tenant_id, number, &listed);
    if (!rc)
        f->exception = listed.category;
    return rc == DESK_ENOTFOUND ? DESK_OK : rc;
}
