/* Recognition by pocketsphinx (0.8+5prealpha) with Debian's en-us model. The only file that names
 * ps_. The model wants 16 kHz: telephone audio is resampled. Each utterance is decoded whole, with
 * the mean of its own cepstra removed, which suits short answers.
 *
 * The model hears no dialogue: what it listens for is one grammar a question (grammar.h). Grammars
 * are built once and kept in the decoder under the hash of their text. */
#include "speech/stt.h"

#include "base/buf.h"
#include "base/log.h"
#include "speech/grammar.h"

#include <ctype.h>
#include <limits.h>
#include <math.h>
#include <pthread.h>
#include <pocketsphinx.h>
#include <sphinxbase/err.h>
#include <speex/speex_resampler.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "speech/flite_voices.h"
#include "speech/tts.h"

#define MODEL_DIR   "/usr/share/pocketsphinx/model/en-us"
#define MODEL_RATE  16000
#define MAX_SEARCH  24   /* grammars kept in one decoder */
#define PAD_SAMPLES 1600 /* 0.2 s of quiet on each side, at 8 kHz */

struct recogniser {
    ps_decoder_t *ps;
    cmd_ln_t *config;
    struct {
        char name[24];
        unsigned used;
    } kept[MAX_SEARCH];
    unsigned clock;
};

/* How loud the voice is made and how much noise is added, of 32767. What is not trusted at first is
 * heard once more the other way: it costs a twentieth of the speech's length. */
static const struct attempt {
    double level;
    int noise;
    int stricter; /* added to the trust that is needed */
} attempts[] = {{3000.0, 100, 0}, {3000.0, 60, 5}};

/* Trust in an answer: mean acoustic score of a frame inside its words, in the decoder's log units
 * (0 = every frame fitted best). Answers that were listened for lie above, other speech below;
 * measured on recordings through 8 kHz µ-law (tests/unit/test_speech.c). */
static const int trust[DESK_EXPECT__MAX] = {
    [DESK_EXPECT_ANYTHING] = -48, [DESK_EXPECT_YESNO] = -42, [DESK_EXPECT_NAME] = -42,
    [DESK_EXPECT_NUMBER] = -40,   [DESK_EXPECT_WHEN] = -45,  [DESK_EXPECT_CHANGE] = -42,
};

/* decoder options that differ from the model's own: a word costs much, so that the loop of phones
 * does not win over real words; the model's noise words cost more, or they would swallow speech */
#define FRAME    160 /* 20 ms */
#define EDGE     5   /* frames */
#define GAIN_MAX 16.0
/* frames: nobody takes longer for a word; other speech forced into it does */
#define WORD_MAX    130
#define COVER       4 /* the words must fill a fourth of the utterance */
#define WORD_COST   "0.01"
#define FILLER_COST "1e-40"

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

static pthread_mutex_t start = PTHREAD_MUTEX_INITIALIZER;

static void *open_recogniser(void)
{
    struct recogniser *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    r->config =
        cmd_ln_init(NULL, ps_args(), FALSE, "-hmm", MODEL_DIR "/en-us", "-dict",
                    MODEL_DIR "/cmudict-en-us.dict", "-logfn", "/dev/null", "-wip", WORD_COST,
                    "-fillprob", FILLER_COST, "-remove_noise", "no", "-remove_silence", "no", NULL);
    pthread_mutex_lock(&start);    /* the library keeps its log file in a global */
    err_set_callback(quiet, NULL); /* it writes a page of progress to stderr */
    r->ps = r->config ? ps_init(r->config) : NULL;
    pthread_mutex_unlock(&start);
    if (!r->ps) {
        desk_log(DESK_LOG_ERROR, "stt.model_missing", "path=%s", MODEL_DIR);
        close_recogniser(r);
        return NULL;
    }
    add_phone_loop(r->ps);
    return r;
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
    return w > 0 && ps_add_word(r->ps, word, phones, FALSE) >= 0;
}

static bool can_say(void *ctx, const char *word)
{
    struct recogniser *r = ctx;
    char *phones = ps_lookup_word(r->ps, word);
    bool have = phones != NULL;
    free(phones);
    return have || add_by_rule(r, word);
}

static uint64_t hash_text(const char *s, uint64_t h)
{
    for (; *s; s++)
        h = (h ^ (unsigned char)*s) * 1099511628211u;
    return h;
}

/* Make the grammar for this question the decoder's search; build it if it is not kept. */
static bool choose_grammar(struct recogniser *r, const struct desk_stt_ask *ask)
{
    char name[24];
    size_t oldest = 0;
    snprintf(name, sizeof name, "g%d-%016llx", (int)ask->expect,
             (unsigned long long)hash_text(ask->vocabulary, 14695981039346656037u));
    r->clock++;
    for (size_t i = 0; i < MAX_SEARCH; i++) {
        if (strcmp(r->kept[i].name, name) == 0) {
            r->kept[i].used = r->clock;
            return ps_set_search(r->ps, name) == 0;
        }
        if (r->kept[i].used < r->kept[oldest].used)
            oldest = i;
    }
    struct desk_buf text;
    desk_buf_init(&text, DESK_GRAMMAR_MAX);
    desk_grammar_build(&text, ask->expect, ask->vocabulary, &weights, can_say, r);
    bool ok = desk_buf_ok(&text) && ps_set_jsgf_string(r->ps, name, desk_buf_cstr(&text)) == 0;
    desk_buf_clear(&text);
    if (!ok || ps_set_search(r->ps, name) != 0)
        return false;
    if (r->kept[oldest].name[0])
        ps_unset_search(r->ps, r->kept[oldest].name);
    snprintf(r->kept[oldest].name, sizeof r->kept[oldest].name, "%s", name);
    r->kept[oldest].used = r->clock;
    return true;
}

/* Loudness of the voice alone: root mean square of the samples in frames above the average. */
static double voice_level(const int16_t *pcm, size_t n)
{
    double total = 0, loud = 0;
    size_t frames = n / FRAME, used = 0;
    for (size_t i = 0; i < frames * FRAME; i++)
        total += (double)pcm[i] * pcm[i];
    for (size_t f = 0; f < frames; f++) {
        double sum = 0;
        for (size_t i = f * FRAME; i < (f + 1) * FRAME; i++)
            sum += (double)pcm[i] * pcm[i];
        if (sum * (double)frames >= total) {
            loud += sum;
            used++;
        }
    }
    return used > 0 ? sqrt(loud / (double)(used * FRAME)) : 0;
}

/* The noise below has one level, so the voice must have one too. */
static void copy_level(int16_t *out, const int16_t *pcm, size_t n, double wanted)
{
    double level = voice_level(pcm, n), gain = level > 0 ? wanted / level : 1;
    gain = gain > GAIN_MAX ? GAIN_MAX : gain;
    for (size_t i = 0; i < n; i++) {
        double v = pcm[i] * gain;
        out[i] = (int16_t)(v > 32767 ? 32767 : v < -32768 ? -32768 : v);
    }
}

/* Quiet before and after, whose length is the detector's affair, would change the mean cepstrum:
 * leave EDGE frames of it. *n samples become fewer. */
static const int16_t *trim(const int16_t *pcm, size_t *n)
{
    double least = voice_level(pcm, *n) * 0.05;
    size_t frames = *n / FRAME, first = frames, last = 0;
    for (size_t f = 0; f < frames; f++) {
        double sum = 0;
        for (size_t i = f * FRAME; i < (f + 1) * FRAME; i++)
            sum += (double)pcm[i] * pcm[i];
        if (sqrt(sum / FRAME) > least) {
            first = first == frames ? f : first;
            last = f;
        }
    }
    if (first == frames)
        return pcm;
    first = first > EDGE ? first - EDGE : 0;
    last = last + EDGE < frames ? last + EDGE : frames - 1;
    *n = (last - first + 1) * FRAME;
    return pcm + first * FRAME;
}

/* 8 → 16 kHz with quiet padding; free() it. The upper half of the band is empty on a telephone
 * line: a little noise keeps the model from seeing minus infinity there. */
static int16_t *upsample(const struct desk_stt_ask *ask, const struct attempt *how, size_t *n)
{
    int err = 0;
    unsigned dither = 1; /* the same audio gives the same words */
    size_t length = ask->n;
    const int16_t *pcm = trim(ask->pcm, &length);
    size_t in_total = length + 2 * PAD_SAMPLES;
    spx_uint32_t in_len = (spx_uint32_t)in_total, out_len = (spx_uint32_t)in_total * 2;
    int16_t *in = calloc(in_total, sizeof *in), *out = calloc((size_t)out_len, sizeof *out);
    SpeexResamplerState *rs = speex_resampler_init(1, DESK_STT_RATE, MODEL_RATE, 5, &err);
    if (in && out && rs) {
        copy_level(in + PAD_SAMPLES, pcm, length, how->level);
        speex_resampler_process_int(rs, 0, in, &in_len, out, &out_len);
        for (size_t i = 0; i < out_len; i++) {
            dither = dither * 1103515245u + 12345u;
            int v = out[i] + (int)(dither >> 16) % (2 * how->noise) - how->noise;
            out[i] = (int16_t)(v > 32767 ? 32767 : v < -32768 ? -32768 : v);
        }
        *n = out_len;
    } else {
        free(out);
        out = NULL;
    }
    if (rs)
        speex_resampler_destroy(rs);
    free(in);
    return out;
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
        if (to - from > WORD_MAX)
            return INT_MIN;
    }
    /* a word or two found in a long speech is not its answer */
    bool covered = frames > 0 && frames * COVER >= ps_get_n_frames(ps);
    return covered ? (int)(sum / frames) : INT_MIN;
}

static enum desk_rc try_once(struct recogniser *r, const struct desk_stt_ask *ask,
                             const struct attempt *how, struct desk_stt_heard *heard)
{
    size_t n = 0;
    int32 score = 0;
    enum desk_rc rc = DESK_EUPSTREAM;
    int16_t *pcm = upsample(ask, how, &n);
    if (!pcm)
        return DESK_ENOMEM;
    if (ps_start_utt(r->ps) == 0 && ps_process_raw(r->ps, pcm, n, FALSE, TRUE) >= 0 &&
        ps_end_utt(r->ps) == 0) {
        desk_grammar_clean(heard->text, sizeof heard->text, ps_get_hyp(r->ps, &score));
        if (mean_score(r->ps) < trust[ask->expect] + how->stricter)
            heard->text[0] = '\0';
        rc = DESK_OK;
    }
    free(pcm);
    return rc;
}

static enum desk_rc hear_utterance(void *self, const struct desk_stt_ask *ask,
                                   struct desk_stt_heard *heard)
{
    struct recogniser *r = self;
    enum desk_rc rc = DESK_OK;
    heard->text[0] = '\0';
    if (ask->expect == DESK_EXPECT_NOTHING || ask->n == 0)
        return DESK_OK;
    if (!choose_grammar(r, ask))
        return DESK_EUPSTREAM;
    for (size_t i = 0; i < sizeof attempts / sizeof *attempts && rc == DESK_OK && !heard->text[0];
         i++)
        rc = try_once(r, ask, &attempts[i], heard);
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
    .help = "grammars on Debian's en-us model; offline",
    .open = open_recogniser,
    .hear = hear_utterance,
    .close = close_recogniser,
};
