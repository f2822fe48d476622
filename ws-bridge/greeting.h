/* Greetings kept as sound: DATA/greetings/<name>.ulaw, raw µ-law at 8 kHz, as the model spoke them.
 * The name is made of everything the sound depends on, so that another voice, engine or text is
 * another file; old ones go by themselves. They hold nothing about a caller. The files are read and
 * written by the scribe's thread; all here that touches them blocks. */
#ifndef BRIDGE_GREETING_H
#define BRIDGE_GREETING_H

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

#define GREETING_NAME 65

/* The file's name of a text, spoken by that engine and voice. */
void greeting_name(char out[GREETING_NAME], const char *engine, const char *voice,
                   const char *text);

/* Its sound behind what out holds already. False: there is none. */
bool greeting_read(const char *name, struct desk_buf *out);

/* Write it whole or not at all, and let only the newest DESK_MAX_GREETINGS stay. sound: base64
 * pieces, one a line. DESK_EINVAL: not base64, or nothing. */
DESK_MUST enum desk_rc greeting_write(const char *name, const char *sound);

/* Are these the words of the greeting? Letters and digits count. Pure. */
bool greeting_is(const char *greeting, const char *words);

#endif
