/* The first words. Asked of the model, or, when it has spoken them before, played at once from what
 * was kept (greeting.h), while the model is still being reached; it is told then what was said. */
#include "ws-bridge/call.h"
#include "ws-bridge/greeting.h"
#include "base/log.h"
#include "wire/base64.h"

#include <stdio.h>
#include <string.h>

#define KEPT      "fd-greeting" /* item and response of a greeting that is played from a file */
#define PIECE     1600          /* µ-law bytes: 200 ms */
#define LEAST_MS  300           /* shorter is no greeting */
#define SOUND_MAX (DESK_MAX_GREETING * 3 / 2) /* as base64 in lines */

void call_model_greet(struct call *c)
{
    char words[2048];
    c->greeting_asked = true;
    *c->greeting = '\0';
    snprintf(words, sizeof words, "Say: %s", c->claim->greeting);
    call_ask(c, words, "greeting");
}

/* ---- played from what was kept --------------------------------------------------------------- */

void call_greet_kept(struct call *c)
{
    struct desk_buf *sound = &c->claim->greeting_sound;
    static const char empty[] = "{\"type\":\"fd.greeting\"}";
    char base64[PIECE / 3 * 4 + 8];
    struct desk_rt_event ev; /* as if it came from the model: one way for all that is heard */
    if (!sound->len || desk_rt_event_parse(&ev, empty, sizeof empty - 1))
        return;
    c->greeting_asked = true;
    snprintf(c->greeting, sizeof c->greeting, KEPT);
    ev.item_id = ev.response_id = KEPT;
    for (size_t at = 0; at < sound->len && c->state < CALL_ENDING; at += PIECE) {
        size_t n = sound->len - at < PIECE ? sound->len - at : PIECE;
        ev.audio.p = base64;
        ev.audio.n = desk_base64_encode_raw(base64, (const uint8_t *)sound->p + at, n);
        call_model_audio(c, &ev);
    }
    ev.text = c->claim->greeting;
    if (c->state < CALL_ENDING) {
        call_model_words(c, &ev, true);
        call_response_end_mark(c, KEPT);
        call_event(c, "stream", "greeting_kept",
                   "The greeting was played at once, as the voice had spoken it before");
    }
    desk_rt_event_clear(&ev);
    desk_buf_clear(sound);
}

/* ---- keeping it ------------------------------------------------------------------------------ */

void call_greet_begins(struct call *c)
{
    if (c->b->listening || !*c->claim->greeting_name)
        return;
    c->b->listening = c; /* one at a time bounds the memory */
    desk_buf_init(&c->greeting_take, SOUND_MAX);
}

void call_greet_sound(struct call *c, const struct desk_rt_event *ev)
{
    if (c->b->listening != c || strcmp(ev->response_id, c->greeting) != 0)
        return;
    desk_buf_add(&c->greeting_take, ev->audio.p, ev->audio.n);
    desk_buf_chr(&c->greeting_take, '\n');
}

void call_greet_heard(struct call *c, const struct play_item *item)
{
    struct desk_buf *take = &c->greeting_take;
    bool good = c->b->listening == c && desk_buf_ok(take) && play_total_ms(item) >= LEAST_MS &&
                greeting_is(c->claim->greeting, desk_buf_cstr(&item->words));
    char *sound = good ? desk_buf_take(take) : NULL;
    if (sound)
        scribe_greeting(c->b->scribe, c->claim->greeting_name, sound);
    call_greet_close(c);
}

void call_greet_close(struct call *c)
{
    if (c->b->listening != c)
        return;
    c->b->listening = NULL;
    desk_buf_clear(&c->greeting_take);
}
