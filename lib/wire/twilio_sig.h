/* X-Twilio-Signature: sign and verify. Base64(HMAC-SHA1(auth token, URL + sorted form fields)).
 *
 * Rules (Twilio "Security" and "Webhooks security" pages, npm twilio 6.2.0, checked with vectors):
 * the URL is the configured public one with raw path and query; userinfo and fragment are not
 * signed; the port may or may not be; names sort by bytes, repeated values are unique and sorted;
 * nothing is trimmed; GET and WebSocket upgrades sign the URL alone; a JSON body is bound by
 * bodySHA256=<hex> in the query. Pure computation, never blocks, thread-safe. */
#ifndef DESK_WIRE_TWILIO_SIG_H
#define DESK_WIRE_TWILIO_SIG_H

#include "base/err.h"
#include "wire/form.h"

#include <stdbool.h>
#include <stddef.h>

#define DESK_TWILIO_SIG_LEN    29 /* 28 characters and the NUL */
#define DESK_TWILIO_URL_TRIED  512
#define DESK_TWILIO_CANDIDATES 8 /* most URL forms one verification tries */

/* Sign url as it stands, and form (or NULL) appended. DESK_EINTERNAL when libcrypto refuses,
 * DESK_ENOMEM, DESK_ELIMIT when the text is absurdly long. */
DESK_MUST enum desk_rc desk_twilio_sign(const char *url, const struct desk_form *form,
                                        const char *token, char out[DESK_TWILIO_SIG_LEN]);

struct desk_twilio_check {
    const char *method; /* "GET", "POST" */
    const char *url;    /* PUBLIC_BASE_URL (or wss://…) + raw REQUEST_URI; never from Host */
    const struct desk_form *form; /* of a form POST, or NULL. Not looked at for GET and wss */
    const void *body;             /* raw bytes; bound by bodySHA256 when there is no form */
    size_t body_len;
    const char *content_type;  /* or NULL; JSON switches to the body rule even if form is given */
    const char *signature;     /* the header, or NULL */
    const char *const *tokens; /* auth tokens that may have signed; NULL and "" are skipped */
    size_t n_tokens;
};

/* What was tried, for `frontdesk doctor signature`. */
struct desk_twilio_tried {
    char url[DESK_TWILIO_URL_TRIED]; /* cut if longer */
    size_t token;                    /* index into tokens */
    bool ok;
};

/* DESK_OK: genuine. DESK_EINVAL: no signature header (HTTP 400). DESK_EAUTH: does not match, or a
 * body that nothing binds (403). DESK_EINTERNAL: no token configured, or libcrypto failed.
 * Every candidate is computed and compared in constant time, also after a hit.
 * tried: room for max entries, or NULL; *n_tried = how many were filled. */
DESK_MUST enum desk_rc desk_twilio_verify(const struct desk_twilio_check *check,
                                          struct desk_twilio_tried *tried, size_t max,
                                          size_t *n_tried);

#endif
