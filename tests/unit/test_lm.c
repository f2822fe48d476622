/* The language model's text (ARPA) and the judgement over what a decoder hears with it. Pure: no
 * recogniser. What it is worth on speech: test_sentences.c. */
#include "../../speech/grammar.c"
#include "../../speech/lm.c"
#include "../../speech/lm_sentences.c"
#include "../../speech/names.c"
#include "../../speech/trust.c"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define PRIOR 5.0

static bool all_known(void *ctx, const char *word)
{
    (void)ctx;
    (void)word;
    return true;
}

/* ---- an ARPA file, read as its definition says ----------------------------------------------- */

struct single {
    char word[64];
    double p, more; /* probability, back-off weight */
};
struct pair {
    size_t first, second;
    double p;
};
static struct {
    struct single singles[DESK_MAX_LM_WORDS];
    struct pair *pairs;
    size_t n_singles, n_pairs;
} arpa;

static size_t single_of(const char *word, size_t n)
{
    for (size_t i = 0; i < arpa.n_singles; i++)
        if (strlen(arpa.singles[i].word) == n && strncmp(arpa.singles[i].word, word, n) == 0)
            return i;
    fail_msg("no such word: %.*s", (int)n, word);
    return 0;
}

static const char *line_end(const char *s)
{
    const char *end = strchr(s, '\n');
    assert_non_null(end);
    return end;
}

static const char *expect_text(const char *s, const char *text)
{
    assert_int_equal(strncmp(s, text, strlen(text)), 0);
    return s + strlen(text);
}

/* fails when the text is not as the format wants it */
static void read_arpa(const char *s)
{
    char *end = NULL;
    s = expect_text(s, "\\data\\\nngram 1=");
    arpa.n_singles = strtoul(s, &end, 10);
    s = expect_text(end, "\nngram 2=");
    arpa.n_pairs = strtoul(s, &end, 10);
    s = expect_text(end, "\n\n\\1-grams:\n");
    assert_in_range(arpa.n_singles, 3, DESK_MAX_LM_WORDS);
    assert_in_range(arpa.n_pairs, 1, DESK_MAX_LM_PAIRS);
    free(arpa.pairs);
    arpa.pairs = calloc(arpa.n_pairs, sizeof *arpa.pairs);
    for (size_t i = 0; i < arpa.n_singles; i++, s = line_end(s) + 1) {
        struct single *w = &arpa.singles[i];
        w->p = pow(10, strtod(s, &end));
        s = expect_text(end, "\t");
        size_t n = strcspn(s, "\t\n ");
        assert_in_range(n, 1, sizeof w->word - 1);
        memcpy(w->word, s, n);
        w->word[n] = '\0';
        s = expect_text(s + n, "\t");
        w->more = pow(10, strtod(s, &end));
        s = end;
        assert_int_equal(*s, '\n');
    }
    s = expect_text(s, "\n\\2-grams:\n");
    for (size_t i = 0; i < arpa.n_pairs; i++, s = line_end(s) + 1) {
        arpa.pairs[i].p = pow(10, strtod(s, &end));
        s = expect_text(end, "\t");
        size_t n = strcspn(s, " \n");
        arpa.pairs[i].first = single_of(s, n);
        s = expect_text(s + n, " ");
        n = strcspn(s, " \n");
        arpa.pairs[i].second = single_of(s, n);
        assert_int_equal(s[n], '\n');
    }
    s = expect_text(s, "\n\\end\\\n");
    assert_int_equal(*s, '\0');
}

static void build(const char *vocabulary)
{
    struct desk_buf text;
    desk_buf_init(&text, DESK_MAX_LM);
    assert_int_equal(desk_lm_build(&text, vocabulary, PRIOR, all_known, NULL), DESK_OK);
    read_arpa(desk_buf_cstr(&text));
    desk_buf_clear(&text);
}

static bool has(const char *word)
{
    for (size_t i = 0; i < arpa.n_singles; i++)
        if (strcmp(arpa.singles[i].word, word) == 0)
            return true;
    return false;
}

/* p(second|first) as a decoder finds it: the pair, or by way of the back-off weight */
static double chance(const char *first, const char *second)
{
    size_t f = single_of(first, strlen(first)), s = single_of(second, strlen(second));
    for (size_t i = 0; i < arpa.n_pairs; i++)
        if (arpa.pairs[i].first == f && arpa.pairs[i].second == s)
            return arpa.pairs[i].p;
    return arpa.singles[f].more * arpa.singles[s].p;
}

static bool near(double a, double b, double by)
{
    return fabs(a - b) < by;
}

static void test_sums_to_one(void **unused)
{
    (void)unused;
    static double seen[DESK_MAX_LM_WORDS], lower[DESK_MAX_LM_WORDS];
    double all = 0;
    build("drain cleaning\nwater heater\nsal\nburst pipe\n");
    memset(seen, 0, sizeof seen);
    memset(lower, 0, sizeof lower);
    for (size_t i = 0; i < arpa.n_singles; i++)
        all += arpa.singles[i].p;
    assert_true(near(all, 1, 1e-4));
    for (size_t i = 0; i < arpa.n_pairs; i++) {
        seen[arpa.pairs[i].first] += arpa.pairs[i].p;
        lower[arpa.pairs[i].first] += arpa.singles[arpa.pairs[i].second].p;
    }
    /* behind every word: the pairs, and all other words by the back-off weight */
    for (size_t i = 0; i < arpa.n_singles; i++)
        if (!near(seen[i] + arpa.singles[i].more * (1 - lower[i]), 1, 1e-4))
            fail_msg("behind \"%s\": %f", arpa.singles[i].word,
                     seen[i] + arpa.singles[i].more * (1 - lower[i]));
}

static void test_what_callers_say(void **unused)
{
    (void)unused;
    build("drain cleaning\nwater heater\nsal\nburst pipe\n");
    assert_true(chance("<s>", "hi") > 0.005);
    assert_true(chance("drain", "cleaning") > 0.9);
    assert_true(chance("water", "heater") > 0.5);
    assert_true(chance("i'd", "like") > 0.5);
    assert_true(chance("my", "name") > 0.03);
    assert_true(chance("name", "is") > 0.7);
    assert_true(chance("is", "charlie") > 0);
    assert_true(chance("a", "drain") > 100 * chance("a", "afternoon"));
    assert_true(chance("tomorrow", "morning") > 2 * chance("tomorrow", "heater"));
    /* the services share what one of them would have */
    assert_true(near(chance("a", "burst"), chance("a", "sal"), 1e-6));
    /* "</s>" ends, "<s>" never follows */
    assert_true(chance("please", "</s>") > 0.5);
    assert_true(chance("please", "<s>") < 1e-50);
}

/* One sentence, "hello?" before "one|two two": counts known by hand. */
static void test_counts(void **unused)
{
    (void)unused;
    struct model m = {.prior = PRIOR, .known = all_known};
    struct bag begin = {0}, all = {0}, none = {0};
    m.words = calloc(DESK_MAX_LM_WORDS, sizeof *m.words);
    m.by_hash = calloc(BUCKETS, sizeof *m.by_hash);
    m.n_words = 1;
    assert_int_equal(word_number(&m, "<s>", 3), BEGIN);
    assert_int_equal(word_number(&m, "</s>", 4), END);
    bag_add(&m, &begin, BEGIN, 1);
    walk(&m, &begin, 8, "hello? one|two two", &all);
    walk_word(&m, &all, 1, END, &none);
    uint32_t hello = word_find(&m, "hello", 5), one = word_find(&m, "one", 3),
             two = word_find(&m, "two", 3);
    assert_true(near(bag_count(&m.singles, hello), 2, 1e-9)); /* half of one way */
    assert_true(near(bag_count(&m.singles, one), 4, 1e-9));
    assert_true(near(bag_count(&m.singles, two), 8, 1e-9));
    assert_true(near(bag_count(&m.singles, END), 8, 1e-9));
    assert_true(near(bag_count(&m.behind, BEGIN), 8, 1e-9));
    assert_true(near(bag_count(&m.behind, two), 8, 1e-9));
    assert_true(near(bag_count(&m.pairs, hello << WORD_BITS | one), 2, 1e-9));
    assert_true(near(bag_count(&m.pairs, BEGIN << WORD_BITS | one), 2, 1e-9));
    assert_true(near(bag_count(&m.pairs, two << WORD_BITS | two), 4, 1e-9));
    assert_true(near(bag_count(&m.pairs, two << WORD_BITS | END), 4, 1e-9));
    assert_true(near(bag_count(&m.pairs, one << WORD_BITS | two), 0, 1e-9));
    struct desk_buf text;
    desk_buf_init(&text, DESK_MAX_LM);
    write_model(&m,
                &text); /* p = (4 + 5 * 8/22) / (8 + 5), and 5 / (8 + 5) for what is not there */
    read_arpa(desk_buf_cstr(&text));
    assert_true(near(chance("two", "two"), (4 + PRIOR * 8 / 22) / (8 + PRIOR), 1e-5));
    assert_true(near(chance("two", "hello"), PRIOR / (8 + PRIOR) * 2 / 22, 1e-5));
    desk_buf_clear(&text);
    bag_clear(&begin);
    bag_clear(&all);
    bag_clear(&none);
    bag_clear(&m.singles);
    bag_clear(&m.pairs);
    bag_clear(&m.behind);
    for (size_t i = 0; i < m.n_words; i++)
        free(m.words[i]);
    free(m.words);
    free(m.by_hash);
}

static bool without_q(void *ctx, const char *word)
{
    (void)ctx;
    return !strchr(word, 'q') && strcmp(word, "leaking") != 0;
}

static void test_hostile_vocabulary(void **unused)
{
    (void)unused;
    struct desk_buf text, many;
    desk_buf_init(&text, DESK_MAX_LM);
    build("");
    assert_true(has("tomorrow"));
    assert_false(has("drain"));
    build("\n\n  \n\"quoted\"\nback\\slash\n\\end\\\n<s>\n</s>\nngram "
          "1=2\na|b\n<day>\nzorp?\n\x01\xff\n"
          "good thing\ttab\nwell  spaced \nit's fine\ncut");
    assert_true(has("spaced"));
    assert_true(has("cut"));
    assert_true(chance("well", "spaced") > chance("well", "cut"));
    assert_false(has("quoted"));
    assert_false(has("slash"));
    assert_false(has("tab"));
    assert_false(has("a|b"));
    assert_false(has("zorp"));
    /* words that cannot be pronounced take their phrase or sentence with them, and only it */
    assert_int_equal(desk_lm_build(&text, "qqq\nroof qqq\nroof\n", PRIOR, without_q, NULL),
                     DESK_OK);
    read_arpa(desk_buf_cstr(&text));
    assert_true(has("roof"));
    assert_false(has("qqq"));
    assert_false(has("leaking"));
    assert_false(has("quote")); /* in a fixed sentence */
    assert_true(has("price"));
    /* a thousand lines, and the longest word that is taken */
    desk_buf_init(&many, DESK_MAX_LM);
    for (int i = 0; i < 1000; i++)
        desk_buf_fmt(&many, "a%c%c%c b%c%c c\n", 'a' + i % 10, 'a' + i / 10 % 10, 'a' + i / 100,
                     'a' + i % 26, 'a' + i % 7);
    for (int i = 0; i < 63; i++)
        desk_buf_chr(&many, 'x');
    build(desk_buf_cstr(&many));
    assert_true(has("ajjj"));
    size_t words = arpa.n_singles;
    desk_buf_chr(&many, 'x'); /* one letter more, and it is left out */
    build(desk_buf_cstr(&many));
    assert_int_equal(arpa.n_singles, words - 1);
    desk_buf_clear(&many);
    desk_buf_clear(&text);
}

static void test_limits(void **unused)
{
    (void)unused;
    struct desk_buf text, many;
    desk_buf_init(&text, 4096);
    assert_int_equal(desk_lm_build(&text, "drain\n", PRIOR, all_known, NULL), DESK_ELIMIT);
    desk_buf_clear(&text);
    desk_buf_init(&text, DESK_MAX_LM);
    desk_buf_init(&many, DESK_MAX_LM);
    for (unsigned i = 0; i < DESK_MAX_LM_WORDS; i++)
        desk_buf_fmt(&many, "w%c%c%c%c\n", 'a' + i % 10, 'a' + i / 10 % 10, 'a' + i / 100 % 10,
                     'a' + i / 1000);
    assert_int_equal(desk_lm_build(&text, desk_buf_cstr(&many), PRIOR, all_known, NULL),
                     DESK_ELIMIT);
    desk_buf_clear(&many);
    desk_buf_clear(&text);
}

/* ---- trust ----------------------------------------------------------------------------------- */

/* words with their posterior in per cent: "i:90 need:80"; each takes 20 frames */
static void hear(struct desk_trust_hearing *h, const char *words)
{
    h->n = 0;
    for (int at = 0; *words; at += 20) {
        char word[64], *end = NULL;
        size_t n = strcspn(words, ":");
        snprintf(word, sizeof word, "%.*s", (int)n, words);
        long percent = strtol(words + n + 1, &end, 10);
        desk_trust_add(h, word, at, at + 19, -30000, (double)percent / 100);
        words = end + strspn(end, " ");
    }
}

static void test_judgement(void **unused)
{
    (void)unused;
    static const struct {
        const char *a, *b, *answer;
        enum desk_dialog_expect expect;
        const char *words;
    } table[] = {
        /* a sentence of trusted words */
        {"i:90 need:90 a(2):90 plumber:90", "i:90 need:90 a:80 plumber:75", "",
         DESK_EXPECT_ANYTHING, "i need a plumber"},
        /* what the hearings do not share, or are not sure of, is a gap */
        {"<s>:90 i:90 need:90 the:90 new:60 heater:90 <sil>:90",
         "<s>:90 i:90 need:90 a:90 new:90 "
         "heater:90",
         "", DESK_EXPECT_ANYTHING, "i need ... heater"},
        {"um:10 call:90 me:90 back:90 ted:30", "um:90 call:90 me:90 back:90 ted:90", "",
         DESK_EXPECT_ANYTHING, "... call me back ..."},
        /* the same word at another place is another word */
        {"a:90 b:90 c:90 d:90", "b:90 c:90 d:90 e:90", "", DESK_EXPECT_ANYTHING, ""},
        /* too little, or too few words */
        {"a:90 b:10 c:90 d:10 e:90 f:10 g:10", "a:90 b:10 c:90 d:10 e:90 f:10 g:10", "",
         DESK_EXPECT_ANYTHING, ""},
        {"flooding:99 today:99", "flooding:99 today:99", "", DESK_EXPECT_ANYTHING, ""},
        {"", "", "", DESK_EXPECT_ANYTHING, ""},
        /* the grammar's answer stands if it was heard, without the small talk that was not */
        {"burst:60 pipe:60", "first:40 type:40", "i have a burst pipe thank you",
         DESK_EXPECT_ANYTHING, "burst pipe"},
        {"i'd:50 like:50 to:50 schedule:50 please:50", "i'd:50 like:50 to:50 get:50 please:50",
         "i'd like to flooding please", DESK_EXPECT_ANYTHING, ""},
        {"tomorrow:80", "tomorrow:80", "wrong", DESK_EXPECT_YESNO, ""},
        {"no:80", "oh:80", "no", DESK_EXPECT_YESNO, "no"},
        {"yes:80", "yes:80", "no thank you", DESK_EXPECT_YESNO, ""},
        {"please:80", "please:80", "please", DESK_EXPECT_ANYTHING, ""}, /* no meaning at all */
        {"", "", "flooding", DESK_EXPECT_ANYTHING, ""}, /* silence is not what it heard */
        /* a sentence must say more than an answer that was heard */
        {"we:90 so:10 leave:90 a:90 message:90", "we:90 no:10 leave:90 a:90 message:90",
         "leave a message", DESK_EXPECT_ANYTHING, "leave a message"},
        {"we:90 want:90 to:90 leave:90 a:90 message:90",
         "we:90 want:90 to:90 leave:90 a:90 "
         "message:90",
         "leave a message", DESK_EXPECT_ANYTHING, "we want to leave a message"},
        /* half of a time is enough, and it is then written whole; less is not */
        {"is:40 three:40 p:40 m:40", "there:40", "thursday after three p m", DESK_EXPECT_WHEN,
         "thursday after three p m"},
        {"one:50 fine:50", "one:50", "one thirty a m is fine", DESK_EXPECT_WHEN, ""},
        /* a model that is lost does not contradict */
        {"billy:10 vernon:5 and:20", "billy:80 vernon:80 and:80", "leave a message",
         DESK_EXPECT_ANYTHING, "leave a message"},
    };
    char out[DESK_TRUST_TEXT];
    struct desk_trust_hearing a, b;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        hear(&a, table[i].a);
        hear(&b, table[i].b);
        desk_trust_judge(out, sizeof out, &a, &b, table[i].answer, table[i].expect);
        if (strcmp(out, table[i].words) != 0)
            fail_msg("row %zu: \"%s\" instead of \"%s\"", i, out, table[i].words);
    }
}

static void test_judgement_maxima(void **unused)
{
    (void)unused;
    static char answer[8 * DESK_TRUST_TEXT];
    char out[24], word[64];
    struct desk_trust_hearing h = {.n = 0};
    for (int i = 0; i < DESK_TRUST_WORDS + 50; i++)
        desk_trust_add(&h, "alarm", i * 10, i * 10 + 9, -20000, 0.99);
    assert_int_equal(h.n, DESK_TRUST_WORDS);
    h.n = 3;
    memset(word, 'x', sizeof word - 1);
    word[sizeof word - 1] = '\0';
    desk_trust_add(&h, word, 0, 9, -20000, 0.99);
    desk_trust_add(&h, "", 0, 9, -20000, 0.99);
    desk_trust_add(&h, "(2)", 0, 9, -20000, 0.99);
    assert_int_equal(h.n, 3);
    h.n = DESK_TRUST_WORDS;
    for (size_t i = 0; i + 8 < sizeof answer; i += 6)
        memcpy(answer + i, "alarm ", 6);
    desk_trust_judge(out, sizeof out, &h, &h, answer, DESK_EXPECT_ANYTHING);
    assert_string_equal(out, "alarm alarm alarm alarm"); /* cut to what there is room for */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sums_to_one),      cmocka_unit_test(test_what_callers_say),
        cmocka_unit_test(test_counts),           cmocka_unit_test(test_hostile_vocabulary),
        cmocka_unit_test(test_limits),           cmocka_unit_test(test_judgement),
        cmocka_unit_test(test_judgement_maxima),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    free(arpa.pairs);
    return failed;
}
