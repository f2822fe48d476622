#include "core/spoken.h"
#include "base/limits.h"
#include "base/utf8.h"

#include <string.h>
#include <strings.h>

void desk_spoken_init(struct desk_spoken *s)
{
    memset(s, 0, sizeof *s);
    desk_buf_init(&s->out, DESK_MAX_CHAT_TEXT);
    s->line = true;
}

void desk_spoken_clear(struct desk_spoken *s)
{
    desk_buf_clear(&s->out);
}

/* ---- braces and tags ------------------------------------------------------------------------- */

static void mark_begin(struct desk_spoken *s)
{
    s->n_mark = 0;
    s->mark[0] = '\0';
}

/* Letters, digits, "/" and "_" only: spaces and quotes around a word do not matter. */
static void mark_add(struct desk_spoken *s, uint32_t c)
{
    bool matters = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                   c == '/' || c == '_' || c == ':';
    if (!matters || s->n_mark + 1 >= sizeof s->mark)
        return;
    s->mark[s->n_mark++] = (char)c;
    s->mark[s->n_mark] = '\0';
}

/* {TRANSFER}; some have {TRANSFER: who} or {TRANSFER_TO_…} */
static bool is_transfer(const char *mark)
{
    return strncasecmp(mark, "TRANSFER", 8) == 0 && strchr(":_", mark[8]);
}

/* True: c belongs to braces, and is not said. */
static bool in_braces(struct desk_spoken *s, uint32_t c)
{
    if (c == '{') {
        if (s->depth++ == 0)
            mark_begin(s);
        return true;
    }
    if (!s->depth)
        return c == '}';
    if (c != '}') {
        mark_add(s, c);
        return true;
    }
    if (--s->depth == 0) {
        s->transfer = s->transfer || is_transfer(s->mark);
        s->space = true;
    }
    return true;
}

static void tag_end(struct desk_spoken *s)
{
    s->angle = false;
    s->space = true;
    if (strcasecmp(s->mark, "/think") == 0) {
        if (!s->think) { /* it began to think before its first word: all so far was that */
            desk_buf_reset(&s->out);
            s->words = 0;
            s->full = false;
        }
        s->think = false;
    } else if (strcasecmp(s->mark, "think") == 0) {
        s->think = true;
    }
}

static bool in_tag(struct desk_spoken *s, uint32_t c)
{
    if (!s->angle && c == '<') {
        s->angle = true;
        mark_begin(s);
        return true;
    }
    bool tag = s->n_mark || c == '/' || c == '!' || (c | 0x20u) - 'a' < 26;
    if (s->angle && !tag && c != '>')
        s->angle = false; /* "5 < 6" */
    if (s->angle && c == '>')
        tag_end(s);
    else if (s->angle)
        mark_add(s, c);
    else
        return s->think || c == '>';
    return true;
}

/* ---- words ----------------------------------------------------------------------------------- */

/* Marks of text, bullets, arrows, pictures: nothing that is spoken. */
static bool is_mark(uint32_t c)
{
    static const struct {
        uint32_t from, to;
    } marks[] = {{'#', '#'},       {'*', '*'},         {'`', '`'},         {'~', '~'},
                 {'|', '|'},       {'[', '['},         {']', ']'},         {'\\', '\\'},
                 {0x2022, 0x2023}, {0x200b, 0x200f},   {0x2028, 0x202e},   {0x2190, 0x21ff},
                 {0x2500, 0x27bf}, {0x2b00, 0x2bff},   {0xe000, 0xf8ff},   {0xfe00, 0xfe0f},
                 {0xfeff, 0xfeff}, {0x1f000, 0x1faff}, {0xe0000, 0x10ffff}};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (c >= marks[i].from && c <= marks[i].to)
            return true;
    return false;
}

static bool is_space(uint32_t c)
{
    return c <= ' ' || c == 0x7f || c == '_' || c == 0xa0 || (c >= 0x80 && c < 0xa0) || c == 0x3000;
}

static bool ends_sentence(const struct desk_buf *out)
{
    return out->len && strchr(".?!", out->p[out->len - 1]);
}

/* The words that one answer may have are used up at the end of a sentence. */
static void space(struct desk_spoken *s)
{
    if (!s->space || !s->out.len)
        return;
    s->words++;
    s->full = s->words >= DESK_SPOKEN_WORDS && ends_sentence(&s->out);
    if (!s->full)
        desk_buf_chr(&s->out, ' ');
}

static void put(struct desk_spoken *s, uint32_t c)
{
    bool line = s->line;
    if (s->full)
        return;
    s->line = c == '\n' || (s->line && is_space(c));
    if (is_space(c) || is_mark(c)) {
        s->space = s->space || is_space(c);
        return;
    }
    if (line && c == '-') /* a list */
        return;
    space(s);
    s->space = false;
    if (!s->full)
        desk_utf8_put(&s->out, c);
}

void desk_spoken_feed(struct desk_spoken *s, const char *p, size_t n)
{
    for (size_t used; n; p += used, n -= used) {
        uint32_t c = desk_utf8_next(p, n, &used);
        if (!in_tag(s, c) && !in_braces(s, c))
            put(s, c);
    }
}
