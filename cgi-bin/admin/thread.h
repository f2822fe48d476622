/* A person's thread: what they wrote, said and were sent, over all channels, in the order of time.
 * thread.c makes it; the list (threads.c) shows its newest line. */
#ifndef ADMIN_THREAD_H
#define ADMIN_THREAD_H

#include "cgi-bin/admin/admin.h"
#include "store/outbox.h"

enum admin_line_kind {
    ADMIN_LINE_THEIRS, /* a text of theirs, or their words in a chat */
    ADMIN_LINE_OURS,   /* a text of ours, or our words in a chat */
    ADMIN_LINE_CALL,
    ADMIN_LINE_MESSAGE /* left on a call */
};

struct admin_line {
    enum admin_line_kind kind;
    int64_t at;
    const char *id; /* of its row */
    const char *text;
    const char *call_id;  /* CALL, MESSAGE; texts: their conversation */
    const char *text_id;  /* THEIRS with pictures */
    bool by_hand, web;    /* OURS: a person wrote it; of a chat */
    const char *state;    /* OURS: what became of it, in words; NULL = nothing is known */
    bool failed, arrived; /* OURS */
    int64_t pictures;
};

/* The newest ones before that time, oldest first, in the arena; *more: there are older ones. */
DESK_MUST enum desk_rc admin_thread_load(struct desk_request *req, const struct desk_contact *c,
                                         int64_t before, size_t most, struct admin_line **out,
                                         size_t *n, bool *more);

/* What became of a text of ours: state, failed, arrived of l. */
void admin_text_state(struct desk_request *req, const struct desk_outbox *o, struct admin_line *l);

/* In a transaction: the fields "text" and "key" of a form become a text to them, and the line on
 * the next page says so. *why: a sentence, why not (nothing was written then), or NULL.
 * (thread_page.c) */
DESK_MUST enum desk_rc admin_text_write(struct desk_request *req, const struct desk_contact *c,
                                        const char **why);

/* "Dana Whitfield", else their number as people read it. */
const char *admin_person_called(struct desk_request *req, const struct desk_contact *c);

#endif
