/* Media Streams messages: whatever the whole parser accepts, jansson accepts too, and what the fast
 * way read is what a plain look at the tree says. */
#include "wire/base64.h"
#include "wire/media_msg.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int truth)
{
    if (!truth)
        abort();
}

static const char *text(const json_t *o, const char *key)
{
    const char *s = json_string_value(json_object_get(o, key));
    return s ? s : "";
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct desk_media_msg m;
    enum desk_rc rc = desk_media_msg_parse(&m, (const char *)data, size);
    if (rc == DESK_OK) {
        json_t *tree = json_loadb((const char *)data, size, JSON_ALLOW_NUL, NULL);
        must(json_is_object(tree));
        if (m.type != DESK_MEDIA_START)
            must(strcmp(m.stream_sid, text(tree, "streamSid")) == 0);
        if (m.type == DESK_MEDIA_MEDIA) {
            const char *payload = text(json_object_get(tree, "media"), "payload");
            must(strlen(payload) == m.payload.n && memcmp(payload, m.payload.p, m.payload.n) == 0);
            must(desk_base64_ok(m.payload.p, m.payload.n));
        }
        json_decref(tree);
        for (size_t i = 0; i < m.n_params; i++)
            must(desk_media_param_get(&m, m.params[i].name) != NULL);
    }
    desk_media_msg_clear(&m);
    return 0;
}
