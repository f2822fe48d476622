#include "soak.h"

#include "callers.h"
#include "model.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MS          1000
#define STUCK_US    (40 * 1000 * MS) /* a call that nobody ends is a failure */
#define HUSH_US     (300 * MS)       /* so long quiet: the caller has spoken */
#define ANSWER_MS   300              /* of a goodbye */
#define IDLE_US     3000000
#define SAMPLES_MAX 100000
#define AHEAD_US    25000000 /* sessions made ahead are kept less */

/* How a caller behaves. Not 0: that is the bench's. */
enum caller_plan {
    NEVER_STARTS = 1, /* hangs up before start */
    AT_START,         /* right after it: while the call is claimed */
    DIALLING,         /* while the model is reached */
    TALKS,            /* for a while, then stop and the socket */
    CUT_OFF,          /* the socket is gone without a word */
    SHOUTS,           /* loud now and then, while the other side speaks */
    BAD_TOKEN,
    CALLER_PLANS
};

/* How the server treats a session. */
enum model_plan {
    ECHOES,
    SPEECH,        /* says that the caller speaks, again and again */
    TOOLS,         /* asks for one again and again */
    ENDS,          /* the goodbye */
    DROPS_AT_OPEN, /* … */
    DROPS_AT_SESSION,
    DROPS_LATER,
    FAILS,  /* a response that failed */
    STALLS, /* never says anything again */
    MODEL_PLANS
};

struct tally {
    unsigned long callers[CALLER_PLANS], sessions[MODEL_PLANS];
    unsigned long calls, refused, ended_by_us, stuck, clean, lost;
    uint64_t frames, back, clears;
};

static struct soak_state {
    struct net net;
    struct model model;
    struct load load;
    struct world *world;
    struct program bridge;
    struct tally tally;
    bool over; /* no new calls */
    uint64_t random;
    long *rss;
    size_t n_rss;
} st;

/* Sessions that heard a caller, by his number's last 16 bits. What a session that dropped or
 * stalled had heard is not lost by the bridge, nor is the answer to a noise that the bridge
 * refuses: whoever was given a second session, or is said to speak, is not counted. */
static unsigned char heard_by[65536];

static unsigned any(unsigned below)
{
    st.random = st.random * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(st.random >> 33) % below;
}

/* ---- the server's side ----------------------------------------------------------------------- */

static void say_speech(struct session *s, bool started)
{
    heard_by[s->caller & 0xffff] = 2;
    model_say(s,
              "{\"type\":\"input_audio_buffer.speech_%s\",\"event_id\":\"event_v%u\","
              "\"item_id\":\"said_%u_%u\",\"audio_%s_ms\":%u}",
              started ? "started" : "stopped", s->acts, s->number, s->acts / 2,
              started ? "start" : "end", s->frames * 20);
    if (!started && !s->active)
        model_response(s);
}

static void upon(struct model *m, struct session *s, const char *type)
{
    static const unsigned char mix[] = {
        ECHOES, ECHOES, ECHOES, ECHOES, SPEECH,        SPEECH,           SPEECH,      TOOLS,
        TOOLS,  ENDS,   ENDS,   FAILS,  DROPS_AT_OPEN, DROPS_AT_SESSION, DROPS_LATER, STALLS};
    (void)m;
    if (strcmp(type, "opened") == 0) {
        s->plan = mix[any(sizeof mix)];
        st.tally.sessions[s->plan]++;
        if (s->plan == DROPS_AT_OPEN)
            model_drop(s);
    } else if (strcmp(type, "heard") == 0 && heard_by[s->caller & 0xffff] < 2) {
        heard_by[s->caller & 0xffff]++;
    } else if (strcmp(type, "loud") == 0 && s->plan == ECHOES) {
        if (!s->loud_us)
            say_speech(s, true);
        s->loud_us = net_us();
    } else if (strcmp(type, "session.update") == 0 && s->plan == DROPS_AT_SESSION) {
        model_drop(s);
    }
}

/* What a session does by the clock. */
static void session_act(struct session *s, int64_t now)
{
    int64_t age = (now - s->opened_us) / MS, since = (now - s->acted_us) / MS;
    bool goodbye = s->plan == ENDS && s->acts > 0;
    if (goodbye && s->active && (now - s->response_us) / MS > ANSWER_MS)
        model_done(s, "completed");
    if (s->loud_us && now - s->loud_us > HUSH_US) {
        s->loud_us = 0;
        say_speech(s, false);
        s->acts += 2; /* another item */
    }
    if (age < 1000 || since < (s->plan == SPEECH ? 350 : 1200))
        return;
    s->acted_us = now;
    switch ((enum model_plan)s->plan) {
    case SPEECH:
        say_speech(s, s->acts % 2 == 0);
        break;
    case TOOLS:
        if (s->active)
            model_tool(s, "log_caller_info", "{\\\"reason\\\":\\\"A tap drips\\\"}");
        break;
    case ENDS:
        if (s->active && s->acts == 0)
            model_tool(s, "end_call", "{\\\"outcome\\\":\\\"completed\\\"}");
        break;
    case DROPS_LATER:
        model_drop(s);
        return;
    case FAILS:
        if (s->active)
            model_done(s, "failed");
        break;
    case STALLS:
        s->mute = true;
        break;
    default:
        break;
    }
    s->acts++;
}

static void sessions_act(int64_t now)
{
    for (struct session *s = st.model.sessions, *next; s; s = next) {
        next = s->next;
        session_act(s, now);
    }
}

/* ---- the callers' side ----------------------------------------------------------------------- */

static void begin(struct caller *c, int64_t now)
{
    static const unsigned char mix[] = {NEVER_STARTS, AT_START, DIALLING, TALKS,   TALKS,
                                        TALKS,        TALKS,    TALKS,    CUT_OFF, SHOUTS,
                                        SHOUTS,       SHOUTS,   BAD_TOKEN};
    static unsigned number;
    *c = (struct caller){.load = &st.load, .number = ++number, .plan = mix[any(sizeof mix)]};
    world_tickets(st.world, &c->ticket, 1);
    if (c->plan == BAD_TOKEN)
        c->ticket.token[0] = c->ticket.token[0] == 'x' ? 'y' : 'x';
    c->start_us = now + any(150) * MS;
    c->hang_us = c->start_us + (c->plan == DIALLING ? any(60) : 1500 + any(5000)) * MS;
    st.tally.callers[c->plan]++;
    st.tally.calls++;
    caller_dial(c);
}

static void account(struct caller *c)
{
    struct tally *t = &st.tally;
    t->refused += c->status != 0;
    t->ended_by_us += c->gone && c->status == 0;
    t->frames += c->frames;
    t->back += c->back;
    t->clears += c->clears;
    if (c->back && !c->clears &&
        heard_by[c->number & 0xffff] < 2) { /* an interrupted one has holes */
        t->clean++;
        t->lost += c->gaps - c->gap_first;
        if (c->gaps > c->gap_first)
            fprintf(stderr, "soak: caller %u (plan %u) misses %llu of %llu frames\n", c->number,
                    c->plan, (unsigned long long)c->gaps, (unsigned long long)c->last_back);
    }
    c->number = 0;
}

static void hang_up(struct caller *c)
{
    if (c->plan == CUT_OFF) {
        conn_close(c->conn, false);
        c->conn = NULL;
    } else {
        caller_stop(c);
    }
}

static void talk(struct caller *c, int64_t now)
{
    if (c->due_us == 0)
        c->due_us = now;
    c->loud = c->plan == SHOUTS && (now - c->begun_us) / (700 * MS) % 3 == 2;
    caller_marks(c, now);
    for (; c->conn && c->due_us <= now; c->due_us += FRAME_US)
        caller_frame(c, now);
}

static void caller_act(struct caller *c, int64_t now)
{
    if (!c->conn) {
        if (c->number)
            account(c);
        if (!st.over && any(100) == 0) /* some 100 ms of pause */
            begin(c, now);
        return;
    }
    if (now - c->begun_us > STUCK_US) {
        st.tally.stuck++;
        hang_up(c);
        return;
    }
    if (!c->conn->open)
        return;
    if (!c->streaming && now >= c->start_us) {
        if (c->plan == NEVER_STARTS) {
            caller_stop(c);
            return;
        }
        caller_start(c);
        if (c->plan == AT_START) {
            caller_stop(c);
            return;
        }
    }
    if (c->streaming)
        talk(c, now);
    if (c->conn && c->streaming && now >= c->hang_us)
        hang_up(c);
}

static size_t turn(void)
{
    size_t open = 0;
    int64_t now = net_us();
    for (size_t i = 0; i < st.load.n; i++) {
        caller_act(&st.load.callers[i], now);
        open += st.load.callers[i].conn != NULL;
    }
    sessions_act(now);
    net_round(&st.net, MS);
    return open;
}

/* ---- what must hold -------------------------------------------------------------------------- */

static int by_size(const void *a, const void *b)
{
    long x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return x < y ? -1 : x > y;
}

/* The middle one of the samples from..to, in fifths of the time. */
static long middle(size_t from, size_t to)
{
    size_t a = st.n_rss * from / 5, b = st.n_rss * to / 5;
    if (a >= b)
        return 0;
    qsort(st.rss + a, b - a, sizeof *st.rss, by_size);
    return st.rss[a + (b - a) / 2];
}

static bool held(bool ok, const char *what)
{
    printf("%s %s\n", ok ? "ok    " : "FAILED", what);
    return ok;
}

/* Of each kind there were some, else this soak has shown nothing of it. */
static bool all_kinds(const struct tally *t)
{
    bool all = true;
    for (size_t i = NEVER_STARTS; i < CALLER_PLANS; i++)
        all = all && t->callers[i] > 0;
    for (size_t i = 0; i < MODEL_PLANS; i++)
        all = all && t->sessions[i] > 0;
    return all;
}

static bool check(int files, int64_t idle_us, int exit_code, bool gone)
{
    char text[200];
    const char *v = getenv("SOAK_GROWTH_KB");
    const struct tally *t = &st.tally;
    long limit = v && *v ? strtol(v, NULL, 10) : 2048, early = middle(1, 2), late = middle(4, 5);
    bool ok = true;
    snprintf(text, sizeof text,
             "memory: %ld kB after a fifth of the time, %ld kB in the last fifth", early, late);
    ok = held(late - early <= limit, text) && ok;
    snprintf(text, sizeof text, "open files: %+d against before the first call", files);
    ok = held(files == 0, text) && ok;
    snprintf(text, sizeof text,
             "frames: %lu calls with one session that nobody interrupted miss %lu", t->clean,
             t->lost);
    ok = held(t->lost == 0 && t->clean > 0, text) && ok;
    snprintf(text, sizeof text, "%llu interruptions", (unsigned long long)t->clears);
    ok = held(t->clears > 0, text) && ok;
    ok = held(all_kinds(t), "callers and sessions of every kind") && ok;
    snprintf(text, sizeof text, "%lu calls that nobody ended", t->stuck);
    ok = held(t->stuck == 0, text) && ok;
    ok = held(gone, "/healthz says calls=0 after the last one") && ok;
    snprintf(text, sizeof text, "idle: %.2f %% of a core", 100.0 * (double)idle_us / IDLE_US);
    ok = held(idle_us < IDLE_US / 50, text) && ok;
    snprintf(text, sizeof text, "exit code %d", exit_code);
    return held(exit_code == 0, text) && ok;
}

static void progress(int64_t begin, bool last)
{
    const struct tally *t = &st.tally;
    printf("%5lld s  %6lu calls  %4d files  %7ld kB  %8llu frames out, %8llu back  %5llu clears  "
           "CPU %lld ms\n",
           (long long)(net_us() - begin) / 1000000, t->calls, open_files(st.bridge.pid),
           resident_kb(st.bridge.pid, false), (unsigned long long)t->frames,
           (unsigned long long)t->back, (unsigned long long)t->clears,
           (long long)used_us(st.bridge.pid) / 1000);
    for (size_t i = 0; last && i < CALLER_PLANS; i++)
        printf("%s%lu", i ? " " : "callers by plan: ", t->callers[i]);
    for (size_t i = 0; last && i < MODEL_PLANS; i++)
        printf("%s%lu", i ? " " : "; sessions by plan: ", t->sessions[i]);
    if (last)
        printf("; ended by the bridge %lu, refused %lu\n", t->ended_by_us, t->refused);
    fflush(stdout);
}

/* calls=N of /healthz, -1 without an answer. */
static long healthz(void)
{
    char line[128], text[512] = "";
    snprintf(line, sizeof line,
             "exec 3<>/dev/tcp/127.0.0.1/%d; printf 'GET /healthz HTTP/1.0\\r\\n"
             "Host: x\\r\\n\\r\\n' >&3; cat <&3",
             st.bridge.port);
    struct program p = world_shell(st.world, line);
    ssize_t n, at = 0;
    while ((n = program_read(&p, text + at, sizeof text - 1 - (size_t)at)) > 0)
        at += n;
    text[at] = '\0';
    program_stop(&p, SIGKILL, 1000);
    const char *calls = strstr(text, "calls=");
    return calls ? strtol(calls + 6, NULL, 10) : -1;
}

static void set_up(struct world *w, size_t n)
{
    static const char *const more[] = {"SILENCE_PROMPT_S=0", "NO_WORDS_S=0", "BRIDGE_DRAIN_S=5",
                                       "RECORD_CALLS=own", "CONSENT_RULE=not_needed"};
    enum { MORE = sizeof more / sizeof *more };
    const char *env[MORE + 2];
    char url[64], pem[128];
    st.world = w;
    st.random = 20240607;
    st.rss = calloc(SAMPLES_MAX, sizeof *st.rss);
    snprintf(pem, sizeof pem, "%s/model.pem", w->data);
    net_init(&st.net);
    model_open(&st.model, &st.net, pem);
    st.model.upon = upon;
    snprintf(url, sizeof url, "REALTIME_URL=ws://127.0.0.1:%d/v1/realtime", st.model.plain.port);
    env[0] = url;
    for (size_t i = 0; i < MORE; i++)
        env[i + 1] = more[i];
    env[MORE + 1] = NULL;
    st.bridge = world_bridge(w, NO_CORE, env);
    load_open(&st.load, &st.net, st.bridge.port);
    st.load.n = n;
}

static void tear_down(void)
{
    model_close(&st.model);
    load_clear(&st.load);
    net_clear(&st.net);
    free(st.rss);
}

int soak(struct world *w, long seconds)
{
    const char *v = getenv("SOAK_CALLS");
    long n = v && *v ? strtol(v, NULL, 10) : 50;
    set_up(w, n > 0 && n <= CALLER_MAX ? (size_t)n : 50);
    for (int i = 0; i < 300; i++) /* its threads open the database */
        net_round(&st.net, 10 * MS);
    int files = open_files(st.bridge.pid);
    int64_t start = net_us(), end = start + seconds * 1000000, sample = start, told = start;
    for (int64_t now; (now = net_us()) < end;) {
        turn();
        if (now >= sample && st.n_rss < SAMPLES_MAX) {
            st.rss[st.n_rss++] = resident_kb(st.bridge.pid, false);
            sample += 250 * MS;
        }
        if (now >= told) {
            progress(start, false);
            told += seconds > 100 ? 30000000 : 5000000;
        }
    }
    st.over = true;
    while (turn() > 0)
        ;
    turn(); /* the last are counted */
    long calls = -1;
    for (int i = 0; i < 400 && (calls = healthz()) != 0; i++)
        for (int k = 0; k < 10; k++)
            net_round(&st.net, 10 * MS);
    /* a session made ahead of a call that never came is kept for a while */
    for (int64_t most = net_us() + AHEAD_US; net_us() < most && open_files(st.bridge.pid) > files;)
        net_round(&st.net, 100 * MS);
    int64_t cpu = used_us(st.bridge.pid);
    for (int64_t quiet = net_us() + IDLE_US; net_us() < quiet;)
        net_round(&st.net, 10 * MS);
    cpu = used_us(st.bridge.pid) - cpu;
    progress(start, true);
    files = open_files(st.bridge.pid) - files;
    int code = program_stop(&st.bridge, SIGTERM, 20000);
    bool ok = check(files, cpu, code, calls == 0);
    tear_down();
    return ok ? 0 : 1;
}
