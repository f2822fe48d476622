/* Any text: no crash, and what is called a number looks like one, survives being shown, and is read
 * again as itself. */
#include "core/phone.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(enum desk_phone_rc rc, const char *out)
{
    char text[100], again[DESK_PHONE_LEN];
    if (rc != DESK_PHONE_OK) {
        if (*out)
            abort();
        return;
    }
    size_t n = strlen(out);
    if (out[0] != '+' || n < 9 || n > 16 || strspn(out + 1, "0123456789") != n - 1)
        abort();
    if (desk_phone_is_withheld(out))
        abort();
    desk_phone_spoken(text, sizeof text, out);
    desk_phone_national(text, sizeof text, out);
    if (desk_phone_parse(text, "US", again) != DESK_PHONE_OK || strcmp(again, out) != 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const countries[] = {"US", "GB", "AU", "DE", "IT", "JP", NULL, "??"};
    char out[DESK_PHONE_LEN], ext[12], digits[30];
    if (!size)
        return 0;
    const char *country = countries[data[0] % 8];
    char *text = malloc(size);
    if (!text)
        return 0;
    memcpy(text, data + 1, size - 1);
    text[size - 1] = '\0';
    check(desk_phone_parse_ext(text, country, out, ext, sizeof ext), out);
    check(desk_phone_heard(text, country, out), out);
    size_t n = desk_phone_from_words(text, digits, sizeof digits);
    if (strlen(digits) != n || strspn(digits, "0123456789") != n)
        abort();
    desk_phone_is_withheld(text);
    desk_phone_national(digits, sizeof digits, text);
    desk_phone_spoken(digits, sizeof digits, text);
    free(text);
    return 0;
}
