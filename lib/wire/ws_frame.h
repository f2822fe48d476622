/* WebSocket frames (RFC 6455, section 5), as bytes: no socket, no memory of its own. What reads
 * them gets them cut anywhere; a payload is handed out where it lies, as far as it has come, and is
 * never copied. Whether text is UTF-8 is left to who reads it (ours is JSON). No extensions: a
 * reserved bit is an error. */
#ifndef DESK_WIRE_WS_FRAME_H
#define DESK_WIRE_WS_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum desk_ws_opcode {
    DESK_WS_OP_CONTINUATION = 0,
    DESK_WS_OP_TEXT = 1,
    DESK_WS_OP_BINARY = 2,
    DESK_WS_OP_CLOSE = 8,
    DESK_WS_OP_PING = 9,
    DESK_WS_OP_PONG = 10,
};

#define DESK_WS_HEAD_MAX    14  /* bytes in front of a payload, at most */
#define DESK_WS_CONTROL_MAX 125 /* bytes of a ping, a pong or a close frame */

/* Close codes (section 7.4) of our own. */
#define DESK_WS_NORMAL   1000
#define DESK_WS_PROTOCOL 1002

/* ---- reading --------------------------------------------------------------------------------- */

/* One direction of one socket. Zeroed, with masked set: ready for a frame's first byte. */
struct desk_ws_in {
    bool masked; /* the peer is a client: its frames must be masked, a server's must not */
    bool open;   /* within a message of several frames */
    bool binary; /* … of bytes, not text */
    bool bad;    /* sticky: where the next frame would begin is not known */
    bool final;  /* of the frame being read, as are the rest */
    uint8_t opcode, n_head, n_control;
    uint8_t mask[4];
    uint64_t at, left; /* bytes of its payload that came, and are to come */
    uint8_t head[DESK_WS_HEAD_MAX], control[DESK_WS_CONTROL_MAX];
};

enum desk_ws_kind {
    DESK_WS_MORE,  /* everything was used; more must come */
    DESK_WS_PIECE, /* of a message: n bytes, maybe 0; last = the message is whole with it */
    DESK_WS_PING,  /* a whole control frame, its payload is p and n … */
    DESK_WS_PONG,
    DESK_WS_CLOSE, /* … whose first two bytes are the code, if there are any */
    DESK_WS_BAD,   /* against the rules: the connection is to be failed with 1002 */
};

struct desk_ws_event {
    const char *p; /* in the bytes given, or in the reader (control frames): till the next call */
    size_t n;
    bool last, binary;
};

/* What comes next in the bytes from *at up to end. Moves *at behind what was used, and unmasks in
 * place. Call it until it says MORE (or BAD, which it then says always). */
enum desk_ws_kind desk_ws_next(struct desk_ws_in *in, uint8_t **at, const uint8_t *end,
                               struct desk_ws_event *ev);

/* The code of a close frame's payload; 0 if it has none. */
unsigned desk_ws_close_code(const char *p, size_t n);

/* May that code stand in a close frame? Those of the RFC and IANA's list that may, and 3000-4999.
 */
bool desk_ws_close_may(unsigned code);

/* ---- writing --------------------------------------------------------------------------------- */

/* The head of an unfragmented frame with n bytes of payload, put right in front of payload, where
 * DESK_WS_HEAD_MAX bytes must be free. mask: NULL for a server's, else 4 unforeseeable bytes, and
 * the payload is masked in place. Returns the head's length. */
size_t desk_ws_frame(uint8_t *payload, size_t n, enum desk_ws_opcode opcode, const uint8_t *mask);

#endif
