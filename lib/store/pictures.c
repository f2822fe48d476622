#include "store/pictures.h"
#include "base/clock.h"
#include "db/seal.h"
#include "queries.h"
#include "store/promises.h"
#include "store/records.h"

#include <string.h>

#define MOST 200

#define F(member) offsetof(struct desk_picture, member)
static const struct desk_field picture_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), 0, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"text_id", "TextId", DESK_K_TEXT, F(text_id), DESK_F_HIDDEN, 0, 0, 0},
    {"call_id", "CallId", DESK_K_TEXT, F(call_id), 0, 0, 0, 0},
    {"about_call_id", "AboutCallId", DESK_K_TEXT, F(about_call_id), 0, 0, 0, 0},
    {"lead_id", "LeadId", DESK_K_TEXT, F(lead_id), 0, 0, 0, 0},
    {"callback_id", "CallbackId", DESK_K_TEXT, F(callback_id), 0, 0, 0, 0},
    {"n", "N", DESK_K_INT, F(n), 0, 0, 0, 0},
    {"message_sid", "MessageSid", DESK_K_TEXT, F(message_sid), 0, 0, 0, 0},
    {"media_sid", "MediaSid", DESK_K_TEXT, F(media_sid), 0, 0, 0, 0},
    {"state", "State", DESK_K_TEXT, F(state), 0, 0, 0, 0},
    {"kind", "Kind", DESK_K_TEXT, F(kind), 0, 0, 0, 0},
    {"path", "Path", DESK_K_TEXT, F(path), DESK_F_HIDDEN, 0, 0, 0},
    {"bytes", "Bytes", DESK_K_INT, F(bytes), 0, 0, 0, 0},
    {"small_bytes", "SmallBytes", DESK_K_INT, F(small_bytes), 0, 0, 0, 0},
    {"why", "Why", DESK_K_TEXT, F(why), DESK_F_PII, 0, 0, 0},
    {"created_at", "CreatedAt", DESK_K_TIME, F(created_at), 0, 0, 0, 0},
};
DESK_FIELDS(desk_picture_fields, "picture", struct desk_picture, picture_fields);
#undef F

struct call_id {
    const char *id;
};
static const struct desk_field call_id_v[] = {
    {"id", NULL, DESK_K_TEXT, offsetof(struct call_id, id), 0, 0, 0, 0},
};
static DESK_FIELDS(call_id_fields, "outbox", struct call_id, call_id_v);

/* ---- what it belongs to ---------------------------------------------------------------------- */

static enum desk_rc asked_by(struct desk_db *db, struct desk_arena *a, struct desk_picture *p,
                             const char *key)
{
    struct call_id c = {NULL};
    enum desk_rc rc = desk_db_row(
        db, DESK_Q_PICTURE_ASKED_BY,
        DESK_ARGS(DESK_T(p->tenant_id), DESK_T(key), DESK_I(p->created_at - DESK_PIC_ASKED_MS)),
        &call_id_fields, a, &c);
    p->about_call_id = c.id;
    return rc == DESK_ENOTFOUND ? DESK_OK : rc;
}

/* Their newest open lead; of the call that asked, if one did. */
static enum desk_rc lead_of(struct desk_db *db, struct desk_arena *a, struct desk_picture *p,
                            const char *key)
{
    struct desk_lead *rows;
    size_t n = 0, i = 0;
    enum desk_rc rc =
        desk_lead_recent(db, a, p->tenant_id, key, p->created_at - DESK_PIC_LEAD_MS, &rows, &n);
    while (!rc && p->about_call_id && i < n &&
           (!rows[i].call_id || strcmp(rows[i].call_id, p->about_call_id) != 0))
        i++;
    if (rc || i >= n)
        return rc;
    p->lead_id = rows[i].id;
    p->about_call_id = p->about_call_id ? p->about_call_id : rows[i].call_id;
    return DESK_OK;
}

static enum desk_rc callback_of(struct desk_db *db, struct desk_arena *a, struct desk_picture *p,
                                const char *key)
{
    struct desk_callback *rows;
    const struct desk_callback *newest = NULL;
    size_t n = 0;
    enum desk_rc rc = desk_callback_open_of(db, a, p->tenant_id, key, &rows, &n);
    for (size_t i = 0; !rc && i < n; i++) {
        bool fits = !p->about_call_id ||
                    (rows[i].call_id && strcmp(rows[i].call_id, p->about_call_id) == 0);
        if (fits && (!newest || rows[i].created_at > newest->created_at))
            newest = &rows[i];
    }
    if (rc || !newest)
        return rc;
    p->callback_id = newest->id;
    p->about_call_id = p->about_call_id ? p->about_call_id : newest->call_id;
    return DESK_OK;
}

enum desk_rc desk_picture_add(struct desk_db *db, struct desk_arena *a, struct desk_picture *p,
                              const char *from)
{
    char key[DESK_BLIND_LEN];
    enum desk_rc rc = DESK_OK;
    if (from) {
        desk_blind(desk_db_key(db), p->tenant_id, from, key);
        rc = asked_by(db, a, p, key);
        if (!rc)
            rc = lead_of(db, a, p, key);
        if (!rc)
            rc = callback_of(db, a, p, key);
    }
    return rc ? rc : desk_db_insert(db, DESK_Q_PICTURE_INSERT, p);
}

/* ---- reading --------------------------------------------------------------------------------- */

enum desk_rc desk_picture_get(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                              const char *id, struct desk_picture *out)
{
    return desk_db_row(db, DESK_Q_PICTURE_GET, DESK_ARGS(DESK_T(tenant_id), DESK_T(id)),
                       &desk_picture_fields, a, out);
}

static enum desk_rc list(struct desk_db *db, unsigned q, struct desk_arena *a,
                         const char *tenant_id, const char *of, struct desk_picture **out,
                         size_t *n)
{
    void *rows;
    enum desk_rc rc = desk_db_rows(db, q, DESK_ARGS(DESK_T(tenant_id), DESK_T(of)),
                                   &desk_picture_fields, a, MOST, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_pictures_of_talk(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                   const char *call_id, struct desk_picture **out, size_t *n)
{
    return list(db, DESK_Q_PICTURE_BY_CALL, a, tenant_id, call_id, out, n);
}

enum desk_rc desk_pictures_about(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                 const char *call_id, struct desk_picture **out, size_t *n)
{
    return list(db, DESK_Q_PICTURE_ABOUT, a, tenant_id, call_id, out, n);
}

enum desk_rc desk_pictures_of_lead(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                   const char *lead_id, struct desk_picture **out, size_t *n)
{
    return list(db, DESK_Q_PICTURE_BY_LEAD, a, tenant_id, lead_id, out, n);
}

/* ---- writing --------------------------------------------------------------------------------- */

enum desk_rc desk_picture_kept(struct desk_db *db, const struct desk_picture *p)
{
    int64_t changed = 0;
    enum desk_rc rc =
        desk_db_exec(db, DESK_Q_PICTURE_KEPT,
                     DESK_ARGS(DESK_T(p->tenant_id), DESK_T(p->id), DESK_T(p->kind),
                               DESK_T(p->path), DESK_I(p->bytes), DESK_I(p->small_bytes)),
                     &changed);
    return rc ? rc : changed ? DESK_OK : DESK_DONE;
}

enum desk_rc desk_picture_not_kept(struct desk_db *db, const struct desk_picture *p,
                                   const char *state, const char *why)
{
    return desk_db_exec(db, DESK_Q_PICTURE_NOT_KEPT,
                        DESK_ARGS(DESK_T(p->tenant_id), DESK_T(p->id), DESK_T(state),
                                  DESK_SEAL(&desk_picture_fields, "why", p->id, why)),
                        NULL);
}

enum desk_rc desk_pictures_to_lead(struct desk_db *db, const char *tenant_id, const char *call_id,
                                   const char *lead_id)
{
    return desk_db_exec(db, DESK_Q_PICTURE_TO_LEAD,
                        DESK_ARGS(DESK_T(tenant_id), DESK_T(call_id), DESK_T(lead_id)), NULL);
}

enum desk_rc desk_pictures_to_callback(struct desk_db *db, const char *tenant_id,
                                       const char *call_id, const char *callback_id)
{
    return desk_db_exec(db, DESK_Q_PICTURE_TO_CALLBACK,
                        DESK_ARGS(DESK_T(tenant_id), DESK_T(call_id), DESK_T(callback_id)), NULL);
}
