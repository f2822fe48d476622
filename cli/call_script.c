/* What the caller does, step by step, and the language of script files.
 *
 * A script is lines; # at the start of a line is a comment; empty lines are skipped:
 *
 *   say TEXT              speak TEXT
 *   audio FILE            play a sound file; the path is relative to the script
 *   press KEYS            keys 0-9 * # A-D; w waits half a second, W a second
 *   wait                  until the receptionist has finished
 *   interrupt [SECONDS]   the next line does not wait: it begins SECONDS (default 1) after the
 *                         receptionist began to speak
 *   silence SECONDS       say nothing
 *   hangup                hang up
 *   expect-audio SECONDS  fail the call if the receptionist does not begin to speak within SECONDS
 *
 * say, audio and press first wait for the receptionist to finish, unless an interrupt stands
 * before. After the last line the caller listens, and hangs up when all has been quiet for a while.
 */
#include "cli/call_script.h"
#include "base/limits.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char sim_script_help[] =
    "  say TEXT              speak TEXT\n"
    "  audio FILE            play a sound file; the path is relative to the script\n"
    "  press KEYS            keys 0-9 * # A-D; w waits half a second, W a second\n"
    "  wait                  until the receptionist has finished\n"
    "  interrupt [SECONDS]   the next line does not wait: it begins SECONDS (default 1) after the\n"
    "                        receptionist began to speak\n"
    "  silence SECONDS       say nothing\n"
    "  hangup                hang up\n"
    "  expect-audio SECONDS  fail the call if the receptionist does not begin to speak within "
    "SECONDS\n"
    "  # comment\n"
    "say, audio and press first wait for the receptionist to finish, unless an interrupt stands\n"
    "before. After the last line the caller listens, and hangs up when all has been quiet.\n";

#define STEP_MAX_S 3600

enum arg { ARG_NONE, ARG_TEXT, ARG_PATH, ARG_KEYS, ARG_SECONDS, ARG_MAYBE_SECONDS };

static const struct kind_row {
    const char *name;
    enum arg arg;
    const char *wants;
} kinds[DESK_SIM_STEP__MAX] = {
    [DESK_SIM_SAY] = {"say", ARG_TEXT, "words to say"},
    [DESK_SIM_AUDIO] = {"audio", ARG_PATH, "a sound file"},
    [DESK_SIM_PRESS] = {"press", ARG_KEYS, "keys of 0-9 * # A-D w W, at most 64"},
    [DESK_SIM_WAIT] = {"wait", ARG_NONE, "nothing behind it"},
    [DESK_SIM_INTERRUPT] = {"interrupt", ARG_MAYBE_SECONDS, "seconds, or nothing"},
    [DESK_SIM_SILENCE] = {"silence", ARG_SECONDS, "seconds, like 2.5"},
    [DESK_SIM_HANGUP] = {"hangup", ARG_NONE, "nothing behind it"},
    [DESK_SIM_EXPECT] = {"expect-audio", ARG_SECONDS, "seconds, like 3"},
};

bool sim_keys_ok(const char *s)
{
    size_t n = strlen(s);

    return n >= 1 && n <= 64 && strspn(s, "0123456789*#ABCDwW") == n;
}

struct desk_sim_script *desk_sim_script_new(void)
{
    return calloc(1, sizeof(struct desk_sim_script));
}

void desk_sim_script_free(struct desk_sim_script *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->n; i++) {
        free(s->steps[i].text);
        free(s->steps[i].words);
        sim_sound_clear(&s->steps[i].sound);
    }
    free(s->steps);
    free(s);
}

/* The text beside a sound file: FILE.wav → FILE.txt, first 4000 bytes, line ends as spaces. */
static char *sidecar(const char *path)
{
    const char *dot = strrchr(path, '.');
    const char *slash = strrchr(path, '/');
    size_t stem = dot && (!slash || dot > slash) ? (size_t)(dot - path) : strlen(path);
    char *name = malloc(stem + 5), *words = calloc(1, DESK_MAX_SIM_LINE + 1);
    FILE *in = NULL;

    if (name && words) {
        memcpy(name, path, stem);
        memcpy(name + stem, ".txt", 5);
        in = fopen(name, "re");
    }
    if (in) {
        size_t n = fread(words, 1, DESK_MAX_SIM_LINE, in);
        while (n > 0 && (words[n - 1] == '\n' || words[n - 1] == '\r' || words[n - 1] == ' '))
            words[--n] = '\0';
        for (char *p = words; (p = strpbrk(p, "\r\n")) != NULL;)
            *p = ' ';
        fclose(in);
    }
    free(name);
    return words;
}

static bool text_fits(enum arg arg, const char *text)
{
    switch (arg) {
    case ARG_TEXT:
        return text && text[0] && strlen(text) <= DESK_MAX_SIM_LINE;
    case ARG_PATH:
        return text && text[0] && strlen(text) < DESK_MAX_SIM_LINE;
    case ARG_KEYS:
        return text && sim_keys_ok(text);
    default:
        return true;
    }
}

enum desk_rc desk_sim_script_add(struct desk_sim_script *s, enum desk_sim_step_kind kind,
                                 const char *text, long ms, char *why, size_t n)
{
    struct sim_step step = {.kind = kind, .ms = ms};

    if (!text_fits(kinds[kind].arg, text)) {
        snprintf(why, n, "%s wants %s", kinds[kind].name, kinds[kind].wants);
        return DESK_EINVAL;
    }
    if (kinds[kind].arg == ARG_PATH && access(text, R_OK) != 0) {
        snprintf(why, n, "cannot read %.200s: %s", text, strerror(errno));
        return DESK_EINVAL;
    }
    if (s->n >= DESK_MAX_SIM_STEPS) {
        snprintf(why, n, "more than %d lines", DESK_MAX_SIM_STEPS);
        return DESK_ELIMIT;
    }
    if (s->n == s->cap) {
        size_t cap = s->cap ? s->cap * 2 : 16;
        struct sim_step *p = realloc(s->steps, cap * sizeof *p);
        if (!p)
            goto no_memory;
        s->steps = p;
        s->cap = cap;
    }
    if (text && !(step.text = strdup(text)))
        goto no_memory;
    if (kind == DESK_SIM_SAY || kind == DESK_SIM_AUDIO) {
        step.words = kind == DESK_SIM_SAY ? strdup(text) : sidecar(text);
        if (!step.words)
            goto no_memory;
    }
    s->steps[s->n++] = step;
    return DESK_OK;
no_memory:
    free(step.text);
    snprintf(why, n, "out of memory");
    return DESK_ENOMEM;
}

bool sim_seconds_parse(const char *s, double max_s, long *ms)
{
    char *end;
    double v;

    errno = 0;
    v = strtod(s, &end);
    if (errno || end == s || *end || !(v >= 0.0 && v <= max_s))
        return false;
    *ms = (long)(v * 1000.0 + 0.5);
    return true;
}

/* path as the script means it: relative to the script's own folder. NULL: no memory. */
static char *beside(const char *script, const char *path)
{
    const char *slash = strrchr(script, '/');
    char *out = NULL;

    if (path[0] == '/' || !slash)
        return strdup(path);
    if (asprintf(&out, "%.*s/%s", (int)(slash - script), script, path) < 0)
        return NULL;
    return out;
}

static char *trim(char *s)
{
    size_t n;

    s += strspn(s, " \t\r\n");
    n = strlen(s);
    while (n > 0 && strchr(" \t\r\n", s[n - 1]))
        s[--n] = '\0';
    return s;
}

static enum desk_rc line_add(struct desk_sim_script *s, const char *script, char *line, char *why,
                             size_t n)
{
    size_t word = strcspn(line, " \t"), kind = 0;
    char *rest = trim(line + word), *path = NULL;
    enum desk_rc rc;
    enum arg arg;
    long ms = 1000;

    while (kind < DESK_SIM_STEP__MAX &&
           (strlen(kinds[kind].name) != word || strncmp(kinds[kind].name, line, word) != 0))
        kind++;
    if (kind == DESK_SIM_STEP__MAX) {
        snprintf(why, n, "unknown command \"%.*s\"", (int)(word > 40 ? 40 : word), line);
        return DESK_EINVAL;
    }
    arg = kinds[kind].arg;
    if ((arg == ARG_NONE && rest[0]) ||
        (arg == ARG_SECONDS && !sim_seconds_parse(rest, STEP_MAX_S, &ms)) ||
        (arg == ARG_MAYBE_SECONDS && rest[0] && !sim_seconds_parse(rest, STEP_MAX_S, &ms))) {
        snprintf(why, n, "%s wants %s", kinds[kind].name, kinds[kind].wants);
        return DESK_EINVAL;
    }
    if (arg == ARG_PATH && rest[0] && !(path = beside(script, rest)))
        return DESK_ENOMEM;
    rc = desk_sim_script_add(s, (enum desk_sim_step_kind)kind, path ? path : rest, ms, why, n);
    free(path);
    return rc;
}

enum desk_rc desk_sim_script_read(struct desk_sim_script *s, const char *path, char *why, size_t n)
{
    char line[DESK_MAX_SIM_LINE + 64], reason[160] = "";
    enum desk_rc rc = DESK_OK;
    unsigned no = 0;
    FILE *in = fopen(path, "re");

    if (!in) {
        snprintf(why, n, "%s: %s", path, strerror(errno));
        return DESK_EINVAL;
    }
    while (rc == DESK_OK && fgets(line, sizeof line, in)) {
        char *text = line;
        no++;
        if (!strchr(line, '\n') && !feof(in)) {
            rc = DESK_ELIMIT;
            snprintf(reason, sizeof reason, "longer than %d characters", DESK_MAX_SIM_LINE);
            break;
        }
        if (no == 1 && strncmp(text, "\xef\xbb\xbf", 3) == 0)
            text += 3; /* some editors begin with a byte order mark */
        text = trim(text);
        if (text[0] && text[0] != '#')
            rc = line_add(s, path, text, reason, sizeof reason);
    }
    if (rc == DESK_OK && ferror(in)) {
        rc = DESK_EINVAL;
        snprintf(reason, sizeof reason, "cannot be read");
    }
    if (rc != DESK_OK)
        snprintf(why, n, "%s line %u: %s", path, no, reason);
    fclose(in);
    return rc;
}

enum desk_rc desk_sim_script_render(struct desk_sim_script *s, char *why, size_t n)
{
    char reason[128] = "";
    enum desk_rc rc = DESK_OK;

    for (size_t i = 0; i < s->n && rc == DESK_OK; i++) {
        struct sim_step *step = &s->steps[i];
        if (step->sound.ulaw)
            continue;
        if (step->kind == DESK_SIM_SAY)
            rc = sim_sound_speak(&step->sound, SIM_VOICE_CALLER, step->text, reason, sizeof reason);
        else if (step->kind == DESK_SIM_AUDIO)
            rc = sim_sound_file(&step->sound, step->text, reason, sizeof reason);
        if (rc != DESK_OK)
            snprintf(why, n, "%s \"%.80s\": %s", kinds[step->kind].name, step->text, reason);
    }
    return rc;
}
