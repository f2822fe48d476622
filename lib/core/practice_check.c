/* What came of a practice call against what was expected: the checks of the set's own scorer, with
 * a sentence for each that fails. */
#include "core/practice.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SENTENCE_MAX 700
#define SAID_MAX     (256 * 1024)
#define COUNT(a)     (sizeof(a) / sizeof *(a))

struct checking {
    const struct desk_practice *p;
    const json_t *expect, *facts;
    const char *said; /* all words of ours, in small letters */
    bool spoke;
    void (*told)(void *ctx, const char *sentence);
    void *ctx;
    size_t checks, failed;
};

static void check(struct checking *c, bool fine, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
static void check(struct checking *c, bool fine, const char *fmt, ...)
{
    char sentence[SENTENCE_MAX];
    va_list ap;
    c->checks++;
    if (fine)
        return;
    c->failed++;
    va_start(ap, fmt);
    vsnprintf(sentence, sizeof sentence, fmt, ap);
    va_end(ap);
    if (c->told)
        c->told(c->ctx, sentence);
}

static const char *text_of(const json_t *o, const char *key)
{
    const char *s = json_string_value(json_object_get(o, key));
    return s ? s : "";
}

static json_t *listed(const json_t *o, const char *key)
{
    return json_object_get(o, key);
}

static void lower(char *s)
{
    for (; *s; s++)
        if (*s >= 'A' && *s <= 'Z')
            *s = (char)(*s + 32);
}

/* Without spaces around, whatever the case: "Mara Quill" is "mara quill ". */
static bool same(const char *a, const char *b)
{
    a += strspn(a, " ");
    b += strspn(b, " ");
    size_t n = strlen(a), m = strlen(b);
    while (n && a[n - 1] == ' ')
        n--;
    while (m && b[m - 1] == ' ')
        m--;
    return n == m && strncasecmp(a, b, n) == 0;
}

static bool within(const char *at, const json_t *window)
{
    int64_t t, from, to;
    return desk_practice_instant(at, &t) &&
           desk_practice_instant(json_string_value(json_array_get(window, 0)), &from) &&
           desk_practice_instant(json_string_value(json_array_get(window, 1)), &to) && from <= t &&
           t <= to;
}

/* ---- appointments ---------------------------------------------------------------------------- */

static void span_of(const json_t *a, int64_t *from, int64_t *to)
{
    const json_t *minutes = json_object_get(a, "minutes");
    *from = 0;
    (void)desk_practice_instant(text_of(a, "start"), from);
    *to = *from + (minutes ? json_integer_value(minutes) : 60) * 60000;
}

static bool clear_of_seed(const struct checking *c, const json_t *a)
{
    size_t i;
    json_t *seed;
    int64_t from, to, s, e;
    span_of(a, &from, &to);
    json_array_foreach(listed(json_object_get(c->p->doc, "seed_db"), "appointments"), i, seed)
    {
        span_of(seed, &s, &e);
        if (from < e && s < to)
            return false;
    }
    return true;
}

/* The first thing in which it is another one than w; NULL: none. */
static const char *differs(const struct checking *c, const json_t *w, const json_t *a)
{
    const json_t *minutes = json_object_get(w, "minutes"),
                 *urgent = json_object_get(w, "emergency");
    const char *name = text_of(w, "name"), *at = text_of(w, "address_contains");
    if (!same(text_of(a, "service"), text_of(w, "service")))
        return "for another service";
    if (!within(text_of(a, "start"), json_object_get(w, "start_within")))
        return "at another time";
    if (*name && !same(text_of(a, "name"), name))
        return "for another name";
    if (minutes && !json_equal(minutes, json_object_get(a, "minutes")))
        return "of another length";
    if (*at && !strcasestr(text_of(a, "address"), at))
        return "at another address";
    if (urgent && json_is_true(urgent) != json_is_true(json_object_get(a, "emergency")))
        return "otherwise urgent";
    if (json_is_true(json_object_get(w, "not_overlapping_seed")) && !clear_of_seed(c, a))
        return "over another one";
    return NULL;
}

static void check_appointments(struct checking *c)
{
    size_t i, k;
    json_t *w, *a;
    const json_t *want = listed(c->expect, "appointments");
    json_t *left = json_copy(listed(c->facts, "appointments"));
    if (want && !json_array_size(want))
        check(c, !json_array_size(left), "an appointment was made, and none should be");
    json_array_foreach(want, i, w)
    {
        const char *why = "not made";
        size_t hit = json_array_size(left);
        json_array_foreach(left, k, a)
        {
            why = differs(c, w, a);
            if (!why) {
                hit = k;
                break;
            }
        }
        check(c, hit < json_array_size(left), "the appointment (%s, %s) was %s%s",
              text_of(w, "service"),
              json_string_value(json_array_get(json_object_get(w, "start_within"), 0)),
              why && strcmp(why, "not made") != 0 ? "made " : "", why ? why : "");
        json_array_remove(left, hit);
    }
    json_decref(left);
    if (json_is_true(json_object_get(c->expect, "appointments_unchanged")))
        check(c, json_is_true(json_object_get(c->facts, "appointments_unchanged")),
              "an appointment was changed that should stay as it was");
}

static void check_counts(struct checking *c)
{
    size_t i, of_caller = 0;
    json_t *a;
    const json_t *counts = json_object_get(c->expect, "counts");
    const json_t *all = json_object_get(counts, "appointments");
    const json_t *own = json_object_get(counts, "appointments_of_caller");
    const json_t *got = listed(c->facts, "appointments");
    json_array_foreach(got, i, a) of_caller += strcmp(text_of(a, "phone"), c->p->number) == 0;
    if (all)
        check(c, (json_int_t)json_array_size(got) == json_integer_value(all),
              "there are %zu appointments, not %lld", json_array_size(got),
              (long long)json_integer_value(all));
    if (own)
        check(c, (json_int_t)of_caller == json_integer_value(own),
              "the caller has %zu appointments, not %lld", of_caller,
              (long long)json_integer_value(own));
}

/* ---- lists of other facts -------------------------------------------------------------------- */

static const char *as_text(const json_t *v, char *out, size_t n)
{
    if (json_is_string(v))
        snprintf(out, n, "%s", json_string_value(v));
    else if (json_is_integer(v))
        snprintf(out, n, "%lld", (long long)json_integer_value(v));
    else if (json_is_boolean(v))
        snprintf(out, n, "%s", json_is_true(v) ? "true" : "false");
    else
        out[0] = '\0';
    return out;
}

static bool contains_anywhere(const json_t *got, const char *word)
{
    char *text = json_dumps(got, JSON_COMPACT);
    bool has = text && strcasestr(text, word) != NULL;
    free(text);
    return has;
}

/* One member of what is wanted. */
static bool member_fits(const json_t *got, const char *key, const json_t *want)
{
    static const char *const unlooked[] = {"optional", "result", "channel"};
    static const char end[] = "_contains";
    char have[500], wish[500], name[40];
    size_t n = strlen(key), m = sizeof end - 1;
    int64_t a, b;
    for (size_t i = 0; i < COUNT(unlooked); i++)
        if (strcmp(key, unlooked[i]) == 0)
            return true;
    as_text(want, wish, sizeof wish);
    if (strcmp(key, "due_within") == 0)
        return within(text_of(got, "due"), want);
    if (strcmp(key, "start") == 0)
        return desk_practice_instant(text_of(got, "start"), &a) &&
               desk_practice_instant(wish, &b) && a == b;
    if (strcmp(key, "contains") == 0)
        return contains_anywhere(got, wish);
    if (strcmp(key, "photos") == 0)
        return json_integer_value(json_object_get(got, "photos")) >= json_integer_value(want);
    if (n > m && strcmp(key + n - m, end) == 0) {
        snprintf(name, sizeof name, "%.*s", (int)(n - m), key);
        return strcasestr(as_text(json_object_get(got, name), have, sizeof have), wish) != NULL;
    }
    return strcasecmp(as_text(json_object_get(got, key), have, sizeof have), wish) == 0;
}

static bool fits(const json_t *got, json_t *want)
{
    const char *key;
    json_t *v;
    bool all = true;
    json_object_foreach(want, key, v) all = all && member_fits(got, key, v);
    return all;
}

static void check_list(struct checking *c, const char *key, const char *none, const char *missing)
{
    size_t i, k;
    json_t *w, *got;
    const json_t *want = listed(c->expect, key), *have = listed(c->facts, key);
    if (want && !json_array_size(want))
        check(c, !json_array_size(have), "%s", none);
    json_array_foreach(want, i, w)
    {
        bool hit = false;
        if (json_object_get(w, "optional"))
            continue;
        json_array_foreach(have, k, got) hit = hit || fits(got, w);
        char *as = json_dumps(w, JSON_ENCODE_ANY);
        check(c, hit, "%s%s: %s", missing, json_array_size(have) ? " as it should be" : "",
              as ? as : "");
        free(as);
    }
}

static void check_lists(struct checking *c)
{
    static const struct {
        const char *key, *none, *missing;
    } rows[] = {
        {"callbacks", "a callback was promised, and none should be", "no callback was promised"},
        {"leads", "a lead was noted, and none should be", "no lead was noted"},
        {"tickets", "a ticket was opened, and none should be", "no ticket was opened"},
        {"vendor_log", "a supplier's call was noted, and none should be",
         "no supplier's call was noted"},
        {"transfers", "the caller was put through, and should not be",
         "the caller was not put through"},
        {"alerts", "the owner was alarmed, and should not be", "the owner was not alarmed"},
        {"cancelled", "an appointment was cancelled, and none should be",
         "no appointment was cancelled"},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        check_list(c, rows[i].key, rows[i].none, rows[i].missing);
}

/* ---- the call, the session, counts ----------------------------------------------------------- */

static void check_object(struct checking *c, const char *name)
{
    char want[200], got[200];
    const char *key;
    json_t *v;
    const json_t *have = json_object_get(c->facts, name);
    json_object_foreach(json_object_get(c->expect, name), key, v)
    {
        const json_t *is = json_object_get(have, key);
        if (strcmp(key, "outcome") == 0 && !is)
            continue; /* the set's own word, compared only when it is used here */
        as_text(v, want, sizeof want);
        as_text(is, got, sizeof got);
        check(c, json_equal(v, is), "%s.%s is \"%s\", not \"%s\"", name, key, got, want);
    }
}

static bool has_text(const json_t *list, const char *text)
{
    size_t i;
    json_t *v;
    json_array_foreach(list, i, v) if (json_is_string(v) &&
                                       strcmp(json_string_value(v), text) == 0) return true;
    return false;
}

/* Every one of `want` is there; exact: and nothing else. */
static void check_words(struct checking *c, const char *key, const char *what, bool exact)
{
    size_t i;
    json_t *v;
    const json_t *want = listed(c->expect, key), *have = listed(c->facts, key);
    const char *missing = NULL, *extra = NULL;
    if (!want)
        return;
    json_array_foreach(want, i, v) if (!has_text(have, json_string_value(v))) missing =
        json_string_value(v);
    json_array_foreach(have, i, v) if (exact && !has_text(want, json_string_value(v))) extra =
        json_string_value(v);
    check(c, !missing && !extra, "%s: %s %s", what,
          missing ? missing
          : extra ? extra
                  : "",
          missing ? "is missing" : "is too much");
}

static void check_numbers(struct checking *c)
{
    static const struct {
        const char *key, *of, *what;
        bool least;
    } rows[] = {
        {"owner_sms_min", "owner_sms", "texts to the owner", true},
        {"sms_replies_min", "sms_replies", "texts to the caller", true},
        {"sms_replies_max", "sms_replies", "texts to the caller", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const json_t *want = json_object_get(c->expect, rows[i].key);
        json_int_t n = json_integer_value(json_object_get(c->facts, rows[i].of));
        json_int_t limit = json_integer_value(want);
        if (want)
            check(c, rows[i].least ? n >= limit : n <= limit, "%lld %s, should be at %s %lld",
                  (long long)n, rows[i].what, rows[i].least ? "least" : "most", (long long)limit);
    }
}

/* ---- what was said --------------------------------------------------------------------------- */

static bool is_said(const struct checking *c, const char *phrase)
{
    char small[300];
    snprintf(small, sizeof small, "%s", phrase ? phrase : "");
    lower(small);
    return strstr(c->said, small) != NULL;
}

/* One of several, parted by '|'. */
static bool one_is_said(const struct checking *c, const char *phrases)
{
    char one[300];
    while (phrases && *phrases) {
        size_t n = strcspn(phrases, "|");
        snprintf(one, sizeof one, "%.*s", (int)n, phrases);
        if (is_said(c, one))
            return true;
        phrases += n + (phrases[n] == '|');
    }
    return false;
}

static void check_said(struct checking *c)
{
    static const char *const all[] = {"said", "said_all"};
    size_t k;
    json_t *v;
    for (size_t i = 0; i < COUNT(all); i++)
        json_array_foreach(listed(c->expect, all[i]), k, v) check(
            c, one_is_said(c, json_string_value(v)), "nobody said \"%s\"", json_string_value(v));
    const json_t *any = listed(c->expect, "said_any"), *never = listed(c->expect, "must_not_say");
    bool one = false;
    json_array_foreach(any, k, v) one = one || is_said(c, json_string_value(v));
    if (any)
        check(c, one, "nothing was said of what should be, like \"%s\"",
              json_string_value(json_array_get(any, 0)));
    const char *leak = NULL;
    json_array_foreach(never, k, v) if (is_said(c, json_string_value(v))) leak =
        json_string_value(v);
    if (never)
        check(c, c->spoke && !leak, "\"%s\" was said, and must not be", leak ? leak : "nothing");
}

static void hear_all(struct checking *c, const json_t *transcript, struct desk_buf *out)
{
    size_t i;
    json_t *t;
    json_array_foreach(transcript, i, t)
    {
        c->spoke = true;
        if (strcmp(text_of(t, "who"), "caller") != 0)
            desk_buf_fmt(out, "%s ", text_of(t, "text"));
    }
    if (out->p)
        lower(out->p);
    c->said = desk_buf_cstr(out);
}

static void check_forbidden(struct checking *c, const json_t *seen)
{
    size_t i;
    json_t *v;
    json_array_foreach(seen, i, v) check(c, false, "it must not be: %s", json_string_value(v));
}

size_t desk_practice_check(const struct desk_practice *p, const json_t *result,
                           void (*told)(void *ctx, const char *sentence), void *ctx, size_t *checks)
{
    struct desk_buf said;
    struct checking c = {.p = p,
                         .expect = json_object_get(p->doc, "expect"),
                         .facts = json_object_get(result, "facts"),
                         .told = told,
                         .ctx = ctx};
    desk_buf_init(&said, SAID_MAX);
    hear_all(&c, json_object_get(result, "transcript"), &said);
    check_appointments(&c);
    check_counts(&c);
    check_lists(&c);
    check_object(&c, "call");
    check_object(&c, "session");
    check_words(&c, "escalations", "what the owner should hear of", true);
    check_words(&c, "opt_out", "who wants no texts", false);
    check_words(&c, "webhooks", "what other systems are told", false);
    check_numbers(&c);
    check_said(&c);
    const json_t *language = json_object_get(c.expect, "language");
    if (language)
        check(&c, json_equal(language, json_object_get(c.facts, "language")),
              "the language is not \"%s\"", json_string_value(language));
    check_forbidden(&c, json_object_get(result, "forbidden_seen"));
    desk_buf_clear(&said);
    if (checks)
        *checks = c.checks;
    return c.failed;
}
