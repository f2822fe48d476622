/* Masking. tests/data/masking.txt are lines of our own, tests/eval/masking.jsonl the development
 * half of the evaluation set; what is judged here is that nothing leaks, and that hardly anything
 * is taken that should stay. */
#include "core/mask_text.h"
#include "core/mask.h"
#include "base/limits.h"

#include <ctype.h>
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static char masked[DESK_MAX_MASK * 2];

static const char *mask(const char *text)
{
    return desk_mask_line(masked, sizeof masked, text);
}

/* As the scorer of the evaluation sets does: a whole word, or any place when it is long. */
static bool holds(const char *text, const char *part)
{
    size_t n = strlen(part);
    for (const char *p = text; (p = strcasestr(p, part)); p++) {
        bool left = p > text && isalnum((unsigned char)p[-1]);
        bool right = isalnum((unsigned char)p[n]) != 0;
        if ((!left && !right) || n > 5)
            return true;
    }
    return false;
}

/* ---- our own lines --------------------------------------------------------------------------- */

struct line {
    char text[2000], gone[20][200], kept[20][200];
    size_t n_gone, n_kept;
};

static void parse(struct line *l, const char *raw)
{
    size_t o = 0;
    memset(l, 0, sizeof *l);
    for (const char *p = raw; *p && *p != '\n'; p++) {
        const char *end = *p == '{' ? strchr(p, '}') : *p == '<' ? strchr(p, '>') : NULL;
        if (!end) {
            l->text[o++] = *p;
            continue;
        }
        char *part = *p == '{' ? l->gone[l->n_gone++] : l->kept[l->n_kept++];
        snprintf(part, 200, "%.*s", (int)(end - p - 1), p + 1);
        o += (size_t)snprintf(l->text + o, sizeof l->text - o, "%s", part);
        p = end;
    }
    l->text[o] = '\0';
}

static void own_lines(void **state)
{
    char raw[2000];
    struct line l;
    size_t n = 0, leaks = 0, lost = 0;
    FILE *f = fopen("tests/data/masking.txt", "r");
    (void)state;
    assert_non_null(f);
    while (fgets(raw, sizeof raw, f)) {
        if (*raw == '%')
            continue;
        parse(&l, raw);
        const char *out = mask(l.text);
        n++;
        for (size_t i = 0; i < l.n_gone; i++)
            if (holds(out, l.gone[i])) {
                print_error("leaks \"%s\": %s\n", l.gone[i], out);
                leaks++;
            }
        for (size_t i = 0; i < l.n_kept; i++)
            if (!strcasestr(out, l.kept[i])) {
                print_error("lost \"%s\": %s\n", l.kept[i], out);
                lost++;
            }
    }
    fclose(f);
    assert_true(n > 600);
    assert_int_equal(leaks, 0);
    assert_int_equal(lost, 0);
}

static size_t missing(const json_t *list, const char *out, bool want)
{
    size_t n = 0;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *part = json_string_value(json_array_get(list, i));
        bool there = want ? strcasestr(out, part) != NULL : holds(out, part);
        if (there != want) {
            print_error("%s \"%s\": %s\n", want ? "lost" : "leaks", part, out);
            n++;
        }
    }
    return n;
}

static void evaluation_set(void **state)
{
    char line[4096];
    size_t n = 0, leaks = 0, lost = 0;
    FILE *f = fopen("tests/eval/masking.jsonl", "r");
    (void)state;
    assert_non_null(f);
    while (fgets(line, sizeof line, f)) {
        json_t *row = json_loads(line, 0, NULL);
        const char *out = mask(json_string_value(json_object_get(row, "text")));
        leaks += missing(json_object_get(row, "must_not_contain"), out, false);
        lost += missing(json_object_get(row, "must_contain"), out, true);
        json_decref(row);
        n++;
    }
    fclose(f);
    assert_int_equal(n, 35);
    assert_int_equal(leaks, 0);
    assert_true(lost <= 1);
}

/* ---- the line itself ---------------------------------------------------------------------------
 */

static void shapes(void **state)
{
    static const char *const rows[][2] = {
        {"", ""},
        {"nothing here", "nothing here"},
        {"my name is dana whitfield i chipped a tooth", "my name is [name] i chipped a tooth"},
        {"call +1 (415) 555-0134, please", "call [phone], please"},
        {"a@b.example", "[email]"},
        {"From=%2B14155550134&CallSid=CA1", "From=[phone]&CallSid=CA1"},
        {"two\nlines\x7f", "two lines "},
        {"the pin is 4471 or 4472", "the pin is [secret] or [secret]"},
        {"\xff\xfe +14155550134", "\xff\xfe [phone]"},
        {"50% off", "50% off"},
        {"100%", "100%"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(mask(rows[i][0]), rows[i][1]);
    assert_string_equal(mask(NULL), "");
}

static void small_rooms(void **state)
{
    char tiny[8];
    (void)state;
    assert_string_equal(desk_mask_line(tiny, sizeof tiny, "call +14155550134"), "call [p");
    assert_string_equal(desk_mask_line(tiny, sizeof tiny, "caf\xc3\xa9 caf\xc3\xa9"),
                        "caf\xc3\xa9 c");
    assert_string_equal(desk_mask_line(tiny, sizeof tiny, "abcde \xc3\xa9\xc3\xa9"), "abcde ");
    assert_string_equal(desk_mask_line(tiny, 1, "abc"), "");
}

/* A text without end is cut, and nothing of the cut number is seen. */
static void very_long(void **state)
{
    size_t n = DESK_MAX_MASK + 500;
    char *text = calloc(1, n + 1);
    struct desk_buf out;
    (void)state;
    assert_non_null(text);
    memset(text, 'a', n);
    for (size_t i = 0; i < n; i += 13)
        memcpy(text + i, " 4155550134 ", i + 12 < n ? 12 : n - i);
    desk_buf_init(&out, DESK_MAX_MASK * 4);
    desk_mask(&out, text, n);
    assert_true(desk_buf_ok(&out));
    assert_null(strstr(desk_buf_cstr(&out), "555"));
    assert_non_null(strstr(desk_buf_cstr(&out), "…"));
    desk_buf_clear(&out);
    free(text);
}

/* Bytes, not a string: nothing behind the length is read. */
static void only_its_bytes(void **state)
{
    struct desk_buf out;
    char *exact = malloc(12);
    (void)state;
    assert_non_null(exact);
    memcpy(exact, "+14155550134", 12);
    desk_buf_init(&out, 100);
    desk_mask(&out, exact, 12);
    assert_string_equal(desk_buf_cstr(&out), "[phone]");
    desk_buf_clear(&out);
    memcpy(exact, "Bearer abc%2", 12);
    desk_mask(&out, exact, 12);
    assert_string_equal(desk_buf_cstr(&out), "Bearer abc%2");
    desk_buf_clear(&out);
    free(exact);
}

static void words(void **state)
{
    (void)state;
    assert_true(desk_mask_lex("dana") & DESK_LEX_NAME);
    assert_true(desk_mask_lex("dana's") & DESK_LEX_NAME);
    assert_true(desk_mask_lex("rose") & DESK_LEX_MAYBE);
    assert_false(desk_mask_lex("rose") & DESK_LEX_NAME);
    assert_int_equal(desk_mask_lex("qwertz"), 0);
    assert_int_equal(desk_mask_lex(""), 0);
    /* what a caller says every day is never a sure name */
    static const char *const plain[] = {"the",  "will",   "water", "leak",  "tooth", "call",
                                        "nina", "muelas", "may",   "drain", "julio", "alexa"};
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        if (desk_mask_lex(plain[i]) & DESK_LEX_NAME)
            fail_msg("%s is a name", plain[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(own_lines), cmocka_unit_test(evaluation_set),
        cmocka_unit_test(shapes),    cmocka_unit_test(small_rooms),
        cmocka_unit_test(very_long), cmocka_unit_test(only_its_bytes),
        cmocka_unit_test(words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
