/* What an owner asks, any bytes, and names and words of callers in the answer: a stretch of time
 * has a beginning before its end, an answer is one sentence, valid UTF-8 stays so; a PIN is digits.
 */
#include "base/utf8.h"
#include "core/owner_query.h"
#include "core/pin.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define NOW 1795200720000LL

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_answer(struct desk_owner_query *q, const char *words)
{
    struct desk_buf b;
    const struct desk_owner_item item = {
        .name = words, .number = words, .what = words, .when = words, .at = NOW, .times = 2};
    const struct desk_owner_facts f = {.items = &item, .n_items = 1, .total = 2};
    for (int a = 0; a < DESK_OWNER__MAX; a++) {
        q->about = (enum desk_owner_about)a;
        desk_buf_init(&b, 20000);
        desk_owner_query_say(q, &f, NULL, NOW, &b);
        if (!desk_buf_ok(&b) || b.len < 2 || b.p[b.len - 1] != '.')
            abort();
        if (desk_utf8_valid(words, strlen(words)) && !desk_utf8_valid(b.p, b.len))
            abort();
        desk_buf_clear(&b);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct desk_hours hours;
    const struct desk_when_place at = {.hours = &hours, .now = NOW};
    struct desk_owner_query q;
    char pin[DESK_PIN_LEN];
    if (size > 3000)
        return 0;
    char *text = malloc(size + 1);
    if (!text)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    desk_owner_query_read(text, &at, &q);
    if (q.about >= DESK_OWNER__MAX || q.when.to <= q.when.from || q.when.last < q.when.first ||
        strlen(q.when.name) >= sizeof q.when.name)
        abort();
    if (desk_pin_read(text, pin) && (strlen(pin) < 4 || strspn(pin, "0123456789") != strlen(pin)))
        abort();
    check_answer(&q, text);
    free(text);
    return 0;
}
