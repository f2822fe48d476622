/* The ear on the hot path: one frame of the caller and one of ours, against copying both. Lines of
 * one call, 20 ms each: 50 of them are a call-second. */
#include "bench.h"

#include "../../ws-bridge/ear.c"

#include "wire/base64.h"

static struct ear ear;
static uint8_t ulaw[160], loud[160], copy[160];
static char text[216];
static int64_t now_ms = 1000;

static const struct ear_settings settings = {
    .confirm_ms = 160, .echo_db = 6, .margin_db = 9, .least_db = -55, .tone = 0.8};

static void prepare(void)
{
    uint32_t x = 1;
    for (size_t i = 0; i < sizeof ulaw; i++) {
        x = x * 1664525u + 1013904223u;
        ulaw[i] = (uint8_t)(0xe8 | (x >> 24 & 0x97)); /* soft noise */
        loud[i] = (uint8_t)(0x90 | (x >> 20 & 0x8f));
    }
    MUST(desk_base64_encode_raw(text, ulaw, sizeof ulaw) == sizeof text);
    ear_init(&ear, &settings);
}

static void decode(void)
{
    MUST(desk_base64_decode_raw(copy, text, sizeof text) == sizeof copy);
    KEEP(copy);
}

static void caller(void)
{
    now_ms += 20;
    ear_heard(&ear, ulaw, sizeof ulaw, now_ms);
}

static void both(void)
{
    now_ms += 20;
    ear_sent(&ear, loud, sizeof loud, now_ms + 500);
    ear_heard(&ear, ulaw, sizeof ulaw, now_ms);
}

/* the caller talks over us: the voice is asked for each frame */
static void doubt(void)
{
    now_ms += 20;
    ear_sent(&ear, ulaw, sizeof ulaw, now_ms + 500);
    ear_heard(&ear, now_ms % 400 ? loud : ulaw, sizeof loud, now_ms);
}

static void copying(void)
{
    memcpy(copy, ulaw, sizeof copy);
    KEEP(copy);
    memcpy(copy, loud, sizeof copy);
    KEEP(copy);
}

int main(void)
{
    prepare();
    bench("ear: base64 of a frame / copying it", decode, copying);
    bench("ear: a frame of the caller / copying it", caller, copying);
    bench("ear: the caller while we speak / copying it", both, copying);
    bench("ear: the caller over us / copying it", doubt, copying);
    ear_clear(&ear);
    return 0;
}
