/* Settings pages: each is a table of fields, every field a place in the business's document
 * (businesses/schema.json) and a kind, that is how a person types it. The engine shows the document
 * in a form, makes a document of what was sent, has it checked by the same rules as an owner's file
 * (talk/business.h) and tells what is wrong beside the fields. */
#ifndef ADMIN_SET_H
#define ADMIN_SET_H

#include "cgi-bin/view.h"
#include "core/business.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- kinds of fields (set_kinds.c) ----------------------------------------------------------- */

enum set_kind {
    SET_LINE,   /* one line of text */
    SET_LONG,   /* several lines of text */
    SET_PHONE,  /* typed as people do; kept as E.164 */
    SET_PHONES, /* a list of them, one a line */
    SET_LINES,  /* a list of texts, one a line */
    SET_WHO,    /* names with commas between: one is kept as text, more as a list */
    SET_DOES,   /* the same for services, or "all" */
    SET_INT,
    SET_MONEY, /* dollars */
    SET_BOOL,
    SET_CHOICE,
    SET_MULTI, /* several of the choices, kept as a list */
    SET_CLOCK,
    SET_DATE,
    SET_SPANS,
    SET_ALWAYS, /* the week is "always" */
    SET_PIN,    /* never shown; left empty it stays */
    SET_KIND__MAX
};
/* How the template draws it: "line", "long", "tick", "choice", "multi", "date", "pin". */
const char *set_kind_input(enum set_kind k);

struct set_choice {
    const char *value, *label;
};

#define SET_DROP_EMPTY 1u /* of SET_MULTI: an empty list is none */
#define SET_NEEDED     2u /* of a row: empty is refused */
#define SET_KEY        4u /* of a row: the key it is kept under, not a member of it */

struct set_field {
    const char *path; /* "hours.weekly.mon"; in a row the member's name */
    enum set_kind kind;
    const char *label, *help;
    size_t max; /* letters of a text, most of a number; 0 = as the schema says */
    const struct set_choice *choices;
    unsigned flags;
    const char *otherwise; /* shown where the document says nothing */
};

/* A member of the document as a field shows it: never NULL, in the arena. */
const char *set_text(struct desk_arena *a, const struct set_field *f, const json_t *v);

/* What was typed → a new reference, NULL with why NULL: nothing, it is to be left out. why: the
 * sentence beside the field, in the arena. country: of numbers typed without one. */
json_t *set_value(struct desk_arena *a, const struct set_field *f, const char *text,
                  const char *country, const char **why);

/* ---- pages (set_pages.c) --------------------------------------------------------------------- */

struct set_list { /* rows of a list, each an object */
    const char *path;
    const char *one;               /* "Person" */
    const char *plain;             /* member that an item stands for that is a bare text */
    const struct set_field *cells; /* ended by path NULL; the first is a text and never left out */
};

struct set_section {
    const char *title, *intro;
    const struct set_field *fields; /* ended by path NULL; or NULL */
    const struct set_list *list;    /* or NULL */
};

struct set_page {
    const char *slug, *title, *intro, *save; /* save: "Save opening hours" */
    const struct set_section *sections;      /* ended by title NULL */
    /* what the page shows above the form; NULL */
    enum desk_rc (*above)(struct desk_request *req, struct desk_view *v,
                          const struct desk_business *b);
};
extern const struct set_page set_pages[]; /* ended by slug NULL */
const struct set_page *set_page_find(const char *slug);

/* ---- one form being shown or read (set_form.c) ----------------------------------------------- */

#define SET_ROWS   104 /* of one list, the empty one at the end too */
#define SET_WRONGS 40

struct set_form {
    struct desk_request *req;
    const struct set_page *page;
    json_t *clean; /* the location's document as it is */
    json_t *whole; /* and as it is to be */
    bool posted;   /* values are what was sent, not what the document says */
    const char *country;
    struct {
        const char *name, *sentence; /* name: of the field in the form */
    } wrong[SET_WRONGS];
    size_t n_wrong;
    const char *general; /* what belongs to no field */
    size_t row_of[4][SET_ROWS];
};

/* Which state the page's part of the document is in: 16 hex digits, in the arena. */
const char *set_seen(struct desk_arena *a, const struct set_page *page, json_t *whole);

/* What was sent into the document. False: some of it is wrong, and the document half changed. */
bool set_read(struct set_form *f);

/* A problem of the checks ("staff[2].phone is no number …") to its field. */
void set_problem(struct set_form *f, const char *sentence);

void set_show(struct set_form *f, struct desk_view *v);

/* ---- handlers of pages that are no plain form -------------------------------------------------
 */
enum desk_rc set_hours_above(struct desk_request *req, struct desk_view *v,
                             const struct desk_business *b);
enum desk_rc set_urgent_above(struct desk_request *req, struct desk_view *v,
                              const struct desk_business *b);

/* The page again, with req->detail as what is wrong: for the other forms on it. */
DESK_MUST enum desk_rc set_page_again(struct desk_request *req);

/* Which location a page is about: its name by ?at= or the form; NULL = the main one. */
const char *set_branch(const struct desk_request *req);

/* The document of that location as a whole business: a new reference. doc: the business's. */
DESK_MUST enum desk_rc set_location_doc(const json_t *doc, const char *branch, json_t **whole);

/* The select of locations, where there are several. */
DESK_MUST enum desk_rc set_show_branches(struct desk_request *req, struct desk_view *v);

/* In a transaction: the document as checked becomes the business, a version is kept, the result is
 * said and can be undone. why (n bytes): a sentence when it is refused. */
DESK_MUST enum desk_rc set_save(struct desk_request *req, const json_t *doc, const char *what,
                                const char *said, char *why, size_t n);

#endif
