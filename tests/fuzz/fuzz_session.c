/* What clients of voice sessions send. First byte: which kind of body. Whatever it is, it is either
 * read, with numbers that can be called and texts that are text, or told by its places. */
#include "base/utf8.h"
#include "core/phone.h"
#include "core/voice_body.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int truth)
{
    if (!truth)
        abort();
}

static void text(const char *s)
{
    must(s && desk_utf8_valid(s, strlen(s)));
}

static void number(const char *s)
{
    char e164[DESK_PHONE_LEN];
    must(!*s || (*s == '+' && desk_phone_parse(s, "US", e164) == DESK_PHONE_OK));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct desk_voice_body b;
    struct desk_body_errors errors;
    if (!size)
        return 0;
    struct desk_arena *a = desk_arena_new(4 * 1024 * 1024);
    enum desk_vb_kind kind = (enum desk_vb_kind)(data[0] % DESK_VB__KINDS);
    must(a != NULL);
    enum desk_rc rc = desk_voice_body_read(a, kind, (const char *)data + 1, size - 1, &b, &errors);
    must(rc == DESK_OK || (rc == DESK_EINVAL && errors.n > 0));
    for (size_t i = 0; i < errors.n; i++) {
        must(errors.v[i].pointer[0] == '#');
        text(errors.v[i].pointer);
        text(errors.v[i].message);
    }
    if (!rc) {
        number(b.number);
        number(b.to);
        text(b.text);
        text(b.keys);
        text(b.outcome);
        text(b.call_id);
        must(b.timeout_s >= 0 && b.timeout_s <= 3600);
    }
    desk_arena_free(a);
    return 0;
}
