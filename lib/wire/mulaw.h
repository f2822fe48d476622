/* G.711 µ-law, 8 kHz mono: what Twilio Media Streams and "audio/pcmu" carry. One byte is 1/8 ms.
 * Pure, thread-safe, never blocks. */
#ifndef DESK_WIRE_MULAW_H
#define DESK_WIRE_MULAW_H

#include <stddef.h>
#include <stdint.h>

#define DESK_MULAW_RATE    8000 /* samples, and bytes, per second */
#define DESK_MULAW_PER_MS  8
#define DESK_MULAW_SILENCE 0xff /* the byte that decodes to 0 */

/* n samples each way; the arrays may not overlap. Samples are 16-bit linear, full scale. */
void desk_mulaw_decode(int16_t *out, const uint8_t *in, size_t n);
void desk_mulaw_encode(uint8_t *out, const int16_t *in, size_t n);

/* One sample. */
int16_t desk_mulaw_to_linear(uint8_t u);
uint8_t desk_mulaw_from_linear(int16_t s);

/* Level of n bytes in dB relative to full scale, 0 (loudest) to -96 (digital silence or n = 0):
 * root mean square, mean removed. Speech on a telephone line is around -30 to -15. */
double desk_mulaw_level_db(const uint8_t *in, size_t n);

/* The same for linear samples. */
double desk_pcm_level_db(const int16_t *in, size_t n);

#endif
