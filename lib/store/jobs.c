#include "store/jobs.h"
#include "base/clock.h"
#include "queries.h"

#include <string.h>

#define F(member) offsetof(struct desk_job, member)
static const struct desk_field job_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), 0, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"user_id", "UserId", DESK_K_TEXT, F(user_id), DESK_F_HIDDEN, 0, 0, 0},
    {"kind", "Kind", DESK_K_TEXT, F(kind), 0, 0, 0, 0},
    {"about", "About", DESK_K_TEXT, F(about), DESK_F_HIDDEN, 0, 0, 0},
    {"state", "State", DESK_K_TEXT, F(state), 0, 0, 0, 0},
    {"claim", "Claim", DESK_K_TEXT, F(claim), DESK_F_HIDDEN, 0, 0, 0},
    {"lease_until", "LeaseUntil", DESK_K_INT, F(lease_until), DESK_F_HIDDEN, 0, 0, 0},
    {"tries", "Tries", DESK_K_INT, F(tries), DESK_F_HIDDEN, 0, 0, 0},
    {"place", "Place", DESK_K_TEXT, F(place), DESK_F_HIDDEN, 0, 0, 0},
    {"done", "Done", DESK_K_INT, F(done), 0, 0, 0, 0},
    {"total", "Total", DESK_K_INT, F(total), 0, 0, 0, 0},
    {"wrong", "Wrong", DESK_K_INT, F(wrong), 0, 0, 0, 0},
    {"words", "Words", DESK_K_TEXT, F(words), DESK_F_PII, 0, 0, 0},
    {"created_at", "CreatedAt", DESK_K_TIME, F(created_at), 0, 0, 0, 0},
    {"ended_at", "EndedAt", DESK_K_TIME, F(ended_at), 0, 0, 0, 0},
};
DESK_FIELDS(desk_job_fields, "job", struct desk_job, job_fields);
#undef F

#define F(member) offsetof(struct desk_job_piece, member)
static const struct desk_field piece_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), DESK_F_HIDDEN, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"job_id", "JobId", DESK_K_TEXT, F(job_id), DESK_F_HIDDEN, 0, 0, 0},
    {"part", "Part", DESK_K_TEXT, F(part), DESK_F_HIDDEN, 0, 0, 0},
    {"n", "N", DESK_K_INT, F(n), 0, 0, 0, 0},
    {"line", "Line", DESK_K_INT, F(line), 0, 0, 0, 0},
    {"bytes", "Bytes", DESK_K_INT, F(bytes), DESK_F_HIDDEN, 0, 0, 0},
    {"text", "Text", DESK_K_TEXT, F(text), DESK_F_PII, 0, 0, 0},
};
DESK_FIELDS(desk_job_piece_fields, "job_piece", struct desk_job_piece, piece_fields);
#undef F

#define KEY(j) DESK_T((j)->tenant_id), DESK_T((j)->id)

static enum desk_rc one(enum desk_rc rc, int64_t changed, enum desk_rc none)
{
    return rc ? rc : changed == 1 ? DESK_OK : none;
}

enum desk_rc desk_job_ask(struct desk_db *db, const char *tenant_id, const char *user_id,
                          const char *kind, const char *about, char id[DESK_ID_LEN])
{
    const struct desk_job row = {.id = desk_id_new(id, "job"),
                                 .tenant_id = tenant_id,
                                 .user_id = user_id,
                                 .kind = kind,
                                 .about = about,
                                 .state = DESK_JOB_WAITING,
                                 .created_at = desk_now_ms()};
    return desk_db_insert(db, DESK_Q_JOB_INSERT, &row);
}

enum desk_rc desk_job_get(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                          const char *id, struct desk_job *out)
{
    return desk_db_row(db, DESK_Q_JOB_GET, DESK_ARGS(DESK_T(tenant_id), DESK_T(id)),
                       &desk_job_fields, a, out);
}

enum desk_rc desk_job_list(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                           size_t max, struct desk_job **out, size_t *n)
{
    void *rows;
    enum desk_rc rc =
        desk_db_rows(db, DESK_Q_JOB_LIST, DESK_ARGS(DESK_T(tenant_id), DESK_I((int64_t)max)),
                     &desk_job_fields, a, max, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_job_again(struct desk_db *db, const char *tenant_id, const char *id,
                            const char *about)
{
    int64_t changed = 0;
    enum desk_rc rc = desk_db_exec(
        db, DESK_Q_JOB_AGAIN, DESK_ARGS(DESK_T(tenant_id), DESK_T(id), DESK_T(about)), &changed);
    return one(rc, changed, DESK_ENOTFOUND);
}

/* ---- the worker's side ----------------------------------------------------------------------- */

enum desk_rc desk_job_due(struct desk_db *db, struct desk_arena *a, int64_t now,
                          struct desk_job *out)
{
    return desk_db_row(db, DESK_Q_JOB_DUE, DESK_ARGS(DESK_I(now)), &desk_job_fields, a, out);
}

enum desk_rc desk_job_claim(struct desk_db *db, const struct desk_job *j, const char *claim)
{
    int64_t changed = 0, now = desk_now_ms();
    enum desk_rc rc = desk_db_exec(
        db, DESK_Q_JOB_CLAIM,
        DESK_ARGS(KEY(j), DESK_T(claim), DESK_I(now + DESK_JOB_LEASE_MS), DESK_I(now)), &changed);
    return one(rc, changed, DESK_ECONFLICT);
}

enum desk_rc desk_job_step(struct desk_db *db, const struct desk_job *j)
{
    int64_t changed = 0;
    enum desk_rc rc = desk_db_exec(db, DESK_Q_JOB_STEP,
                                   DESK_ARGS(KEY(j), DESK_T(j->claim), DESK_I(j->done),
                                             DESK_I(j->total), DESK_I(j->wrong), DESK_T(j->place),
                                             DESK_I(desk_now_ms() + DESK_JOB_LEASE_MS)),
                                   &changed);
    return one(rc, changed, DESK_ECONFLICT);
}

enum desk_rc desk_job_end(struct desk_db *db, const struct desk_job *j, const char *state,
                          const char *words)
{
    int64_t changed = 0;
    enum desk_rc rc = desk_db_exec(db, DESK_Q_JOB_END,
                                   DESK_ARGS(KEY(j), DESK_T(j->claim), DESK_T(state),
                                             DESK_SEAL(&desk_job_fields, "words", j->id, words),
                                             DESK_I(desk_now_ms())),
                                   &changed);
    return one(rc, changed, DESK_ECONFLICT);
}

enum desk_rc desk_job_let_go(struct desk_db *db, const struct desk_job *j, int64_t at)
{
    int64_t changed = 0;
    enum desk_rc rc = desk_db_exec(db, DESK_Q_JOB_LET_GO,
                                   DESK_ARGS(KEY(j), DESK_T(j->claim), DESK_I(at)), &changed);
    return one(rc, changed, DESK_ECONFLICT);
}

enum desk_rc desk_job_purge(struct desk_db *db, int64_t before)
{
    return desk_db_exec(db, DESK_Q_JOB_PURGE, DESK_ARGS(DESK_I(before)), NULL);
}

/* ---- pieces ---------------------------------------------------------------------------------- */

static enum desk_rc put_piece(struct desk_db *db, struct desk_job_piece *p)
{
    char id[DESK_ID_LEN];
    p->id = desk_id_new(id, "piece");
    enum desk_rc rc =
        desk_db_int(db, DESK_Q_JOB_PIECE_NEXT,
                    DESK_ARGS(DESK_T(p->tenant_id), DESK_T(p->job_id), DESK_T(p->part)), &p->n);
    return rc ? rc : desk_db_insert(db, DESK_Q_JOB_PIECE_INSERT, p);
}

enum desk_rc desk_job_put(struct desk_db *db, const char *tenant_id, const char *job_id,
                          const char *part, const char *text, size_t n)
{
    char piece[DESK_JOB_PIECE + 1];
    enum desk_rc rc = memchr(text, 0, n) ? DESK_EINVAL : DESK_OK;
    for (size_t at = 0; !rc && at < n;) {
        size_t len = n - at < DESK_JOB_PIECE ? n - at : DESK_JOB_PIECE;
        memcpy(piece, text + at, len);
        piece[len] = '\0';
        rc = put_piece(db, &(struct desk_job_piece){.tenant_id = tenant_id,
                                                    .job_id = job_id,
                                                    .part = part,
                                                    .bytes = (int64_t)len,
                                                    .text = piece});
        at += len;
    }
    return rc;
}

enum desk_rc desk_job_wrong(struct desk_db *db, const char *tenant_id, const char *job_id,
                            int64_t line, const char *sentence)
{
    return put_piece(db, &(struct desk_job_piece){.tenant_id = tenant_id,
                                                  .job_id = job_id,
                                                  .part = DESK_JOB_WRONG,
                                                  .line = line,
                                                  .bytes = (int64_t)strlen(sentence),
                                                  .text = sentence});
}

enum desk_rc desk_job_pieces(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                             const char *job_id, const char *part, int64_t from, size_t max,
                             struct desk_job_piece **out, size_t *n)
{
    void *rows;
    enum desk_rc rc = desk_db_rows(db, DESK_Q_JOB_PIECES,
                                   DESK_ARGS(DESK_T(tenant_id), DESK_T(job_id), DESK_T(part),
                                             DESK_I(from), DESK_I((int64_t)max)),
                                   &desk_job_piece_fields, a, max, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_job_bytes(struct desk_db *db, const char *tenant_id, const char *job_id,
                            const char *part, int64_t *n)
{
    return desk_db_int(db, DESK_Q_JOB_PIECE_BYTES,
                       DESK_ARGS(DESK_T(tenant_id), DESK_T(job_id), DESK_T(part)), n);
}

enum desk_rc desk_job_drop(struct desk_db *db, const char *tenant_id, const char *job_id,
                           const char *part)
{
    return desk_db_exec(db, DESK_Q_JOB_PIECE_DROP,
                        DESK_ARGS(DESK_T(tenant_id), DESK_T(job_id), DESK_T(part)), NULL);
}
