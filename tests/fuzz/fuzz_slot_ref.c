/* A slot id as a model may write it: read without harm, and what was read is written the same. Then
 * the same bytes as the texts of a calendar file: its lines are folded and end well whatever is in
 * them. */
#include "core/slot_ref.h"
#include "wire/ics.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int truth)
{
    if (!truth)
        abort();
}

static void slot_id(const char *text)
{
    struct desk_slot_ref r, again;
    char out[DESK_SLOT_REF_LEN];
    if (!desk_slot_ref_parse(text, &r))
        return;
    must(strlen(desk_slot_ref_text(&r, out)) == DESK_SLOT_REF_LEN - 1);
    must(desk_slot_ref_parse(out, &again));
    must(memcmp(&r, &again, sizeof r) == 0);
}

static void calendar(const char *text)
{
    struct desk_buf out;
    const struct desk_ics_event e = {.uid = text,
                                     .start = 1790000000000,
                                     .end = 1790003600000,
                                     .stamp = 1790000000000,
                                     .summary = text,
                                     .location = text,
                                     .description = text};
    size_t events = 0;
    desk_buf_init(&out, 1 << 20);
    desk_ics_begin(&out, text, text, 15, false);
    desk_ics_event(&out, &e);
    desk_ics_end(&out);
    if (desk_buf_ok(&out)) {
        for (const char *p = out.p; *p;) {
            const char *end = strstr(p, "\r\n");
            must(end && end - p <= 75);
            for (const char *c = p; c < end; c++)
                must((unsigned char)*c >= 0x20 && *c != 0x7f);
            events += strncmp(p, "BEGIN:VEVENT", 12) == 0;
            p = end + 2;
        }
        must(events == 1); /* no text began one of its own */
    }
    desk_buf_clear(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    must(text != NULL);
    memcpy(text, data, size);
    text[size] = '\0';
    slot_id(text);
    calendar(text);
    free(text);
    return 0;
}
