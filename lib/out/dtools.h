/* D-Tools Cloud's API (facts/integrations.md 6.1), as a struct of functions: the real one is
 * desk_dtools_rest, tests put their own in its place. What is known of it: two headers must come
 * together, lists come by pages ({"clients": […]}), a limit answers 429, and creating has no key
 * that would make a repeat harmless. What its searching looks at is not known: so what a list
 * gives is compared here, whatever was asked.
 *
 * Blocking, 30 s a request at most: for the worker's threads. Neither key nor header is in any log,
 * result or message of an error. */
#ifndef DESK_OUT_DTOOLS_H
#define DESK_OUT_DTOOLS_H

#include "store/outbox.h"

#include <jansson.h>
#include <stdbool.h>

struct desk_dtools_account {
    const char *api_url;       /* DTOOLS_API_URL: no slash at the end needed */
    const char *key;           /* DTOOLS_API_KEY */
    const char *authorization; /* DTOOLS_AUTHORIZATION: "Basic …", as D-Tools prints it for all */
};

#define DESK_DTOOLS_PAGE  100 /* rows in a page that is asked for */
#define DESK_DTOOLS_PAGES 50  /* of them, before a search is given up as too long */

/* Which of two kinds of rows. */
enum desk_dtools_kind { DESK_DTOOLS_CLIENTS, DESK_DTOOLS_OPPORTUNITIES, DESK_DTOOLS__MAX };

/* Is it that one? row: as D-Tools has it. */
typedef bool desk_dtools_match(void *ctx, const json_t *row);

struct desk_dtools {
    /* The first row that is(ctx, …) says yes to. r->end SENT: looked through, remote_id is its id,
     * or "" when there is none. AGAIN, FAILED: it could not be looked through. */
    void (*find)(const struct desk_dtools_account *a, enum desk_dtools_kind kind,
                 const char *search, desk_dtools_match *is, void *ctx,
                 struct desk_outbox_result *r);
    /* A new row. SENT with remote_id; AGAIN and FAILED: surely not made; UNKNOWN: it may have
     * been (find it before anything is made again). */
    void (*create)(const struct desk_dtools_account *a, enum desk_dtools_kind kind,
                   const json_t *body, struct desk_outbox_result *r);
};

extern const struct desk_dtools desk_dtools_rest;

/* "Clients/CreateClient": for a dry run. */
const char *desk_dtools_create_path(enum desk_dtools_kind kind);

#endif
