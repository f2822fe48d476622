/* The pages of people: a list, one person, and what can be done with what is remembered of them. */
#ifndef ADMIN_PEOPLE_H
#define ADMIN_PEOPLE_H

#include "cgi-bin/admin/admin.h"

desk_handler admin_people, admin_person, admin_person_edit, admin_person_save, admin_person_confirm,
    admin_person_wishes, admin_person_standing, admin_person_block, admin_person_exception,
    admin_person_join, admin_person_join_do, admin_search, admin_person_erase,
    admin_person_erase_do, admin_people_export, admin_calls_export, admin_reindex,
    admin_import_page, admin_import, admin_jobs, admin_job, admin_job_file, admin_job_go;

struct admin_person {
    struct desk_contact c;
    struct desk_contact *more; /* of further numbers: only the number is theirs */
    size_t n_more;
    const char *who;   /* name, else the number as people read it */
    const char *first; /* "Dana", or "this person" */
    const char *path;  /* "/people/person_x" */
};

/* Whom the address's :id means, by any of their ids. DESK_ENOTFOUND. */
DESK_MUST enum desk_rc admin_person_load(struct desk_request *req, struct admin_person *p);
/* Another one, by id. */
DESK_MUST enum desk_rc admin_person_by_id(struct desk_request *req, const char *id,
                                          struct admin_person *p);
/* Person.*: Who, First, Path, Number, Shown, Calls, Texts, FirstAt, LastAt, Standing, More.N.* */
void admin_person_view(struct desk_view *v, const struct admin_person *p);
/* Name, number and what is known, as "Prefix.N.…": a row of a list of people. */
void admin_person_row(struct desk_request *req, struct desk_view *v, const char *prefix,
                      const struct desk_contact *c);

/* People by words of what is known of them, or by digits their number ends in: at most 50, in the
 * arena. */
DESK_MUST enum desk_rc admin_people_find(struct desk_request *req, const char *q,
                                         struct desk_contact **rows, size_t *n);

/* What a fact is called for a person: "Birthday". */
const char *admin_fact_label(enum desk_contact_fact f);
/* Its value as people read it ("14 May 1980", "Always put first"). NULL: not known. */
const char *admin_fact_words(struct desk_request *req, const struct desk_contact *c,
                             enum desk_contact_fact f);
/* The facts that are known, as "Prefix.N.Label, .Words, .From, .Fact, .Firm". */
void admin_facts_list(struct desk_request *req, struct desk_view *v, const char *prefix,
                      const struct desk_contact *c);

/* Change a person in a transaction, then lead back to their page. */
typedef enum desk_rc admin_person_change(struct desk_request *req, const struct admin_person *p);
DESK_MUST enum desk_rc admin_person_act(struct desk_request *req, admin_person_change *change);

/* Ask for long work (store/jobs.h) in a transaction of its own, and lead to its page. Takes about;
 * in: a file of n bytes without a NUL, or NULL. */
DESK_MUST enum desk_rc admin_job_ask(struct desk_request *req, const char *kind, json_t *about,
                                     const char *in, size_t n);

/* History.* and what is still open (person_past.c) */
DESK_MUST enum desk_rc admin_person_past(struct desk_request *req, struct desk_view *v,
                                         const struct admin_person *p);

#endif
