/* Recording of calls: the loop says what was heard when, a thread writes it to the disk.
 *
 * One timeline, in samples since the stream began (8 = 1 ms). The caller's frames lie where their
 * time stamps say; what was lost is silence. Ours lie where the caller hears them: an audio message
 * begins when all before it is played, and what was cleared before it was heard is taken out again.
 * What the network's delay is, and how two clocks drift apart, is learned from the frames that came
 * quickest, so that both sides fit together to within a frame.
 *
 * The loop copies sound into small blocks (80 ms) and hands them over without waiting. The thread
 * takes them ten times a second and writes pieces of 160 ms (store/recording_file.h). What waits is
 * bounded: DESK_MAX_REC_WAIT_MS for one recording, DESK_MAX_REC_WAIT for all. Policy: who passes
 * that, or meets a full or failing disk, is not recorded any further; what was written stays, the
 * call hears nothing of it, and the loop is told (NOTE_REC_STOPPED). Our own part of the disk ends
 * RECORD_FREE_MB before it is full: the database needs the rest.
 *
 * On the disk: nothing is forced to it while a call runs, so a process that is killed loses what
 * the thread had not written (under a second), a machine that loses power what the kernel had not
 * (half a minute); at its end a recording is brought to the disk before its row says that it is
 * ready. */
#ifndef BRIDGE_RECORDER_H
#define BRIDGE_RECORDER_H

#include "ws-bridge/inbox.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct desk_key;
struct recorder;
struct recording; /* of one stream; the loop's until recorder_end() or recorder_drop() */

/* key and inbox outlive it. */
struct recorder *recorder_new(struct inbox *inbox, const struct desk_key *key);
/* Writes what waits for max_ms at most. False: the thread hangs in the disk; nothing is freed. */
bool recorder_free(struct recorder *r, int max_ms);

/* The stream begins now (monotonic ms). What comes before recorder_go() is kept for a few seconds
 * and for nobody. NULL: no memory. */
struct recording *recorder_begin(struct recorder *r, uint64_t call, int64_t now_ms);
/* It may be recorded, as that: ms, bytes and cut are not looked at. */
void recorder_go(struct recording *rec, const struct recorded *about);
/* It may not, or is not wanted: forgets it. NULL is fine. */
void recorder_drop(struct recording *rec);

/* n bytes from the caller, which came now; stamp_ms: the frame's own time, 0 = it has none. */
void recorder_caller(struct recording *rec, const uint8_t *ulaw, size_t n, uint64_t stamp_ms,
                     int64_t now_ms);
/* n bytes of ours, which will be heard from play_ms on (monotonic). */
void recorder_desk(struct recording *rec, const uint8_t *ulaw, size_t n, int64_t play_ms);
/* What is not heard yet never will be. */
void recorder_cut(struct recording *rec, int64_t now_ms);
/* The stream is over → NOTE_RECORDED (not before recorder_go(): then it is dropped). NULL is fine.
 */
void recorder_end(struct recording *rec, int64_t now_ms);

#endif
