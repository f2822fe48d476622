#include "store/threads.h"
#include "queries.h"

#define OF(t)                                                                                      \
    DESK_ARGS(DESK_T((t)->tenant_id), DESK_T((t)->contact_id), DESK_I((t)->before),                \
              DESK_I((int64_t)(t)->max))

enum desk_rc desk_thread_people(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                int64_t before_at, const char *before_id, size_t max,
                                struct desk_contact **out, size_t *n)
{
    void *rows;
    enum desk_rc rc = desk_db_rows(
        db, DESK_Q_THREAD_PEOPLE,
        DESK_ARGS(DESK_T(tenant_id), DESK_I(before_at), DESK_T(before_id), DESK_I((int64_t)max)),
        &desk_contact_fields, a, max, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_thread_calls(struct desk_db *db, struct desk_arena *a,
                               const struct desk_thread_of *t, struct desk_call **out, size_t *n)
{
    void *rows;
    enum desk_rc rc =
        desk_db_rows(db, DESK_Q_THREAD_CALLS, OF(t), &desk_call_fields, a, t->max, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_thread_texts(struct desk_db *db, struct desk_arena *a,
                               const struct desk_thread_of *t, struct desk_text_in **out, size_t *n)
{
    void *rows;
    enum desk_rc rc =
        desk_db_rows(db, DESK_Q_THREAD_TEXTS, OF(t), &desk_text_in_fields, a, t->max, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_thread_messages(struct desk_db *db, struct desk_arena *a,
                                  const struct desk_thread_of *t, struct desk_message **out,
                                  size_t *n)
{
    void *rows;
    enum desk_rc rc =
        desk_db_rows(db, DESK_Q_THREAD_MESSAGES, OF(t), &desk_message_fields, a, t->max, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_thread_chats(struct desk_db *db, struct desk_arena *a,
                               const struct desk_thread_of *t, struct desk_turn **out, size_t *n)
{
    void *rows;
    enum desk_rc rc =
        desk_db_rows(db, DESK_Q_THREAD_CHATS, OF(t), &desk_turn_fields, a, t->max, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_thread_sent(struct desk_db *db, struct desk_arena *a,
                              const struct desk_thread_of *t, const char *number_key,
                              struct desk_outbox **out, size_t *n)
{
    void *rows;
    enum desk_rc rc = desk_db_rows(db, DESK_Q_THREAD_SENT,
                                   DESK_ARGS(DESK_T(t->tenant_id), DESK_T(number_key),
                                             DESK_I(t->before), DESK_I((int64_t)t->max)),
                                   &desk_outbox_fields, a, t->max, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_thread_notice(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                const char *owner_key, int64_t since, const char **call_id)
{
    struct desk_outbox row;
    enum desk_rc rc = desk_db_row(db, DESK_Q_THREAD_NOTICE,
                                  DESK_ARGS(DESK_T(tenant_id), DESK_T(owner_key), DESK_I(since)),
                                  &desk_outbox_fields, a, &row);
    *call_id = rc ? NULL : row.call_id;
    return rc;
}
