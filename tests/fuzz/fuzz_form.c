/* Any body parses to pairs that, built again, parse to the same pairs. */
#include "wire/form.h"

#include "base/limits.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct desk_arena *arena = desk_arena_new(DESK_MAX_REQUEST_ARENA);
    struct desk_form a, b;
    struct desk_buf text;
    desk_buf_init(&text, 16 * 1024 * 1024);
    if (desk_form_parse(&a, arena, (const char *)data, size) == DESK_ENOMEM)
        goto out;
    for (size_t i = 0; i < a.n; i++) {
        if (text.len)
            desk_buf_chr(&text, '&');
        desk_url_encode(&text, a.pairs[i].name, a.pairs[i].name_len);
        desk_buf_chr(&text, '=');
        desk_url_encode(&text, a.pairs[i].value, a.pairs[i].value_len);
        desk_form_get(&a, a.pairs[i].name);
    }
    if (desk_form_parse(&b, arena, text.p, text.len) != DESK_OK || a.n != b.n)
        abort();
    for (size_t i = 0; i < a.n; i++)
        if (a.pairs[i].name_len != b.pairs[i].name_len ||
            a.pairs[i].value_len != b.pairs[i].value_len ||
            memcmp(a.pairs[i].name, b.pairs[i].name, a.pairs[i].name_len) != 0 ||
            memcmp(a.pairs[i].value, b.pairs[i].value, a.pairs[i].value_len) != 0)
            abort();
out:
    desk_buf_clear(&text);
    desk_arena_free(arena);
    return 0;
}
