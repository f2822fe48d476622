#include "wire/telegram_text.h"
#include "base/utf8.h"

#include <string.h>

#define ROOM ((size_t)64 * 1024)

void desk_telegram_text_init(struct desk_telegram_text *t)
{
    *t = (struct desk_telegram_text){0};
    desk_buf_init(&t->out, ROOM);
}

static const struct {
    char c;
    const char *entity;
} entities[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}};

static void put(struct desk_buf *out, const char *p, size_t n)
{
    for (size_t i = 0; n == 1 && i < sizeof entities / sizeof *entities; i++)
        if (entities[i].c == *p) {
            desk_buf_str(out, entities[i].entity);
            return;
        }
    desk_buf_add(out, p, n);
}

/* Escaped, as far as there is room. The last unit is kept for the ellipsis. */
static void add(struct desk_telegram_text *t, const char *p, size_t n)
{
    for (size_t at = 0, used = 1; at < n && !t->full; at += used) {
        size_t units = desk_utf8_next(p + at, n - at, &used) > 0xffff ? 2 : 1;
        if (t->units + units > DESK_TELEGRAM_UNITS - 1) {
            t->full = true;
            desk_buf_str(&t->out, "\u2026");
            return;
        }
        put(&t->out, p + at, used);
        t->units += units;
    }
}

void desk_telegram_words(struct desk_telegram_text *t, const char *words)
{
    struct desk_buf clean;
    if (!words || t->full)
        return;
    desk_buf_init(&clean, ROOM);
    size_t n = strlen(words);
    desk_utf8_clean(&clean, words, desk_utf8_cut(words, n, n < ROOM / 4 ? n : ROOM / 4));
    add(t, desk_buf_cstr(&clean), clean.len);
    desk_buf_clear(&clean);
}

void desk_telegram_bold(struct desk_telegram_text *t, const char *words)
{
    if (!words || !*words || t->full)
        return;
    desk_buf_str(&t->out, "<b>");
    desk_telegram_words(t, words);
    desk_buf_str(&t->out, "</b>");
}

void desk_telegram_link(struct desk_telegram_text *t, const char *url, const char *words)
{
    if (t->full)
        return;
    desk_buf_str(&t->out, "<a href=\"");
    for (const char *p = url; *p; p++)
        put(&t->out, p, 1);
    desk_buf_str(&t->out, "\">");
    desk_telegram_words(t, words);
    desk_buf_str(&t->out, "</a>");
}

const char *desk_telegram_text_take(struct desk_telegram_text *t, struct desk_arena *a)
{
    if (!t->units)
        desk_telegram_words(t, "-");
    const char *text = desk_buf_ok(&t->out) ? desk_arena_strdup(a, desk_buf_cstr(&t->out)) : NULL;
    desk_buf_clear(&t->out);
    return text;
}
