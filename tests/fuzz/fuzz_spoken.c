/* Whatever a model writes, in pieces or at once the same is spoken, and no part of a mark. First
 * byte: size of the pieces. */
#include "core/spoken.h"
#include "base/utf8.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int truth)
{
    if (!truth)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct desk_spoken a, b;
    struct desk_buf text; /* as a JSON string would give it: valid UTF-8 without NUL */
    if (!size)
        return 0;
    desk_buf_init(&text, 4 * size + 16);
    desk_utf8_clean(&text, (const char *)data + 1, size - 1);
    desk_spoken_init(&a);
    desk_spoken_init(&b);
    for (size_t at = 0, n; at < text.len; at += n) {
        size_t used;
        n = data[0] % 16 + 1u;
        n = n < text.len - at ? desk_utf8_cut(text.p + at, text.len - at, n) : text.len - at;
        if (!n)
            (void)desk_utf8_next(text.p + at, text.len - at, &used), n = used;
        desk_spoken_feed(&a, text.p + at, n);
    }
    desk_spoken_feed(&b, desk_buf_cstr(&text), text.len);
    must(strcmp(desk_buf_cstr(&a.out), desk_buf_cstr(&b.out)) == 0 && a.transfer == b.transfer);
    must(strpbrk(desk_buf_cstr(&a.out), "{}*#`\n") == NULL);
    must(desk_utf8_valid(desk_buf_cstr(&a.out), a.out.len));
    desk_spoken_clear(&a);
    desk_spoken_clear(&b);
    desk_buf_clear(&text);
    return 0;
}
