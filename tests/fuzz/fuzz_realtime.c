/* Realtime events, read as the bridge and as the server reads them. */
#include "wire/base64.h"
#include "wire/realtime_msg.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int truth)
{
    if (!truth)
        abort();
}

static void same(struct desk_slice s, const json_t *tree, const char *key)
{
    const char *want = json_string_value(json_object_get(tree, key));
    must(want && strlen(want) == s.n && memcmp(want, s.p, s.n) == 0 && desk_base64_ok(s.p, s.n));
}

static size_t touch(const char *s)
{
    return strlen(s); /* every text must be a string */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct desk_rt_event ev;
    struct desk_rt_client_event c;
    const char *p = (const char *)data;
    json_t *tree = json_loadb(p, size, JSON_ALLOW_NUL, NULL);
    if (desk_rt_event_parse(&ev, p, size) == DESK_OK) {
        must(json_is_object(tree));
        if (ev.type == DESK_RT_AUDIO_DELTA)
            same(ev.audio, tree, "delta");
    }
    must(touch(ev.event_id) + touch(ev.item_id) + touch(ev.response_id) + touch(ev.call_id) +
             touch(ev.name) + touch(ev.arguments) + touch(ev.text) + touch(ev.status_reason) +
             touch(ev.purpose) + touch(ev.error.code) + touch(ev.error.message) +
             touch(ev.session_id) + touch(ev.model) <=
         20 * size + 20);
    desk_rt_event_clear(&ev);
    if (desk_rt_client_event_parse(&c, p, size) == DESK_OK) {
        must(json_is_object(tree));
        if (c.type == DESK_RTC_APPEND)
            same(c.audio, tree, "audio");
    }
    must(touch(c.type_name) + touch(c.event_id) + touch(c.text) + touch(c.instructions) +
             touch(c.tool_choice) + touch(c.output) <=
         20 * size + 20);
    desk_rt_client_event_clear(&c);
    json_decref(tree);
    return 0;
}
