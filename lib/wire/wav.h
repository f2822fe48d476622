/* Heads of WAV files that we write: of µ-law, what our recordings are when they leave the house
 * (format 7 at 8 kHz with the fact chunk that formats other than PCM need), and of 16-bit PCM.
 * Source: Microsoft "Multimedia Programming Interface and Data Specifications 1.0" (RIFF, fmt,
 * fact). Pure.
 */
#ifndef DESK_WIRE_WAV_H
#define DESK_WIRE_WAV_H

#include <stdint.h>

#define DESK_WAV_HEAD 58 /* RIFF 12, fmt 8 + 18, fact 8 + 4, data 8 */

/* The longest sound a WAV can hold, in samples of each channel: its sizes have 32 bits. */
#define DESK_WAV_MAX_SAMPLES(channels) ((INT64_C(0xffffffff) - DESK_WAV_HEAD) / (channels))

/* Head for samples of each of 1 or 2 channels; the sound, one byte a sample and the channels in
 * turn, follows it. More samples than fit are said to be as many as fit. */
void desk_wav_head(uint8_t out[DESK_WAV_HEAD], unsigned channels, int64_t samples);

#define DESK_WAV_PCM_HEAD 44 /* RIFF 12, fmt 8 + 16, data 8 */
/* The same of 16-bit PCM, little-endian, at any rate: what every reader takes. */
void desk_wav_pcm_head(uint8_t out[DESK_WAV_PCM_HEAD], unsigned channels, unsigned rate,
                       int64_t samples);

#endif
