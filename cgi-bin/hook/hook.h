/* What the handlers of Twilio's webhooks share. Every one may come twice, late or out of order:
 * what they write is keyed by CallSid, RecordingSid or turn number, and a repeat gets the same
 * answer. A caller never hears an error: see fail.c. */
#ifndef HOOK_HOOK_H
#define HOOK_HOOK_H

#include "cgi-bin/web.h"
#include "core/hours.h"
#include "core/phone.h"
#include "base/limits.h"
#include "store/calls.h"
#include "store/results.h"
#include "wire/twiml.h"

#define HOOK_BUSY_MS 1500 /* longest wait for the database: Twilio waits 15 s, a caller less */

#define HOOK_THREADS  16 /* requests at a time */
#define HOOK_WAITERS  12 /* of them may wait for a turn that a model answers; the others poll */
#define HOOK_THINKERS 16 /* turns at a time that ask a model */

#define HOOK_LANGUAGE "en-US" /* spoken and listened for */

/* Words that several answers say. */
#define HOOK_ASK_MESSAGE "Please leave your message after the tone, and we will call you back."
#define HOOK_NOBODY      "I am sorry, nobody can take the call now. " HOOK_ASK_MESSAGE
#define HOOK_PUT_THROUGH "One moment, I am putting you through."

extern const struct desk_route hook_routes[];
extern struct desk_web hook_web;

/* ---- the request (call.c) -------------------------------------------------------------------- */

/* A field of the webhook as clean text; "" when missing or longer than its row allows. */
const char *hook_text(const struct desk_request *req, const char *name);

/* Absolute URL of ours, in the arena. */
const char *hook_url(const struct desk_request *req, const char *path);

/* The call of this webhook, with req->tenant and req->location. load: DESK_ENOTFOUND when the
 * CallSid is not known. ensure: makes the row if there is none (found by To: DESK_ENOTFOUND when
 * the number is nobody's); *fresh (may be NULL) says whether it was made now. DESK_EINVAL: no
 * usable CallSid. */
DESK_MUST enum desk_rc hook_call_load(struct desk_request *req, struct desk_call *c);
/* The same by another call's SID than the webhook's own: the callee's leg has one, too. */
DESK_MUST enum desk_rc hook_call_load_sid(struct desk_request *req, const char *sid,
                                          struct desk_call *c);
DESK_MUST enum desk_rc hook_call_ensure(struct desk_request *req, struct desk_call *c, bool *fresh);

/* req->tenant, req->location and req->business of a row that names them; to: our number. */
DESK_MUST enum desk_rc hook_place_load(struct desk_request *req, const char *tenant_id,
                                       const char *location_id, const char *to);

/* Did the caller leave already (as this webhook or the row says)? */
bool hook_caller_gone(const struct desk_request *req, const struct desk_call *c);

/* A line of the call's timeline, in the running transaction. */
DESK_MUST enum desk_rc hook_event(struct desk_request *req, const struct desk_call *c,
                                  const char *kind, const char *name, const char *detail,
                                  const char *dedupe);

/* Put the call on a lower rung and say so in the timeline, in a transaction of its own. */
DESK_MUST enum desk_rc hook_step_down(struct desk_request *req, struct desk_call *c,
                                      const char *mode, const char *why);

/* ---- answers (answer.c) ---------------------------------------------------------------------- */

void hook_say(struct desk_twiml *t, const char *text); /* in the house's voice; NULL adds nothing */

/* A sentence the business wants to be heard before anything else ("This call is recorded."), in the
 * arena; NULL = none. */
const char *hook_consent(struct desk_request *req);

/* The document as reply; t is cleared. */
DESK_MUST enum desk_rc hook_send(struct desk_request *req, struct desk_twiml *t);

DESK_MUST enum desk_rc hook_answer_nothing(struct desk_request *req); /* the caller has gone */
DESK_MUST enum desk_rc hook_answer_done(struct desk_request *req);    /* 204, for callbacks */
DESK_MUST enum desk_rc hook_answer_unknown(struct desk_request *req); /* not our number */
DESK_MUST enum desk_rc hook_answer_goodbye(struct desk_request *req, const char *text);

/* Say, then take a message; what follows is /voice/voicemail-done (or /voice/message-said). text
 * NULL: the usual words. */
DESK_MUST enum desk_rc hook_answer_record(struct desk_request *req, struct desk_call *c,
                                          const char *text);

/* What the row says comes next. said: words that lead over already, or NULL. */
DESK_MUST enum desk_rc hook_answer_next(struct desk_request *req, struct desk_call *c,
                                        const char *said);

/* Connect the stream (or the relay's session, or ask by questions), as the call's mode says. */
DESK_MUST enum desk_rc hook_connect(struct desk_request *req, struct desk_call *c);

/* ---- ringing people (ring.c) ----------------------------------------------------------------- */

#define HOOK_RING_S   20 /* how long a phone rings: a carrier's mailbox takes over later */
#define HOOK_DECLINED "ring_declined"

/* Are people rung before anybody else answers ("staff_first", "off"), at this hour? */
bool hook_rings_first(const struct desk_request *req);

/* Say (NULL = nothing), then ring: target is "owner", "on_call", a ring group, a person's name, or
 * a number.
 * Nobody who may be rung: a recorded message. What follows is /voice/dial-done. */
DESK_MUST enum desk_rc hook_answer_ring(struct desk_request *req, struct desk_call *c,
                                        const char *target, const char *said);
DESK_MUST enum desk_rc hook_ring_declined(struct desk_request *req, const struct desk_call *c,
                                          bool *yes);

/* Somebody of the business calls back: unless that is promised already. In a transaction. */
DESK_MUST enum desk_rc hook_promise(struct desk_request *req, const struct desk_call *c,
                                    const char *reason);

/* Verbs alone, for answers without a row (fail.c). transcribe: Twilio shall write it down. */
void hook_verb_message(const struct desk_request *req, struct desk_twiml *t, bool transcribe);
void hook_verb_dial(const struct desk_request *req, struct desk_twiml *t, const char *to,
                    const char *caller_id);

/* ---- recordings (record.c) ------------------------------------------------------------------- */

/* Note on the timeline that the consent line is said (NULL or "": there is none), and whether
 * Twilio is to record the call. In the running transaction. */
DESK_MUST enum desk_rc hook_record_note(struct desk_request *req, const struct desk_call *c,
                                        const char *consent, bool *twilio);
void hook_record_verb(const struct desk_request *req, struct desk_twiml *t);

/* The row of a recording that Twilio keeps, in the running transaction. kind: DESK_REC_…; a repeat
 * changes nothing. */
DESK_MUST enum desk_rc hook_record_insert(struct desk_request *req, const struct desk_call *c,
                                          const char *kind, const char *sid, int64_t seconds);
/* Have its sound fetched onto this machine, if that is wanted, in the running transaction; once a
 * recording. ready: Twilio says that it is there; else it is given a moment. */
DESK_MUST enum desk_rc hook_record_fetch(struct desk_request *req, const struct desk_call *c,
                                         const char *sid, bool ready);
/* The report of a whole call's recording. DESK_DONE: it names none. */
DESK_MUST enum desk_rc hook_record_keep(struct desk_request *req, const struct desk_call *c);

/* ---- the turn-based talk (talk.c) ------------------------------------------------------------ */

/* Begin it, carrying on from what this call has said already; or, if it runs, its page again. */
DESK_MUST enum desk_rc hook_talk_page(struct desk_request *req, struct desk_call *c);

/* One input of turn n (n < 0: whichever is next); an old turn's number gets the last page again. A
 * turn that is still thought about gets a page that says so and asks again: for the w-th time. */
DESK_MUST enum desk_rc hook_talk_turn(struct desk_request *req, struct desk_call *c, int64_t n,
                                      int64_t w, const char *digits, const char *speech);

/* ---- the owner's own call (owner.c) ---------------------------------------------------------- */

/* Ask for the PIN, or go on from where it stands. DESK_DONE: it is answered as anybody's call. */
DESK_MUST enum desk_rc hook_owner_call(struct desk_request *req, struct desk_call *c);

/* ---- what the owner wants of a call (told.c) ------------------------------------------------- */

/* While no bridge leads it: put them through, take a message, hang up. What is asked for goes into
 * the row, so that hook_answer_next() does it; *told: it was something. *said: words that lead
 * over, or NULL. */
DESK_MUST enum desk_rc hook_told(struct desk_request *req, struct desk_call *c, bool *told,
                                 const char **said);
/* Say, before the page's own words, what the owner wants said; and once that page has been heard to
 * its end, note that it was. */
DESK_MUST enum desk_rc hook_told_heard(struct desk_request *req, const struct desk_call *c);
DESK_MUST enum desk_rc hook_told_say(struct desk_request *req, struct desk_twiml *t,
                                     const struct desk_call *c);

/* ---- ConversationRelay (relay.c) ------------------------------------------------------------- */

/* <ConversationRelay>, open: <Parameter>s go in. In <Connect>. */
void hook_relay_open(struct desk_request *req, struct desk_twiml *t, const struct desk_call *c,
                     const char *url);
/* Take what the <Connect> action says of a relay session (if it does) into the timeline and, where
 * the row says nothing, into c. */
void hook_relay_over(struct desk_request *req, struct desk_call *c);

/* ---- texts to the caller (text.c) ------------------------------------------------------------ */

/* In the running transaction, after a message of this call was kept: a text to the caller that we
 * have it goes into the outbox, if the business wants that and the number can take one; once a
 * call. Why not is a line of the timeline. text: its words (hook_text_words()), NULL = none. */
DESK_MUST enum desk_rc hook_text_caller(struct desk_request *req, const struct desk_call *c,
                                        const char *text);

/* The words of that text, in the arena; NULL when none is to be sent or they cannot be made. Reads
 * a template: call it before the transaction. */
const char *hook_text_words(struct desk_request *req);

/* In the running transaction, after message m of this call was kept: a text to the owner, if wanted
 * and possible; once a message. One whose words may still come waits for them a while. */
DESK_MUST enum desk_rc hook_text_owner(struct desk_request *req, const struct desk_call *c,
                                       const struct desk_message *m);
/* Its words have come: that text may go. In the running transaction. */
DESK_MUST enum desk_rc hook_text_owner_go(struct desk_request *req, const struct desk_call *c,
                                          const struct desk_message *m);

/* ---- messages (voice_voicemail.c) ------------------------------------------------------------ */

/* RecordingSid, or the last part of RecordingUrl, which is the same; NULL when there is neither. */
const char *hook_recording_sid(struct desk_request *req);
/* The message of that recording, and all that comes with it, in the running transaction. Whichever
 * webhook of it comes first makes it; a later one adds what was not known (its length). words: of
 * the text to the caller (hook_text_words()), or NULL. */
DESK_MUST enum desk_rc hook_message_keep(struct desk_request *req, const struct desk_call *c,
                                         const char *sid, const char *words);

/* What a caller says is looked through for emergencies, with all that was said before, in the
 * running transaction. piece: what is not among the call's turns; "" = nothing (watch.c). */
DESK_MUST enum desk_rc hook_watch(struct desk_request *req, const struct desk_call *c,
                                  const char *piece);

/* ---- when things fail (fail.c) --------------------------------------------------------------- */

/* Remember whom to ring for this number, should the database fail later. Thread-safe. */
void hook_remember_owner(const char *to, const char *owner_phone);
void hook_fail(struct desk_request *req, enum desk_rc rc);

/* ---- pages ----------------------------------------------------------------------------------- */
desk_handler hook_voice_incoming, hook_voice_next, hook_voice_turn, hook_voice_dial_done,
    hook_voice_voicemail, hook_voice_voicemail_done, hook_voice_message_said,
    hook_voice_recording_status, hook_voice_transcription, hook_voice_status,
    hook_voice_stream_status, hook_sms_status, hook_sms_incoming, hook_voice_whisper,
    hook_voice_whisper_key, hook_voice_owner, hook_ring_me, hook_ring_me_key, hook_ring_me_done,
    hook_ring_me_status, hook_reminder, hook_reminder_key, hook_reminder_machine,
    hook_reminder_status, hook_reminder_change, hook_telegram;

#endif
