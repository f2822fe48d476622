/* Any text: counted without a crash and as the tables say; a wording that passes its check is
 * filled in to valid text without a hole. */
#include "base/buf.h"
#include "base/utf8.h"
#include "core/sms.h"
#include "wire/gsm7.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void count(const char *text, size_t n)
{
    struct desk_sms_size s;
    desk_sms_size(text, n, &s);
    size_t one = s.ucs2 ? 70 : 160, part = s.ucs2 ? 67 : 153;
    if (s.characters != desk_utf8_count(text, n) || s.units < s.characters ||
        s.units > 2 * s.characters)
        abort();
    if ((s.segments <= 1) != (s.units <= one) ||
        s.segments * (s.segments > 1 ? part : one) < s.units)
        abort();
    if (s.ucs2 != (s.first != NULL))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct desk_sms_value values[] = {{"when", "Friday"}, {"business", "B"}};
    const struct desk_sms_template *t = desk_sms_template_find("appointment_reminder");
    char why[200], *text = malloc(size + 1);
    struct desk_buf out;
    if (!text)
        return 0;
    if (size)
        memcpy(text, data, size);
    text[size] = '\0';
    count(text, size);
    desk_sms_word(text);
    desk_buf_init(&out, 8 * size + 1000);
    if (desk_sms_wording_check(t, text, why, sizeof why) == DESK_OK) {
        desk_sms_wording_fill(&out, text, values, 2);
        if (strpbrk(desk_buf_cstr(&out), "{}"))
            abort();
    }
    desk_buf_clear(&out);
    free(text);
    return 0;
}
