/* The owner's pages. One file per address; what they share is declared here. */
#ifndef ADMIN_ADMIN_H
#define ADMIN_ADMIN_H

#include "cgi-bin/view.h"
#include "store/appointments.h"
#include "store/attention.h"
#include "store/calls.h"
#include "store/contacts.h"
#include "store/conversation.h"
#include "store/pictures.h"
#include "store/results.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

extern const struct desk_web admin_web;

desk_handler admin_more;
desk_handler admin_home, admin_login_page, admin_login, admin_logout, admin_calls, admin_call,
    admin_recording, admin_message_sound, admin_callback_done, admin_callback_open,
    admin_callback_ring, admin_message_done, admin_message_open, admin_callbacks,
    admin_callbacks_done, admin_callbacks_open, admin_exceptions, admin_exception_add,
    admin_exception_remove, admin_exception_back, admin_attention_mend, admin_attention_done,
    admin_call_name, admin_call_text, admin_call_erase, admin_call_erase_do, admin_call_print;
desk_handler admin_live, admin_live_calls, admin_live_ticket, admin_live_through, admin_live_say,
    admin_live_message, admin_live_hangup, admin_live_hangup_ask;
desk_handler admin_calendar_import, admin_calendar_drop, admin_calendar_read;
desk_handler admin_calendar, admin_google_connect, admin_google_callback, admin_google_disconnect;
desk_handler admin_own_page, admin_own_save, admin_telegram, admin_telegram_code,
    admin_telegram_unlink;
desk_handler admin_settings, admin_settings_page, admin_settings_save, admin_settings_dated,
    admin_settings_dated_drop, admin_settings_versions, admin_settings_back, admin_scripts,
    admin_script, admin_script_save, admin_script_version, admin_script_back, admin_tokens,
    admin_token_new, admin_token_revoke, admin_webhooks, admin_webhook_new, admin_webhook_remove,
    admin_webhook_test, admin_prices, admin_price_set, admin_price_remove, admin_texts, admin_text,
    admin_text_save, admin_connections, admin_connection_test, admin_chat, admin_chat_save,
    admin_chat_preview;

/* The call that an address names. DESK_ENOTFOUND also for one of another place than the one that
 * whoever is signed in is limited to. (act.c) */
DESK_MUST enum desk_rc admin_call_get(struct desk_request *req, const char *id,
                                      struct desk_call *out);
desk_handler admin_picture, admin_picture_small, admin_threads, admin_thread, admin_thread_send,
    admin_thread_answering, admin_thread_reach, admin_leads, admin_lead, admin_lead_set;
desk_handler admin_reports, admin_report_file;

/* ---- what is known about one call (facts.c) -------------------------------------------------- */

struct admin_facts {
    const struct desk_call *call;
    struct desk_contact contact; /* id NULL: not known */
    struct desk_callback *callbacks;
    struct desk_message *messages;
    struct desk_appointment *visits;
    struct desk_attention *undone; /* promised, and not done: open ones and those dealt with */
    size_t n_callbacks, n_messages, n_visits, n_undone;
    const char *owner;  /* who calls back: "Sal", or "You" */
    const char *name;   /* the caller's, or NULL */
    const char *number; /* to ring them at, E.164, or NULL */
    const char *who;    /* name, else number as people read it, else "Hidden number", … */
    const char *first;  /* "Dana", else "this caller" */
};

DESK_MUST enum desk_rc admin_facts_load(struct desk_request *req, const struct desk_call *call,
                                        struct admin_facts *f);

bool admin_running(const struct admin_facts *f);
const struct desk_callback *admin_open_callback(const struct admin_facts *f);
const struct desk_message *admin_new_message(const struct admin_facts *f);

/* A POST below /calls/:id (act.c): loads the call the address names, finds in its facts the row
 * that is named, too (NULL: there is none), acts on it in a transaction and leads back to the
 * call's page. */
typedef const void *admin_find_row(const struct desk_request *req, const struct admin_facts *f);
typedef enum desk_rc admin_change_row(struct desk_request *req, const struct admin_facts *f,
                                      const void *row);
DESK_MUST enum desk_rc admin_act(struct desk_request *req, admin_find_row *find,
                                 admin_change_row *change);

/* Where a form leads: the local page its field "back" names, else there. And the undo of what it
 * did, which leads there, too. (act.c) */
const char *admin_back(const struct desk_request *req, const char *otherwise);
const char *admin_undo(const struct desk_request *req, const char *path);

/* Something was promised and not done, and nobody has dealt with it. */
bool admin_undone(const struct admin_facts *f);

/* The caller was asked for a message, and none was recorded nor anything else kept. */
bool admin_message_missing(const struct admin_facts *f);

/* What happened, in a sentence: the summary, else made from what is on record. Never NULL. */
const char *admin_summary(struct desk_request *req, const struct admin_facts *f);

/* Tags, worst first. kind is the CSS class, icon the sprite's symbol. */
struct admin_tag {
    const char *word, *kind, *icon;
    bool (*holds)(const struct admin_facts *f);
};
/* The i-th tag that holds, or NULL. The 0th is the one for lists; there is always one. */
const struct admin_tag *admin_tag(const struct admin_facts *f, size_t i);

/* ---- parts of the call's page ---------------------------------------------------------------- */

/* Promised.*, ToDo.* (promises.c) */
DESK_MUST enum desk_rc admin_promises(struct desk_request *req, struct desk_view *v,
                                      const struct admin_facts *f);

/* A form on it that does not fit: which ("name", "text"), and what is wrong, a sentence. */
struct admin_wrong {
    const char *field, *sentence;
};
/* Change.*: what can be changed from it (call_do.c). w NULL: nothing was sent, or it fitted. */
DESK_MUST enum desk_rc admin_call_change(struct desk_request *req, struct desk_view *v,
                                         const struct admin_facts *f, const struct admin_wrong *w);
/* The page again, with what was typed. */
DESK_MUST enum desk_rc admin_call_wrong(struct desk_request *req, const struct admin_facts *f,
                                        const struct admin_wrong *w);

/* Waits.*: how long the caller waited for answers (waits.c) */
DESK_MUST enum desk_rc admin_waits(struct desk_request *req, struct desk_view *v,
                                   const struct desk_call *c);

/* One thing Frontdesk did during the call, in the words noted when it happened. */
struct admin_deed {
    int64_t at_ms, took_ms;
    const char *words;
    bool ok;
};

/* "check_stock" → "Check stock": for tools and events that nobody gave words to. NULL: no memory.
 * (deeds.c) */
const char *admin_plain_words(struct desk_arena *a, const char *name);

/* What was said and done, in order, and why. Lives in the arena. */
struct admin_story {
    struct desk_turn *turns;
    struct desk_event *events; /* without those that tell of deeds */
    struct admin_deed *deeds;
    size_t n_turns, n_events, n_deeds;
};
DESK_MUST enum desk_rc admin_story_load(struct desk_request *req, const struct desk_call *call,
                                        struct admin_story *s); /* deeds.c */
/* Said.*, Why.* (story.c) */
void admin_story_view(struct desk_request *req, struct desk_view *v, const struct admin_facts *f,
                      const struct admin_story *s);
/* The same as plain text, for /calls/:id.txt */
void admin_story_text(struct desk_request *req, const struct admin_facts *f,
                      const struct admin_story *s);

/* Recording.*, NotRecorded, and of each message Sound, NotHere, LengthMs (recording.c) */
DESK_MUST enum desk_rc admin_recording_view(struct desk_request *req, struct desk_view *v,
                                            const struct admin_facts *f,
                                            const struct admin_story *s);

/* Recording.{Seconds, Begins (ms after the call's beginning), Caller, Desk, Marks (paths), Shut (it
 * cannot be opened)}. (wave.c) */
struct desk_recording;
void admin_wave_view(struct desk_request *req, struct desk_view *v, const struct desk_call *c,
                     const struct desk_recording *r, const struct admin_story *s);

/* Came.*: leads, tickets, suppliers' notes (came.c) */
DESK_MUST enum desk_rc admin_came(struct desk_request *req, struct desk_view *v,
                                  const struct desk_call *c);

/* Pictures of texts (pictures.c). A picture's view: Id; Not (a sentence: it is not here), or Size,
 * Small, Download. */
void admin_picture_view(struct desk_request *req, struct desk_view *v, const char *prefix,
                        const struct desk_picture *p);
void admin_pictures_view(struct desk_request *req, struct desk_view *v, const char *list,
                         const struct desk_picture *rows, size_t n);
/* Pictures.* of a call or conversation */
DESK_MUST enum desk_rc admin_call_pictures(struct desk_request *req, struct desk_view *v,
                                           const struct desk_call *c);

/* Undone.*, Notes.*, Cost.* (after.c) */
DESK_MUST enum desk_rc admin_after(struct desk_request *req, struct desk_view *v,
                                   const struct admin_facts *f);

/* ---- who signs in ---------------------------------------------------------------------------- */

desk_handler admin_code_page, admin_code, admin_users, admin_user_invite, admin_user_role,
    admin_user_remove, admin_invite_drop, admin_join_page, admin_join, admin_you,
    admin_you_password, admin_you_totp, admin_you_totp_on, admin_you_totp_off, admin_you_codes,
    admin_you_session_end, admin_you_sessions_end, admin_audit, admin_audit_csv;

/* argon2id, two at a time. DESK_EBUSY: too many others are waiting. hash NULL: nobody's, which
 * takes as long. (password.c) */
DESK_MUST enum desk_rc admin_password_check(const char *hash, const char *password, bool *ok);
DESK_MUST enum desk_rc admin_password_hash(const char *password, char out[DESK_PASSWORD_HASH_LEN]);

/* Why that must not be anybody's password, a sentence; NULL: it may. */
const char *admin_password_wrong(const char *password, const char *login);

/* "Firefox on Android", in the arena; NULL: it does not tell. */
const char *admin_agent(const struct desk_request *req);

/* In a transaction: they are signed in, and led to a local address. (login.c) */
DESK_MUST enum desk_rc admin_enter(struct desk_request *req, const struct desk_user *u,
                                   const char *to);

/* "Owner", "Staff", "May only look". (users.c) */
const char *admin_role_label(const char *word);

/* A local address to go to after signing in; "/" for anything else. */
const char *admin_local_path(const char *path);

#endif
