/* Notes from the helper threads to the loop. A thread never holds a pointer into the tree of calls:
 * it answers with the call's handle, and the loop looks whether that call still is. */
#ifndef BRIDGE_INBOX_H
#define BRIDGE_INBOX_H

#include "ws-bridge/fifo.h"

#include "base/arena.h"
#include "base/err.h"
#include "store/calls.h"
#include "store/settings.h"

#include <stdbool.h>
#include <stdint.h>

struct ev_loop;

/* What the database said about a stream's token. Owns its arena. */
struct claim {
    struct desk_arena *arena;
    struct desk_call call;
    const char *instructions, *greeting, *language;
    const char *day; /* YYYY-MM-DD where the business is, when the call began */
    struct desk_tenant_settings settings;
};
void claim_free(struct claim *c);

enum note_kind {
    NOTE_CLAIMED, /* rc, claim */
    NOTE_ENDED,   /* the stream's end is written (or could not be: rc) */
    NOTE_TOOL,    /* seq, text = result, leave, next */
    NOTE_ADDRESS, /* the resolver has one, or rc */
    NOTE__MAX
};

struct note {
    struct fifo_node node;
    enum note_kind kind;
    uint64_t call; /* handle */
    enum desk_rc rc;
    struct claim *claim;
    uint32_t seq;
    char *text;
    bool leave;
    char next[16];
};

struct inbox;
/* deliver is called on the loop; the note stays the inbox's, but it may take claim or text out. */
struct inbox *inbox_new(struct ev_loop *loop, void (*deliver)(void *ctx, struct note *n),
                        void *ctx);
void inbox_free(struct inbox *in);                /* after the threads have ended */
void inbox_post(struct inbox *in, struct note n); /* any thread; takes claim and text */

#endif
