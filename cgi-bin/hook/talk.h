/* Inside of the turn-based talk by webhooks: what talk.c (the course of a turn), talk_page.c (its
 * pages) and think.c (threads that think) share. How a talk is kept and a turn is answered:
 * talk/talk.h.
 *
 * A turn goes: claimed with the caller's input (store/talk_turns.h) → answered, by the rules in the
 * request's own thread or by a model in one of think.c → the answer is written by whoever holds the
 * claim, and the page is made from the row. A request whose answer takes longer says so to the
 * caller and sends Twilio round to ask again (?n=N&w=W); a holder that died is taken over by the
 * rules. So any request of a turn, the first, a repeated one, or one of another process, ends at
 * the same page. */
#ifndef HOOK_TALK_H
#define HOOK_TALK_H

#include "cgi-bin/hook/hook.h"
#include "talk/talk.h"

/* ---- talk_page.c ----------------------------------------------------------------------------- */
DESK_MUST enum desk_rc talk_page(struct desk_request *req, struct desk_call *c,
                                 const struct desk_talk *k);
/* Not answered yet: words that it goes on (the w-th time), and ask again. pause: no thread of ours
 * may wait for it, so Twilio does. */
DESK_MUST enum desk_rc talk_wait_page(struct desk_request *req, int64_t n, int64_t w, bool pause);

/* ---- think.c --------------------------------------------------------------------------------- */

/* Let a thread of its own answer it. DESK_EBUSY: too many are waiting, or the process ends. */
DESK_MUST enum desk_rc think_push(const struct desk_talk_job *job);
/* The same for the texts that wait in a conversation (talk/text_in.h). brain: NULL = as the
 * business wants. */
DESK_MUST enum desk_rc think_push_texts(const char *tenant_id, const char *session_id,
                                        const struct desk_brain *brain);
/* Until some turn was answered in this process, ms at most. */
void think_wait(int64_t ms);
/* May one more request wait? Each true is followed by think_waited(). */
bool think_may_wait(void);
void think_waited(void);
/* Does the process end? Waits for that, ms at most. */
bool think_stopping(int64_t ms);
/* Running turns are answered at once by the rules; waits for them ms at most. */
void think_stop(int64_t ms);

/* ---- keep.c ---------------------------------------------------------------------------------- */

/* A thread that has texts answered whose own is gone. It ends after think_stop(). */
void keep_start(void);
void keep_stop(void);

#endif
