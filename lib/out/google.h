/* What Google's services have in common (facts/integrations.md 1, 2.4): tokens, requests, and what
 * became of one. Blocking: for the worker's threads. Neither tokens nor keys are in any log, result
 * or message of an error. */
#ifndef DESK_OUT_GOOGLE_H
#define DESK_OUT_GOOGLE_H

#include "out/http.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#define DESK_GOOGLE_TOKEN_LEN 2560 /* an access token; Google says 2048 bytes at most */

/* scopes we ask for (facts 1.2); freeBusy is not in calendar.events */
#define DESK_GOOGLE_CALENDAR                                                                       \
    "https://www.googleapis.com/auth/calendar.events "                                             \
    "https://www.googleapis.com/auth/calendar.freebusy"
#define DESK_GOOGLE_SHEETS "https://www.googleapis.com/auth/spreadsheets"

enum desk_google_end {
    DESK_GOOGLE_OK,
    DESK_GOOGLE_LIMITED,   /* 429, or 403 for its limits: not done; wait_ms, 0 = not said */
    DESK_GOOGLE_DOWN,      /* surely not done: it was not reached */
    DESK_GOOGLE_LOST,      /* done or not: no answer, 5xx, or one that cannot be read */
    DESK_GOOGLE_RECONNECT, /* invalid_grant, or 401 with a fresh token: the owner must connect anew;
                              trying again is of no use */
    DESK_GOOGLE_DENIED,    /* 403: not this account's to do */
    DESK_GOOGLE_MISSING,   /* 404 */
    DESK_GOOGLE_EXISTS,    /* 409: that id is there already */
    DESK_GOOGLE_GONE,      /* 410: deleted already; of a list: its syncToken is worth no more */
    DESK_GOOGLE_CHANGED,   /* 412: not as it was when we read it */
    DESK_GOOGLE_REFUSED,   /* another 4xx: what we ask is wrong */
    DESK_GOOGLE_SETUP,     /* our own settings: no client id, a key that is none */
    DESK_GOOGLE_END__MAX
};

struct desk_google_result {
    enum desk_google_end end;
    int http;        /* status; 0 = no reply */
    char reason[48]; /* Google's word: "rateLimitExceeded"; "" */
    int64_t wait_ms; /* as asked by Retry-After, an hour at most */
    char why[300];   /* a sentence for a person; "" when OK */
};

/* Who asks. Strings are borrowed. */
struct desk_google_account {
    const char *token_url; /* https://oauth2.googleapis.com/token */
    const char
        *service_key; /* the key file's JSON; NULL = the owner's consent, by the next three */
    const char *client_id, *client_secret, *refresh_token;
    const char *scope; /* space between; of a service account what is asked for */
};

/* ---- tokens (google_auth.c) ------------------------------------------------------------------ */

/* A token good for two minutes at least, from this process's store or from Google; one request for
 * one account at a time, who asks meanwhile waits for it. Never LOST. 20 s at most. */
enum desk_google_end desk_google_token(const struct desk_google_account *who,
                                       char out[DESK_GOOGLE_TOKEN_LEN],
                                       struct desk_google_result *r);
/* That one was refused: the next asks Google. */
void desk_google_token_drop(const struct desk_google_account *who, const char *token);

/* The signed claim of a service account (RS256), good for an hour from a little before now. False:
 * r says what is wrong with the key (never with a part of it). */
bool desk_google_assertion(const struct desk_google_account *who, int64_t now_ms,
                           struct desk_buf *out, struct desk_google_result *r);
/* Is it a service account's key, and whose? email may be NULL. */
bool desk_google_service_email(const char *service_key, char *email, size_t n);

/* ---- an owner's consent (facts 1.3) ---------------------------------------------------------- */

struct desk_google_consent {
    const char *auth_url, *client_id, *redirect_uri, *scope, *state;
    const char *verifier; /* 43 to 128 characters of A-Z a-z 0-9 - . _ ~; only its hash goes out */
};
/* Appends the address the owner's browser is sent to. */
void desk_google_consent_url(const struct desk_google_consent *c, struct desk_buf *out);

/* The code that came back for a refresh token; who->refresh_token is not read. scope (n bytes):
 * what was granted, which may be less than was asked for. A code is good once: RECONNECT = ask
 * anew. */
enum desk_google_end desk_google_exchange(const struct desk_google_account *who, const char *code,
                                          const char *verifier, const char *redirect_uri,
                                          char refresh[DESK_GOOGLE_TOKEN_LEN], char *scope,
                                          size_t n, struct desk_google_result *r);
/* Takes a grant back. OK also when Google does not know it any more. */
enum desk_google_end desk_google_revoke(const char *revoke_url, const char *token,
                                        struct desk_google_result *r);

/* ---- requests (google.c) --------------------------------------------------------------------- */

struct desk_google_request {
    const struct desk_google_account *who;
    const char *method, *url;
    const json_t *body;   /* NULL = none */
    const char *if_match; /* ETag, or NULL */
    bool safe;            /* reading, or done twice is as good as once: a lost answer is DOWN */
    long timeout_ms;      /* 0 = 15000 */
};
/* With a token; after a 401 once more with a fresh one. *answer: what it says, a new reference, or
 * NULL. Always fills *r; returns r->end. */
enum desk_google_end desk_google_send(const struct desk_google_request *q, json_t **answer,
                                      struct desk_google_result *r);

/* For results: how it ended, and why. Returns end. */
__attribute__((format(printf, 3, 4))) enum desk_google_end
desk_google_ended(struct desk_google_result *r, enum desk_google_end end, const char *fmt, ...);
const char *desk_google_end_name(enum desk_google_end end); /* "limited"; for logs */

/* No answer, or one with that status: what it means. Used by google_auth.c, too. */
enum desk_google_end desk_google_read(const struct desk_http_reply *reply, bool safe,
                                      const json_t *body, struct desk_google_result *r);

#endif
