#include "cli/own_numbers.h"
#include "cli/business_file.h"
#include "cli/setup.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/log.h"
#include "db/seal.h"
#include "store/tenants.h"
#include "store/users.h"

#include <stdio.h>
#include <string.h>

#define FROM_SETTING "owner_phone.setting" /* action in the audit; its object is the keyed hash */
#define SAID_MAX     4096

struct work {
    struct desk_db *db;
    struct desk_arena *a;
    struct desk_buf said; /* printed when it has become true */
    struct desk_tenant *all;
    size_t n;
    struct desk_location place; /* of the only business; unset when there are several */
};

/* ---- the number that is called --------------------------------------------------------------- */

static enum desk_rc number_add(struct work *w, const char *e164)
{
    const struct desk_number row = {.e164 = e164,
                                    .tenant_id = w->place.tenant_id,
                                    .location_id = w->place.id,
                                    .created_at = desk_now_ms()};
    enum desk_rc rc = desk_number_insert(w->db, &row);
    if (!rc)
        desk_buf_fmt(&w->said, "%s now answers %s, which is TWILIO_PHONE_NUMBER\n", w->all[0].name,
                     e164);
    return rc;
}

static enum desk_rc number_apply(struct work *w)
{
    const char *e164 = desk_setting(DESK_S_TWILIO_PHONE_NUMBER);
    struct desk_number found;
    enum desk_rc rc = *e164 ? desk_number_find(w->db, w->a, e164, &found) : DESK_OK;
    if (rc != DESK_ENOTFOUND)
        return rc;
    if (w->n == 1)
        return number_add(w, e164);
    desk_buf_fmt(&w->said,
                 "TWILIO_PHONE_NUMBER %s belongs to no business, and there are several. Write it "
                 "under \"numbers\" in the file of the one that is to answer it, then: frontdesk "
                 "business update FILE\n",
                 e164);
    return DESK_OK;
}

/* ---- the owner's phone ----------------------------------------------------------------------- */

static void phone_hash(const struct work *w, const char *phone, char out[DESK_BLIND_LEN])
{
    desk_blind(desk_db_key(w->db), w->place.tenant_id, phone, out);
}

/* DESK_OK: that is what the setting was at the last start; DESK_ENOTFOUND: it is not. */
static enum desk_rc was_setting(struct work *w, const char *phone)
{
    char hash[DESK_BLIND_LEN];
    struct desk_audit last;
    enum desk_rc rc = desk_audit_last(w->db, w->a, w->place.tenant_id, FROM_SETTING, &last);
    phone_hash(w, phone, hash);
    return !rc && strcmp(last.object, hash) != 0 ? DESK_ENOTFOUND : rc;
}

static bool is_example(const char *phone)
{
    json_t *doc = NULL;
    char path[DESK_PATH_LEN], why[300];
    bool is = !desk_setup_example(&doc, path, why, sizeof why);
    const char *theirs = json_string_value(json_object_get(json_object_get(doc, "owner"), "phone"));
    is = is && theirs && strcmp(theirs, phone) == 0;
    json_decref(doc);
    return is;
}

static enum desk_rc remember(struct work *w, const char *phone)
{
    char hash[DESK_BLIND_LEN];
    enum desk_rc rc = was_setting(w, phone);
    if (rc != DESK_ENOTFOUND)
        return rc;
    phone_hash(w, phone, hash);
    return desk_audit_add(w->db, w->place.tenant_id, NULL, FROM_SETTING, hash);
}

static enum desk_rc owner_set(struct work *w, const char *phone)
{
    char masked[24];
    enum desk_rc rc = desk_location_owner_phone_set(w->db, &w->place, phone);
    if (rc)
        return rc;
    desk_buf_fmt(&w->said, "%s now puts callers through to %s, which is OWNER_CELL_NUMBER\n",
                 w->all[0].name, desk_mask_phone(masked, sizeof masked, phone));
    return remember(w, phone);
}

static void owner_kept(struct work *w, const char *phone)
{
    char masked[2][24];
    desk_buf_fmt(&w->said,
                 "%s puts callers through to %s as its file says, not to OWNER_CELL_NUMBER %s. To "
                 "change that write the other under \"owner\" in its file, then: frontdesk "
                 "business update FILE\n",
                 w->all[0].name, desk_mask_phone(masked[0], sizeof masked[0], w->place.owner_phone),
                 desk_mask_phone(masked[1], sizeof masked[1], phone));
}

static enum desk_rc owner_of_one(struct work *w, const char *phone)
{
    const char *now = w->place.owner_phone;
    if (now && strcmp(now, phone) == 0)
        return remember(w, phone);
    if (!now || !*now || is_example(now))
        return owner_set(w, phone);
    enum desk_rc rc = was_setting(w, now);
    if (!rc)
        return owner_set(w, phone);
    if (rc == DESK_ENOTFOUND) {
        owner_kept(w, phone);
        rc = DESK_OK;
    }
    return rc;
}

static enum desk_rc owner_of_several(struct work *w, const char *phone)
{
    struct desk_location place;
    char masked[24];
    for (size_t i = 0; i < w->n; i++) {
        enum desk_rc rc = desk_location_first(w->db, w->a, w->all[i].id, &place);
        if (rc && rc != DESK_ENOTFOUND)
            return rc;
        if (!rc && place.owner_phone && strcmp(place.owner_phone, phone) == 0)
            return DESK_OK;
    }
    desk_buf_fmt(&w->said,
                 "OWNER_CELL_NUMBER %s is no business's owner's phone, and there are several "
                 "businesses. Write it under \"owner\" in the file of the right one, then: "
                 "frontdesk business update FILE\n",
                 desk_mask_phone(masked, sizeof masked, phone));
    return DESK_OK;
}

static enum desk_rc owner_apply(struct work *w)
{
    const char *phone = desk_setting(DESK_S_OWNER_CELL_NUMBER);
    if (!*phone)
        return DESK_OK;
    return w->n == 1 ? owner_of_one(w, phone) : owner_of_several(w, phone);
}

/* ---- both ------------------------------------------------------------------------------------ */

static enum desk_rc apply(struct work *w)
{
    enum desk_rc rc = desk_tenant_list(w->db, w->a, &w->all, &w->n);
    if (rc || !w->n)
        return rc;
    if (w->n == 1)
        rc = desk_location_first(w->db, w->a, w->all[0].id, &w->place);
    if (!rc)
        rc = number_apply(w);
    return rc ? rc : owner_apply(w);
}

enum desk_rc desk_numbers_apply(struct desk_db *db, FILE *out, char *why, size_t n)
{
    struct work w = {.db = db, .a = desk_arena_new(8 * 1024 * 1024)};
    desk_buf_init(&w.said, SAID_MAX);
    snprintf(why, n, "TWILIO_PHONE_NUMBER and OWNER_CELL_NUMBER cannot be written to the database");
    enum desk_rc rc = w.a ? DESK_TX_BEGIN(db) : DESK_ENOMEM;
    if (!rc)
        rc = desk_tx_end(db, apply(&w));
    if (!rc)
        fputs(desk_buf_cstr(&w.said), out);
    fflush(out);
    desk_buf_clear(&w.said);
    desk_arena_free(w.a);
    return rc;
}
