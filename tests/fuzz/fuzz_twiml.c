/* Bytes drive the builder: the first of each piece chooses a verb, the rest is text. Whatever was
 * called in whatever order, what comes out with DESK_OK is well-formed. */
#include "wire/twiml.h"

#include "tests/unit/xml_check.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void verb(struct desk_twiml *t, unsigned which, const char *s)
{
    switch (which % 20) {
    case 0:
        desk_twiml_say(t, &(struct desk_twiml_say){.voice = s, .loop = (int)which - 100}, s);
        break;
    case 1:
        desk_twiml_play(t, &(struct desk_twiml_play){.digits = s}, s);
        break;
    case 2:
        desk_twiml_pause(t, (int)which);
        break;
    case 3:
        desk_twiml_gather_open(t,
                               &(struct desk_twiml_gather){
                                   .hints = s, .finish_on_key = s, .action = s, .num_digits = 3});
        break;
    case 4:
        desk_twiml_dial(t, &(struct desk_twiml_dial){.action = s, .sequential = true}, s);
        break;
    case 5:
        desk_twiml_dial_open(t, &(struct desk_twiml_dial){.caller_id = s});
        break;
    case 6:
        desk_twiml_number(t, &(struct desk_twiml_number){.url = s}, s);
        break;
    case 7:
        desk_twiml_record(t, &(struct desk_twiml_record){.action = s, .finish_on_key = s});
        break;
    case 8:
        desk_twiml_redirect(t, s);
        break;
    case 9:
        desk_twiml_reject(t, s);
        break;
    case 10:
        desk_twiml_hangup(t);
        break;
    case 11:
        desk_twiml_connect_open(t, s);
        break;
    case 12:
        desk_twiml_start_open(t);
        break;
    case 13:
        desk_twiml_stream_open(t, &(struct desk_twiml_stream){.url = s, .name = s});
        break;
    case 14:
        desk_twiml_parameter(t, s, s);
        break;
    case 15:
        desk_twiml_recording(t, &(struct desk_twiml_recording){.trim = s});
        break;
    case 16:
        desk_twiml_relay_open(t, &(struct desk_twiml_relay){.welcome_greeting = s});
        break;
    case 17:
        desk_twiml_message(t, &(struct desk_twiml_message){.to = s}, s);
        break;
    case 18:
        desk_twiml_say(t, NULL, s);
        break;
    default:
        desk_twiml_close(t);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct desk_twiml t;
    char *copy = malloc(size + 1);
    desk_twiml_init(&t);
    if (!copy)
        return 0;
    if (size)
        memcpy(copy, data, size);
    copy[size] = '\0';
    for (size_t at = 0; at < size;) { /* pieces end with NUL */
        verb(&t, (uint8_t)copy[at], copy + at + 1 - (copy[at] == '\0'));
        at += copy[at] ? 1 + strlen(copy + at + 1) + 1 : 1;
    }
    if (desk_twiml_end(&t) == DESK_OK && !xml_ok(desk_twiml_text(&t)))
        abort();
    desk_twiml_clear(&t);
    free(copy);
    return 0;
}
