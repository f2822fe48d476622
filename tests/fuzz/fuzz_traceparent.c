/* A traceparent of anybody: what is taken is written as it was and read back the same; nothing is
 * taken that has another length, a capital or a zero id. */
#include "base/log_json.h"
#include "wire/traceparent.h"

#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int truth)
{
    if (!truth)
        abort();
}

static void header(const char *p, size_t n)
{
    struct desk_traceparent t, again;
    char child[DESK_TRACEPARENT_LEN];
    if (!desk_traceparent_parse(&t, p, n)) {
        must(!*t.trace && !*t.span && !t.sampled);
        return;
    }
    must(n >= 55 && desk_trace_id_ok(t.trace) && strlen(t.span) == 16);
    must(memcmp(p + 3, t.trace, 32) == 0 && memcmp(p + 36, t.span, 16) == 0);
    desk_traceparent_child(child, t.trace);
    must(strlen(child) == DESK_TRACEPARENT_LEN - 1);
    must(desk_traceparent_parse(&again, child, strlen(child)));
    must(strcmp(again.trace, t.trace) == 0 && again.sampled);
}

/* And as a line of the log, whatever was said: one object that is JSON. */
static void line(const char *text)
{
    char out[700];
    static const char *const head[][2] = {{"event", "x"}, {"rid", ""}};
    size_t n = desk_log_json(out, sizeof out, head, 2, text);
    must(n < sizeof out && strlen(out) == n);
    json_t *v = json_loadb(out, n, JSON_REJECT_DUPLICATES, NULL);
    must(json_is_object(v));
    json_decref(v);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    must(text != NULL);
    memcpy(text, data, size);
    text[size] = '\0';
    header(text, size);
    line(text);
    free(text);
    return 0;
}
