/* What Today, Needs attention and the health page share. */
#ifndef ADMIN_TODAY_H
#define ADMIN_TODAY_H

#include "cgi-bin/admin/admin.h"

desk_handler admin_alert_seen, admin_alert_unseen, admin_attention, admin_attention_open,
    admin_attention_retry, admin_attention_leave, admin_attention_back, admin_attention_tell,
    admin_health;
desk_handler admin_visits, admin_visit, admin_visit_move, admin_visit_cancel, admin_visit_new,
    admin_visit_add;

/* ---- does it work? (checks.c) ---------------------------------------------------------------- */

enum admin_level { ADMIN_FINE, ADMIN_LOOK, ADMIN_BROKEN };

struct admin_check {
    const char *name; /* "Phone number reaches us" */
    enum admin_level level;
    bool calls;        /* whether calls are answered as they should be hangs on it */
    const char *words; /* what was found: a sentence or two */
    const char *head;  /* not fine: what it comes to, a sentence. "Texts are not going out." */
    const char *todo;  /* not fine: what to do about it, a sentence */
    const char *href, *link; /* where that is done, or NULL */
};
#define ADMIN_CHECKS_MAX 16

/* From what is on record: asks nobody outside, blocks on the database. */
DESK_MUST enum desk_rc admin_checks(struct desk_request *req,
                                    struct admin_check out[ADMIN_CHECKS_MAX], size_t *n);

/* In the arena: "Today 1:52 pm"; "6 min ago". */
const char *admin_moment(struct desk_request *req, int64_t at);
const char *admin_ago(struct desk_request *req, int64_t at);

/* ---- do these first (work.c) ----------------------------------------------------------------- */

/* Work.N.{Tag, TagKind, TagIcon, Href, Head, Words, Number, Shown, Done, Label}, at most five, the
 * worst first; WorkMore: how many more there are. *n: all of them. */
DESK_MUST enum desk_rc admin_work(struct desk_request *req, struct desk_view *v, size_t *n);

/* ---- of other pages -------------------------------------------------------------------------- */

struct admin_mark {
    const char *word, *kind, *icon; /* kind: the CSS class */
};
/* "Late by 25 min", "Due in 15 min", "Tomorrow …" and so on. (callback_list.c) */
struct admin_mark admin_callback_tag(struct desk_request *req, const struct desk_callback *k);
const char *admin_callback_who(struct desk_request *req, const struct desk_callback *k);

#endif
