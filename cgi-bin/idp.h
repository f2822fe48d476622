/* Tokens of the operator's own identity provider (auth.c asks). */
#ifndef DESK_CGI_IDP_H
#define DESK_CGI_IDP_H

#include "cgi-bin/web.h"

/* Is a provider set up, and does the bearer look like a token of one? */
bool desk_idp_takes(const char *bearer);

/* req->token of it. DESK_EAUTH, DESK_EFORBID (for no business of ours), DESK_EBUSY (the keys cannot
 * be read), each with req->detail. Reads a small file or the database. */
DESK_MUST enum desk_rc desk_idp_token(struct desk_request *req, const char *bearer);

#endif
