/* Notes from the helper threads to the loop. A thread never holds a pointer into the tree of calls:
 * it answers with the call's handle, and the loop looks whether that call still is. */
#ifndef BRIDGE_INBOX_H
#define BRIDGE_INBOX_H

#include "ws-bridge/fifo.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/ids.h"
#include "base/limits.h"
#include "store/calls.h"
#include "store/live.h"
#include "store/recording_file.h"
#include "store/settings.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct ev_loop;
struct brain_result;

/* What the database said about a stream's token. Owns its arena. */
struct claim {
    struct desk_arena *arena;
    struct desk_call call;
    const char *instructions, *greeting, *language;
    json_t *tools;     /* that its business offers; borrowed: changed and released by nobody */
    json_t *own_tools; /* the same, if they are only this call's; else NULL */
    const char *day;   /* YYYY-MM-DD where the business is, when the call began */
    struct desk_tenant_settings settings;
    char script_version[16];        /* of the instructions */
    int64_t consent_at;             /* when the consent line was spoken, 0 = it was not */
    bool greeting_for_all;          /* it does not name the caller */
    char greeting_name[72];         /* of its sound (greeting.h), "" = it is not kept */
    struct desk_buf greeting_sound; /* µ-law, empty = there is none yet */
};
void claim_free(struct claim *c);

/* A recording of ours: what its row says. */
struct recorded {
    char tenant_id[DESK_ID_LEN], call_id[DESK_ID_LEN], id[DESK_ID_LEN], path[DESK_REC_PATH];
    char consent[16];
    int64_t consent_at, started_at; /* UTC ms */
    int64_t ms, bytes;              /* 0 = nothing can be heard */
    char cut[16];                   /* why it ends early, or "" */
};

/* What somebody of the business asks of a call that runs (store/live.h). */
struct ordered {
    char id[DESK_ID_LEN], call_id[DESK_ID_LEN];
    char kind[12];
    char text[4 * DESK_LIVE_SAY_MAX + 1], phone[24];
};

enum note_kind {
    NOTE_CLAIMED,     /* rc, claim */
    NOTE_ENDED,       /* the stream's end is written (or could not be: rc) */
    NOTE_TOOL,        /* seq, text = result, ok, leave, next */
    NOTE_ADDRESS,     /* the resolver has one, or rc */
    NOTE_REC_STOPPED, /* text = why the call is not recorded any further */
    NOTE_RECORDED,    /* recorded; the call may be over long since */
    NOTE_BRAIN,       /* seq; text = words of an answer; last: it is complete, brain or rc */
    NOTE_DUE,         /* claim: a stream of that call is to come; none: that was all */
    NOTE_LEFT,        /* text = a call's id: it is over, as Twilio has told */
    NOTE_ORDER,       /* ordered */
    NOTE_LIVE, /* call = a viewer's handle; text = a message for it, rc = it may watch no more */
    NOTE_LED,  /* text = a call's id: led by another script; instructions (NULL = could not be
                  made), because, emergency, alarm */
    NOTE__MAX
};

struct note {
    struct fifo_node node;
    enum note_kind kind;
    uint64_t call; /* handle */
    enum desk_rc rc;
    struct claim *claim;
    struct recorded *recorded;
    struct ordered *ordered;
    uint32_t seq;
    char *text, *instructions;
    struct brain_result *brain;
    bool ok, leave, last;
    bool failed;           /* for a reason of our own */
    bool emergency, alarm; /* alarm: of the worst kind, to be taken up at once */
    char next[16];
    char because[DESK_MAX_BECAUSE];
};

struct inbox;
/* deliver is called on the loop; the note stays the inbox's, but it may take claim or text out. */
struct inbox *inbox_new(struct ev_loop *loop, void (*deliver)(void *ctx, struct note *n),
                        void *ctx);
void inbox_free(struct inbox *in); /* after the threads have ended */
/* Any thread; takes claim, recorded, ordered, brain, text and instructions. */
void inbox_post(struct inbox *in, struct note n);
void inbox_deliver(struct inbox *in); /* what there is, now: when the loop runs no more */

#endif
