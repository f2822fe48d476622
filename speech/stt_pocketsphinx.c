/* Recognition by pocketsphinx (0.8+5prealpha) with Debian's en-us model. The only file that names
 * ps_. The model wants 16 kHz: telephone audio is resampled. Each utterance is decoded whole, with
 * the mean of its own cepstra removed, which suits short answers.
 *
 * The model hears no dialogue: what it listens for is one grammar a question (grammar.h). Where
 * people answer in sentences, a language model of the business's own words (lm.h) hears the same
 * audio: its sentences have more words than a grammar's phrase, and what it does not hear at all is
 * not believed of the grammar either (trust.h). Both are built once and kept in the decoder under
 * the hash of their vocabulary.
 *
 * The decoder's dictionary holds the words that were needed so far (dictionary.h says why); what
 * every business needs is put in at the start. */
#include "speech/stt.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/log.h"
#include "speech/dictionary.h"
#include "speech/grammar.h"
#include "speech/lm.h"
#include "speech/stt_audio.h"
#include "speech/trust.h"

#include <ctype.h>
#include <limits.h>
#include <pthread.h>
#include <pocketsphinx.h>
#include <sphinxbase/err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "speech/flite_voices.h"
#include "speech/tts.h"

#define MODEL_DIR  "/usr/share/pocketsphinx/model/en-us"
#define MAX_SEARCH 24 /* grammars kept in one decoder */
#define MAX_MODELS 30 /* language models: about a megabyte each, three in a call */

/* A search kept in the decoder. */
struct search {
    char name[24];
    unsigned used;
};

struct recogniser {
    ps_decoder_t *ps;
    cmd_ln_t *config;
    struct search grammars[MAX_SEARCH], models[MAX_MODELS];
    unsigned clock;
};

/* How loud the voice is made and how much noise is added, of 32767. What is not trusted at first is
 * heard once more the other way: it costs a twentieth of the speech's length. */
static const struct attempt {
    double level;
    int noise;
    int stricter; /* added to the trust that is needed */
} attempts[] = {{3000.0, 100, 0}, {3000.0, 60, 5}};
#define ATTEMPTS (sizeof attempts / sizeof *attempts)

/* Trust in an answer: mean acoustic score of a frame inside its words, in the decoder's log units
 * (0 = every frame fitted best). Answers that were listened for lie above, other speech below;
 * measured on recordings through 8 kHz µ-law (tests/unit/test_speech.c). */
static const int trust[DESK_EXPECT__MAX] = {
    [DESK_EXPECT_ANYTHING] = -48, [DESK_EXPECT_YESNO] = -42, [DESK_EXPECT_NAME] = -42,
    [DESK_EXPECT_NUMBER] = -40,   [DESK_EXPECT_WHEN] = -45,  [DESK_EXPECT_CHANGE] = -42,
    [DESK_EXPECT_ADDRESS] = -42,  [DESK_EXPECT_WORDS] = -42,
};

/* Where the language model is asked too, and judges what the grammar heard. Names and numbers are
 * the grammar's alone: to a model every other name or digit is as likely there. */
static const bool two_hear[DESK_EXPECT__MAX] = {
    [DESK_EXPECT_ANYTHING] = true, [DESK_EXPECT_YESNO] = true, [DESK_EXPECT_WHEN] = true};

/* decoder options that differ from the model's own: a word costs much, so that the loop of phones
 * does not win over real words; the model's noise words cost more, or they would swallow speech */
/* frames: nobody takes longer for a word; other speech forced into it does */
#define WORD_MAX    130
#define COVER       4 /* the words must fill a fourth of the utterance */
#define WORD_COST   "0.01"
#define FILLER_COST "1e-40"

/* of the language model against the sound, as the library's defaults; and how much its unseen word
 * pairs are worth, in sentences of a thousand: from 1 to 20 made no difference that counts */
#define LM_WEIGHT    6.5f
#define LM_WORD_COST 0.65f
#define LM_PRIOR     5.0

static const struct desk_grammar_weights weights = {.garbage = 1e-4, .phone = 1.0};

static void quiet(void *user, err_lvl_t level, const char *fmt, ...)
{
    (void)user;
    (void)level;
    (void)fmt;
}

static void close_recogniser(void *self)
{
    struct recogniser *r = self;
    if (!r)
        return;
    if (r->ps)
        ps_free(r->ps);
    if (r->config)
        cmd_ln_free_r(r->config);
    free(r);
}

static struct desk_dictionary *dictionary; /* everybody's, made with the first recogniser */

static void add_phone_loop(ps_decoder_t *ps)
{
    for (const char *const *ph = desk_grammar_phones; *ph; ph++) {
        char word[16];
        snprintf(word, sizeof word, DESK_GRAMMAR_GARBAGE "%s", *ph);
        for (char *c = word; *c; c++)
            *c = (char)tolower((unsigned char)*c);
        (void)ps_add_word(ps, word, *ph, ph[1] == NULL);
    }
}

/* A word that is added later would be put into every language model, with all the weight there is,
 * and the searches would not know its number. */
static void forget_models(struct recogniser *r)
{
    for (size_t i = 0; i < MAX_MODELS; i++) {
        if (r->models[i].name[0])
            ps_unset_search(r->ps, r->models[i].name);
        r->models[i] = (struct search){.used = 0};
    }
}

/* flite's letter-to-sound rules, for names and words the dictionary lacks */
static bool add_by_rule(struct recogniser *r, const char *word)
{
    char phones[256] = "";
    size_t w = 0;
    desk_flite_lock();
    const cst_lexicon *lex = cmu_lex_init();
    cst_val *list = lex ? lex_lookup(lex, word, NULL, NULL) : NULL;
    for (const cst_val *v = list; v && w + 8 < sizeof phones; v = val_cdr(v)) {
        char ph[8] = "";
        snprintf(ph, sizeof ph, "%s", val_string(val_car(v)));
        ph[strcspn(ph, "012")] = '\0';
        for (char *c = ph; *c; c++)
            *c = (char)toupper((unsigned char)*c);
        w += (size_t)snprintf(phones + w, sizeof phones - w, "%s%s", w ? " " : "",
                              strcmp(ph, "AX") == 0 ? "AH" : ph);
    }
    if (list)
        delete_val(list);
    desk_flite_unlock();
    if (w > 0)
        forget_models(r);
    return w > 0 && ps_add_word(r->ps, word, phones, FALSE) >= 0;
}

static void add_one(void *ctx, const char *name, const char *phones)
{
    struct recogniser *r = ctx;
    (void)ps_add_word(r->ps, name, phones, FALSE);
}

static bool add_known(struct recogniser *r, const char *word)
{
    forget_models(r);
    return desk_dictionary_find(dictionary, word, add_one, r) > 0;
}

static bool can_say(void *ctx, const char *word)
{
    struct recogniser *r = ctx;
    char *phones = ps_lookup_word(r->ps, word);
    bool have = phones != NULL;
    free(phones);
    return have || add_known(r, word) || add_by_rule(r, word);
}

/* What is said to every business: then words that a business adds are few, and rare. */
static void add_common(struct recogniser *r)
{
    struct desk_buf text;
    desk_buf_init(&text, DESK_MAX_LM);
    (void)!desk_lm_build(&text, "", LM_PRIOR, can_say, r);
    for (int expect = 0; expect < DESK_EXPECT__MAX; expect++) {
        desk_buf_reset(&text);
        desk_grammar_build(&text, (enum desk_dialog_expect)expect, "", &weights, can_say, r);
    }
    desk_buf_clear(&text);
}

/* The parts that all recognisers share. Under the lock: the library keeps its log file in a global,
 * too. */
static bool open_shared(struct recogniser *r)
{
    if (!dictionary)
        dictionary = desk_dictionary_open(MODEL_DIR "/cmudict-en-us.dict");
    err_set_callback(quiet, NULL); /* it writes a page of progress to stderr */
    r->ps = r->config && dictionary ? ps_init(r->config) : NULL;
    return r->ps != NULL;
}

static void *open_recogniser(void)
{
    static pthread_mutex_t start = PTHREAD_MUTEX_INITIALIZER;
    struct recogniser *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    r->config = cmd_ln_init(NULL, ps_args(), FALSE, "-hmm", MODEL_DIR "/en-us", "-logfn",
                            "/dev/null", "-wip", WORD_COST, "-fillprob", FILLER_COST,
                            "-remove_noise", "no", "-remove_silence", "no", NULL);
    pthread_mutex_lock(&start);
    bool ok = open_shared(r);
    pthread_mutex_unlock(&start);
    if (!ok) {
        desk_log(DESK_LOG_ERROR, "stt.model_missing", "path=%s", MODEL_DIR);
        close_recogniser(r);
        return NULL;
    }
    add_phone_loop(r->ps);
    add_common(r);
    return r;
}

static uint64_t hash_text(const char *s, uint64_t h)
{
    for (; *s; s++)
        h = (h ^ (unsigned char)*s) * 1099511628211u;
    return h;
}

/* The row of that name, or the one that was not used for longest. */
static struct search *find_kept(struct search *rows, size_t n, const char *name)
{
    struct search *oldest = rows;
    for (size_t i = 0; i < n; i++) {
        if (strcmp(rows[i].name, name) == 0)
            return &rows[i];
        if (rows[i].used < oldest->used)
            oldest = &rows[i];
    }
    return oldest;
}

static bool add_grammar(struct recogniser *r, const char *name, const struct desk_stt_ask *ask)
{
    struct desk_buf text;
    desk_buf_init(&text, DESK_GRAMMAR_MAX);
    desk_grammar_build(&text, ask->expect, ask->vocabulary, &weights, can_say, r);
    bool ok = desk_buf_ok(&text) && ps_set_jsgf_string(r->ps, name, desk_buf_cstr(&text)) == 0;
    desk_buf_clear(&text);
    return ok;
}

/* The library reads models from files only: this one has no name and no disk. */
static ngram_model_t *read_model(struct recogniser *r, const struct desk_buf *text)
{
    char path[40];
    size_t done = 0;
    ngram_model_t *lm = NULL;
    int fd = memfd_create("lm", MFD_CLOEXEC);
    for (ssize_t n = 1; fd >= 0 && n > 0 && done<text->len; done += n> 0 ? (size_t)n : 0)
        n = write(fd, text->p + done, text->len - done);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (fd >= 0 && done == text->len)
        lm = ngram_model_read(NULL, path, NGRAM_ARPA, ps_get_logmath(r->ps));
    if (fd >= 0)
        close(fd);
    if (lm)
        ngram_model_apply_weights(lm, LM_WEIGHT, LM_WORD_COST);
    return lm;
}

static bool add_model(struct recogniser *r, const char *name, const struct desk_stt_ask *ask)
{
    struct desk_buf text;
    desk_buf_init(&text, DESK_MAX_LM);
    enum desk_rc rc = desk_lm_build(&text, ask->vocabulary, LM_PRIOR, can_say, r);
    ngram_model_t *lm = rc == DESK_OK ? read_model(r, &text) : NULL;
    desk_buf_clear(&text);
    bool ok = lm && ps_set_lm(r->ps, name, lm) == 0;
    if (lm)
        ngram_model_free(lm); /* the search has its own hold on it */
    if (!ok)
        desk_log(DESK_LOG_WARN, "stt.no_language_model", "why=%s",
                 rc == DESK_OK ? "unread" : desk_rc_name(rc));
    return ok;
}

/* Make a grammar (kind 'g') or language model ('m') for this question the decoder's search; build
 * it if it is not kept. */
static bool choose(struct recogniser *r, char kind, const struct desk_stt_ask *ask)
{
    char name[24];
    bool grammar = kind == 'g';
    struct search *rows = grammar ? r->grammars : r->models;
    snprintf(name, sizeof name, "%c%d-%016llx", kind, grammar ? (int)ask->expect : 0,
             (unsigned long long)hash_text(ask->vocabulary, 14695981039346656037u));
    struct search *row = find_kept(rows, grammar ? MAX_SEARCH : MAX_MODELS, name);
    if (strcmp(row->name, name) != 0) {
        if (!(grammar ? add_grammar : add_model)(r, name, ask))
            return false;
        row = find_kept(rows, grammar ? MAX_SEARCH : MAX_MODELS, name); /* some were forgotten */
        if (row->name[0])
            ps_unset_search(r->ps, row->name);
        snprintf(row->name, sizeof row->name, "%s", name);
    }
    row->used = ++r->clock;
    return ps_set_search(r->ps, name) == 0;
}

/* per frame of the words, silence and fillers apart */
static int mean_score(ps_decoder_t *ps)
{
    int64_t sum = 0, frames = 0;
    for (ps_seg_t *it = ps_seg_iter(ps); it; it = ps_seg_next(it)) {
        const char *word = ps_seg_word(it);
        int from = 0, to = 0;
        int32 acoustic = 0, language = 0, back = 0;
        if (!word || strchr("<[(+", *word))
            continue;
        ps_seg_frames(it, &from, &to);
        (void)ps_seg_prob(it, &acoustic, &language, &back);
        sum += acoustic;
        frames += to - from + 1;
        if (to - from > WORD_MAX) {
            ps_seg_free(it);
            return INT_MIN;
        }
    }
    /* a word or two found in a long speech is not its answer */
    bool covered = frames > 0 && frames * COVER >= ps_get_n_frames(ps);
    return covered ? (int)(sum / frames) : INT_MIN;
}

/* with the search that is chosen */
static enum desk_rc decode(struct recogniser *r, const struct desk_stt_ask *ask,
                           const struct attempt *how)
{
    size_t n = 0;
    int16_t *pcm = desk_stt_prepare(ask->pcm, ask->n, how->level, how->noise, &n);
    if (!pcm)
        return DESK_ENOMEM;
    bool ok = ps_start_utt(r->ps) == 0 && ps_process_raw(r->ps, pcm, n, FALSE, TRUE) >= 0 &&
              ps_end_utt(r->ps) == 0;
    free(pcm);
    return ok ? DESK_OK : DESK_EUPSTREAM;
}

static enum desk_rc hear_answer(struct recogniser *r, const struct desk_stt_ask *ask,
                                struct desk_stt_heard *heard)
{
    enum desk_rc rc = choose(r, 'g', ask) ? DESK_OK : DESK_EUPSTREAM;
    for (size_t i = 0; i < ATTEMPTS && rc == DESK_OK && !heard->text[0]; i++) {
        int32 score = 0;
        rc = decode(r, ask, &attempts[i]);
        if (rc != DESK_OK || mean_score(r->ps) < trust[ask->expect] + attempts[i].stricter)
            continue;
        desk_grammar_clean(heard->text, sizeof heard->text, ps_get_hyp(r->ps, &score));
    }
    return rc;
}

static void collect(ps_decoder_t *ps, struct desk_trust_hearing *h)
{
    logmath_t *log = ps_get_logmath(ps);
    h->n = 0;
    for (ps_seg_t *it = ps_seg_iter(ps); it; it = ps_seg_next(it)) {
        int from = 0, to = 0;
        int32 acoustic = 0, language = 0, back = 0;
        int32 posterior = ps_seg_prob(it, &acoustic, &language, &back);
        ps_seg_frames(it, &from, &to);
        if (ps_seg_word(it) && to >= from)
            desk_trust_add(h, ps_seg_word(it), from, to, acoustic / (to - from + 1),
                           logmath_exp(log, posterior));
    }
}

/* What the language model makes of it; what the grammar made is in heard. A model that cannot be
 * built or used changes nothing. */
static void second_opinion(struct recogniser *r, const struct desk_stt_ask *ask,
                           struct desk_stt_heard *heard)
{
    struct desk_trust_hearing took[ATTEMPTS];
    char answer[sizeof heard->text];
    if (!two_hear[ask->expect] || !choose(r, 'm', ask))
        return;
    for (size_t i = 0; i < ATTEMPTS; i++) {
        if (decode(r, ask, &attempts[i]) != DESK_OK)
            return;
        collect(r->ps, &took[i]);
    }
    memcpy(answer, heard->text, sizeof answer);
    desk_trust_judge(heard->text, sizeof heard->text, &took[0], &took[1], answer, ask->expect);
}

static enum desk_rc hear_utterance(void *self, const struct desk_stt_ask *ask,
                                   struct desk_stt_heard *heard)
{
    heard->text[0] = '\0';
    if (ask->expect == DESK_EXPECT_NOTHING || ask->n == 0)
        return DESK_OK;
    enum desk_rc rc = hear_answer(self, ask, heard);
    if (rc == DESK_OK)
        second_opinion(self, ask, heard);
    return rc;
}

/* Built with AddressSanitizer: sphinxbase's grammar scanner loses 40 small objects per grammar. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_options(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libsphinxbase\n";
}
const char *__lsan_default_options(void)
{
    return "print_suppressions=0";
}

const struct desk_stt_backend desk_stt_pocketsphinx = {
    .name = "pocketsphinx",
    .help =
        "grammars and a language model of the business's words, on Debian's en-us model; offline",
    .open = open_recogniser,
    .hear = hear_utterance,
    .close = close_recogniser,
};
