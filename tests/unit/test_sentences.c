/* What callers say in whole sentences, through 8 kHz µ-law and the engine's recogniser: what the
 * language model beside the grammar is worth. The voices are flite's, whose sound depends a little
 * on what was said before; more real recordings are in test_speech.c. Counts, because single words
 * change with that and with the library. The numbers of trust were chosen on the plumber's
 * sentences; after the garage's first try the model got "my car" and the like, nothing else. */
#include "../../speech/dictionary.c"
#include "../../speech/grammar.c"
#include "../../speech/lm.c"
#include "../../speech/lm_sentences.c"
#include "../../speech/names.c"
#include "../../speech/stt.c"
#include "../../speech/stt_audio.c"
#include "../../speech/stt_pocketsphinx.c"
#include "../../speech/sentence.c"
#include "../../speech/tts_flite.c"
#include "../../speech/trust.c"

#include <setjmp.h>
#include <stdarg.h>
#include <time.h>

#include <cmocka.h>

static const char plumber[] =
    "{\"business\":\"Harwick Plumbing\",\"owner\":\"Sal\",\"services\":[\"drain cleaning\",\"water "
    "heater\"],\"people\":[\"Sal\"],\"emergencies\":[\"burst pipe\",\"flooding\"]}";
static const char garage[] =
    "{\"business\":\"Elm Street Garage\",\"owner\":\"Gus\",\"services\":[\"oil change\",\"brake "
    "repair\",\"tire rotation\",\"inspection\",\"towing\"],\"people\":[\"Gus\",\"Maria Lopez\"],"
    "\"emergencies\":[\"broke down\",\"accident\"]}";

struct said {
    const char *business;
    enum desk_dialog_expect expect;
    const char *words;
};
static const struct said sentences[] = {
    {plumber, DESK_EXPECT_ANYTHING, "my water heater is leaking in the basement"},
    {plumber, DESK_EXPECT_ANYTHING, "can you call me back tomorrow after three"},
    {plumber, DESK_EXPECT_ANYTHING, "can someone come out on thursday afternoon"},
    {plumber, DESK_EXPECT_ANYTHING, "hello my name is charlie and i need a drain cleaning"},
    {plumber, DESK_EXPECT_ANYTHING, "i have a burst pipe in the kitchen"},
    {plumber, DESK_EXPECT_ANYTHING, "i want to cancel my appointment on monday"},
    {plumber, DESK_EXPECT_ANYTHING, "i would like to leave a message for sal"},
    {plumber, DESK_EXPECT_WHEN, "can you come on thursday morning"},
    {plumber, DESK_EXPECT_WHEN, "how about wednesday evening"},
    {garage, DESK_EXPECT_ANYTHING, "my car broke down and i need towing right away"},
    {garage, DESK_EXPECT_ANYTHING,
     "good afternoon this is david i'm calling about my brake repair"},
    {garage, DESK_EXPECT_ANYTHING, "could you call me back tomorrow afternoon"},
    {garage, DESK_EXPECT_ANYTHING, "hello i need an oil change and a tire rotation"},
};
/* Not for any business; and what the wrong business is told. */
static const struct said foreign[] = {
    {plumber, DESK_EXPECT_ANYTHING, "weasels have eaten our phone system"},
    {plumber, DESK_EXPECT_ANYTHING, "what is the capital of france"},
    {plumber, DESK_EXPECT_ANYTHING, "my grandmother knits purple sweaters for elephants"},
    {plumber, DESK_EXPECT_ANYTHING, "please remember to feed the hamster before dinner"},
    {plumber, DESK_EXPECT_YESNO, "turn left at the church and follow the river"},
    {plumber, DESK_EXPECT_WHEN, "she sells sea shells by the sea shore"},
    {plumber, DESK_EXPECT_WHEN, "they climbed the mountain without any oxygen"},
    {garage, DESK_EXPECT_ANYTHING, "my favorite color has always been turquoise"},
    {garage, DESK_EXPECT_ANYTHING, "this call may be recorded for quality assurance"},
};
static const char *const speakers[] = {"slt", "rms"};

static int16_t audio[30 * DESK_STT_RATE];

/* words of text that stand in said in the same order; *n: of how many, gaps apart */
static size_t words_right(const char *text, const char *said, size_t *n)
{
    struct answer spoken;
    struct desk_trust_hearing written = {.n = 0};
    bool in_spoken[ANSWER_WORDS], in_written[DESK_TRUST_WORDS];
    struct answer words;
    split(&words, text);
    split(&spoken, said);
    for (size_t i = 0; i < words.n; i++) {
        char word[40];
        snprintf(word, sizeof word, "%.*s", (int)words.len[i], words.word[i]);
        if (strcmp(word, DESK_TRUST_GAP) != 0)
            desk_trust_add(&written, strcmp(word, "an") == 0 ? "a" : word, 0, 0, 0, 1);
    }
    *n = written.n;
    return match(&spoken, &written, in_spoken, in_written);
}

static struct desk_stt_ask asked_of(const struct said *s, const char *voice)
{
    static char words[16384];
    struct desk_dialog_profile p;
    struct desk_buf ulaw;
    desk_buf_init(&ulaw, DESK_TTS_MAX_AUDIO);
    assert_int_equal(desk_dialog_profile_parse(&p, s->business), DESK_OK);
    (void)desk_dialog_vocabulary(&p, s->expect, words, sizeof words);
    assert_int_equal(desk_tts_flite.speak(voice, s->words, &ulaw), DESK_OK);
    assert_in_range(ulaw.len, 4000, sizeof audio / sizeof *audio);
    desk_mulaw_decode(audio, (const uint8_t *)ulaw.p, ulaw.len);
    struct desk_stt_ask ask = {s->expect, words, audio, ulaw.len};
    desk_buf_clear(&ulaw);
    return ask;
}

struct score {
    size_t heard, written, right;
    double audio_s, cpu_s;
};

static double cpu_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* All of list, each in so many voices. alone: as it was with the grammar only. */
static struct score measure(struct recogniser *r, const struct said *list, size_t n, size_t in,
                            bool alone)
{
    struct score sum = {0};
    for (size_t i = 0; i < n * in; i++) {
        const struct said *s = &list[i / in];
        struct desk_stt_ask ask = asked_of(s, speakers[i % 2]);
        struct desk_stt_heard heard = {.text = ""};
        double began = cpu_seconds();
        size_t words = 0;
        enum desk_rc rc =
            alone ? hear_answer(r, &ask, &heard) : desk_stt_pocketsphinx.hear(r, &ask, &heard);
        assert_int_equal(rc, DESK_OK);
        sum.cpu_s += cpu_seconds() - began;
        sum.audio_s += (double)ask.n / DESK_STT_RATE;
        size_t right = words_right(heard.text, s->words, &words);
        if (!alone && right < words)
            print_message("said \"%s\", written \"%s\"\n", s->words, heard.text);
        sum.heard += heard.text[0] != '\0';
        sum.written += words;
        sum.right += right;
    }
    print_message(
        "%s: %zu of %zu understood, %zu words written, %zu of them not said; %.2f of real "
        "time\n",
        alone ? "grammar alone" : "with the model", sum.heard, n * in, sum.written,
        sum.written - sum.right, sum.cpu_s / sum.audio_s);
    return sum;
}

#define N_SENTENCES (sizeof sentences / sizeof *sentences)
#define N_FOREIGN   (sizeof foreign / sizeof *foreign)

static void test_sentences(void **unused)
{
    (void)unused;
    struct recogniser *r = desk_stt_pocketsphinx.open();
    assert_non_null(r);
    struct score alone = measure(r, sentences, N_SENTENCES, 2, true);
    struct score both = measure(r, sentences, N_SENTENCES, 2, false);
    assert_true(both.heard >= 22);              /* of 26 */
    assert_true(both.right >= alone.right * 2); /* words that a grammar cannot give */
    assert_true((both.written - both.right) * 20 <= both.written); /* a twentieth at most */
    assert_true((both.written - both.right) * 4 <= alone.written - alone.right);
    assert_true(both.cpu_s < both.audio_s);
    desk_stt_pocketsphinx.close(r);
}

static void test_other_speech(void **unused)
{
    (void)unused;
    struct recogniser *r = desk_stt_pocketsphinx.open();
    assert_non_null(r);
    struct score alone = measure(r, foreign, N_FOREIGN, 1, true);
    struct score both = measure(r, foreign, N_FOREIGN, 1, false);
    assert_true(both.heard <= 1);
    assert_true(both.heard < alone.heard);
    desk_stt_pocketsphinx.close(r);
}

/* Word for word, with what no grammar of one answer can hold. */
static void test_whole_sentences(void **unused)
{
    (void)unused;
    static const struct said exact[] = {
        {plumber, DESK_EXPECT_ANYTHING, "can you call me back tomorrow after three"},
        {plumber, DESK_EXPECT_ANYTHING, "i would like to leave a message for sal"},
        {plumber, DESK_EXPECT_WHEN, "can you come on thursday morning"},
    };
    size_t hit = 0;
    struct recogniser *r = desk_stt_pocketsphinx.open();
    assert_non_null(r);
    for (size_t i = 0; i < sizeof exact / sizeof *exact; i++) {
        struct desk_stt_heard heard;
        struct desk_stt_ask ask = asked_of(&exact[i], "rms");
        assert_int_equal(desk_stt_pocketsphinx.hear(r, &ask, &heard), DESK_OK);
        hit += strcmp(heard.text, exact[i].words) == 0;
        if (strcmp(heard.text, exact[i].words) != 0)
            print_message("said \"%s\", written \"%s\"\n", exact[i].words, heard.text);
    }
    assert_int_equal(hit, sizeof exact / sizeof *exact);
    desk_stt_pocketsphinx.close(r);
}

static size_t models_kept(const struct recogniser *r)
{
    size_t n = 0;
    for (size_t i = 0; i < MAX_MODELS; i++)
        n += r->models[i].name[0] != '\0';
    return n;
}

/* One model for each vocabulary, no more than fit, and none that does not know a word. */
static void test_models_are_kept(void **unused)
{
    (void)unused;
    char words[64];
    struct desk_stt_heard heard;
    struct desk_stt_ask ask = {DESK_EXPECT_YESNO, words, audio, 0};
    FILE *f = fopen("tests/audio/no.wav", "rb");
    assert_non_null(f);
    assert_int_equal(fseek(f, 44, SEEK_SET), 0);
    ask.n = fread(audio, sizeof *audio, sizeof audio / sizeof *audio, f);
    fclose(f);
    struct recogniser *r = desk_stt_pocketsphinx.open();
    assert_non_null(r);
    for (int i = 0; i < 2 * (MAX_MODELS + 2); i++) {
        snprintf(words, sizeof words, "yes\nno\n%s\n", desk_first_names[i / 2]);
        assert_int_equal(desk_stt_pocketsphinx.hear(r, &ask, &heard), DESK_OK);
        assert_string_equal(heard.text, "no");
        assert_int_equal(models_kept(r), i / 2 < MAX_MODELS ? (size_t)(i / 2 + 1) : MAX_MODELS);
    }
    ask.vocabulary = "yes\nno\nbrumfitz harwicker\n"; /* in no dictionary */
    assert_int_equal(desk_stt_pocketsphinx.hear(r, &ask, &heard), DESK_OK);
    assert_string_equal(heard.text, "no");
    assert_int_equal(models_kept(r), 1);
    ask.vocabulary = words;
    assert_int_equal(desk_stt_pocketsphinx.hear(r, &ask, &heard), DESK_OK);
    assert_string_equal(heard.text, "no");
    assert_int_equal(models_kept(r), 2);
    desk_stt_pocketsphinx.close(r);
}

int main(void)
{
    desk_log_init("test", DESK_LOG_ERROR);
    if (!desk_tts_flite.open())
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sentences),
        cmocka_unit_test(test_other_speech),
        cmocka_unit_test(test_whole_sentences),
        cmocka_unit_test(test_models_are_kept),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    desk_tts_flite.close();
    return failed;
}
