/* What the pages of voice sessions share: /v1/voice/session/… (voice_session.c) and /telephony/…
 * (telephony.c) are two doors to the same conversation (talk/session.h). */
#ifndef API_SESSION_H
#define API_SESSION_H

#include "cgi-bin/web.h"
#include "core/voice_body.h"
#include "out/hear.h"
#include "out/tts.h"
#include "talk/session.h"

#define API_THREADS 16 /* requests at a time */
#define API_TALKERS 12 /* of them may wait for ears, a model or a mouth: the others stay quick */

/* Ears and mouth: tests put their own in their place. */
extern const struct desk_hear *api_ears;
extern const struct desk_tts *api_mouth;

/* The process ends: turns that are thought about are answered at once. */
void api_session_stop(void);

/* One input, as its request brought it. */
struct session_input {
    enum desk_brain_event event;
    const char *text;  /* of words and keys */
    const void *sound; /* a WAV to be heard; NULL = none */
    size_t sound_len;
    const char *reply_audio, *reply_voice; /* "" = as the session has it */
};

/* ---- session_body.c: what a request says ------------------------------------------------------
 */

/* The JSON body. Failures have req->body_errors, detail, and the status they need. */
DESK_MUST enum desk_rc session_body(struct desk_request *req, enum desk_vb_kind kind,
                                    struct desk_voice_body *out);
/* The input in it; and one that is sound alone, by its content type. DESK_DONE: the body is JSON.
 */
DESK_MUST enum desk_rc session_input_of(struct desk_request *req, const struct desk_voice_body *b,
                                        struct session_input *out);
DESK_MUST enum desk_rc session_input_raw(struct desk_request *req, struct session_input *out);
/* Idempotency-Key, hashed; what: which kind of request, so that kinds do not meet. */
DESK_MUST enum desk_rc session_key(struct desk_request *req, const char *what,
                                   struct desk_vs_key *out);
/* A wrong value at that place. Returns DESK_EINVAL. */
enum desk_rc session_wrong(struct desk_request *req, const char *pointer, const char *message);

/* ---- session_turn.c: doing it -----------------------------------------------------------------
 */

struct session_made {
    struct desk_vs vs;
    int64_t n;          /* turn that was answered; 0 = the greeting */
    const char *heard;  /* what was understood of sound, or NULL */
    const char *missed; /* words that were not heard before these, or NULL */
};

/* May this request wait for others? Each true is followed by session_leave(). */
bool session_enter(struct desk_request *req);
void session_leave(void);

/* Begin one for the business of the token. DESK_DONE: it is there already. */
DESK_MUST enum desk_rc session_open(struct desk_request *req, const struct desk_voice_body *b,
                                    const char *channel, const char *outside_key, const char *audio,
                                    struct session_made *m);
/* One input of m->vs. */
DESK_MUST enum desk_rc session_turn(struct desk_request *req, struct session_made *m,
                                    const struct session_input *in);
DESK_MUST enum desk_rc session_end(struct desk_request *req, struct session_made *m,
                                   const char *outcome);

/* ---- session_reply.c --------------------------------------------------------------------------
 */

/* The session and our words of turn m->n, as sound too when it is wanted: audio and voice NULL or
 * "" = as the session has them. */
DESK_MUST enum desk_rc session_reply(struct desk_request *req, int status,
                                     const struct session_made *m, const char *audio,
                                     const char *voice);

#endif
