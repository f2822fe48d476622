/* What the resources under /v1 share: lists by pages, single rows with their ETag, and writes that
 * may be sent twice. Names, numbers and words of people are null for a token without the scope
 * "personal": dispatch seals reading for GET, the functions here for what a write answers. */
#ifndef API_REST_H
#define API_REST_H

#include "cgi-bin/web.h"
#include "base/tz.h"
#include "store/pages.h"

#define REST_LIST_USUAL 20
#define REST_TAG_LEN    36 /* "\"" 32 hex digits "\"" NUL, and one */

/* ---- lists ----------------------------------------------------------------------------------- */

/* Parameters "before" and "limit" → from where, and how many. DESK_EINVAL with errors. */
DESK_MUST enum desk_rc rest_cursor(struct desk_request *req, struct desk_place *after, size_t *max);

/* Parameter "state": "" = any. DESK_EINVAL with an error. */
DESK_MUST enum desk_rc rest_state(struct desk_request *req, const char **state);

/* {name: list, "next": …}, with the header Link when there is more. Takes list; NULL: no memory. */
DESK_MUST enum desk_rc rest_reply_list(struct desk_request *req, const char *name, json_t *list,
                                       const struct desk_place *next);

/* n rows of an array of structs as a JSON array. NULL: no memory. */
json_t *rest_rows_json(const struct desk_fields *f, const void *rows, size_t n);

/* GET of route->of: a page of it, one row of it. */
desk_handler rest_list, rest_get;

/* ---- one row --------------------------------------------------------------------------------- */

/* Takes root; the ETag is of what it says, the status as the route has it. Answers 304 to a GET
 * whose If-None-Match is that. */
DESK_MUST enum desk_rc rest_reply_one(struct desk_request *req, json_t *root);

/* The parts of it, for what is answered with more than its tag is of. same: it is what a GET's
 * If-None-Match names. And does If-Match, where it is sent, name it? DESK_ESTALE. */
DESK_MUST enum desk_rc rest_tag(struct desk_request *req, const json_t *root, bool *same);
DESK_MUST enum desk_rc rest_match(const struct desk_request *req, const json_t *root);

/* The row of route->of with that id, as this token may see it. */
DESK_MUST enum desk_rc rest_reply_row(struct desk_request *req, const char *id);
/* The same of one that was made: with its address in Location. */
DESK_MUST enum desk_rc rest_reply_made(struct desk_request *req, const char *id);

/* Is it there, and is it what If-Match (where it is sent) names? DESK_ENOTFOUND, DESK_ESTALE. */
DESK_MUST enum desk_rc rest_check_match(struct desk_request *req, const char *id);

/* ---- writes ---------------------------------------------------------------------------------- */

/* Runs fn in a transaction: it changes rows and makes the reply. The same Idempotency-Key with the
 * same body gets the same reply and changes nothing; with another body DESK_EINVAL. Writes an audit
 * row. */
DESK_MUST enum desk_rc rest_write(struct desk_request *req, desk_handler *fn);

/* When that day (since 1970-01-01) begins there: UTC ms. */
int64_t rest_day_start(const struct desk_tz *tz, int64_t day);

/* That parameter does not do, for a reason that its row in the table cannot say. Returns
 * DESK_EINVAL. */
enum desk_rc rest_wrong(struct desk_request *req, const char *name, const char *why);

/* One of words (NULL at the end), or nothing: else DESK_EINVAL at "#/name". */
DESK_MUST enum desk_rc rest_one_of(struct desk_request *req, const char *name,
                                   const char *const *words);

#endif
