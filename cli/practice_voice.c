/* frontdesk practice --voice: the caller telephones. The whole stack runs in the caller's folder as
 * `frontdesk demo` runs it, at the caller's time; the phone simulator plays Twilio, flite is the
 * caller's voice, the offline engine hears. What the receptionist said is read from the copy's
 * database, as it was in the caller's ear. */
#include "cli/call.h"
#include "cli/call_script.h"
#include "cli/call_socket.h"
#include "cli/demo_stack.h"
#include "cli/practice.h"
#include "base/clock.h"
#include "base/file.h"
#include "store/conversation.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define CALL_MS  300000
#define HEAR_MS  2000 /* until words that were heard are in the database */
#define WRITE_MS 8000 /* and a call's end */
#define POLL_MS  100
#define TURNS    400
#define SILENT_S 9

struct telephoning {
    struct desk_practice_place *pl;
    const struct desk_practice *p;
    struct desk_sim_script *script;
    struct desk_practice_stand stand;
    struct desk_practice_slot slots[DESK_PRACTICE_SLOTS];
    size_t n_slots, n_runs, heard, said;
    char call_sid[40], words[4000];
};

static void on_event(void *ctx, const struct desk_sim_event *ev)
{
    struct telephoning *k = ctx;
    snprintf(k->call_sid, sizeof k->call_sid, "%s", ev->call_sid);
}

/* What she said since the caller's last line, as soon as it is there. */
static const char *listen(struct telephoning *k, const struct desk_call *c)
{
    struct desk_turn *t;
    size_t n = 0, w = 0, ours = 0;
    k->words[0] = '\0';
    for (int64_t until = desk_mono_ms() + HEAR_MS; !w && desk_mono_ms() < until;) {
        if (desk_turn_list(k->pl->db, k->pl->a, c->tenant_id, c->id, TURNS, &t, &n))
            n = 0;
        ours = 0;
        for (size_t i = 0; i < n; i++)
            if (strcmp(t[i].who, DESK_WHO_DESK) == 0 && ours++ >= k->heard &&
                w + 1 < sizeof k->words)
                w += (size_t)snprintf(k->words + w, sizeof k->words - w, "%s%s", w ? " " : "",
                                      t[i].text ? t[i].text : "");
        if (!w)
            desk_sleep_ms(POLL_MS);
    }
    k->heard = ours;
    return k->words;
}

static void speak(struct sim_step *step, const char *text)
{
    char why[200];
    char *words = strdup(text);
    if (words) { /* for who looks on */
        free(step->text);
        step->text = words;
    }
    if (sim_sound_speak(&step->sound, SIM_VOICE_CALLER, text, why, sizeof why)) {
        step->kind = DESK_SIM_SILENCE;
        step->ms = 1000;
    }
}

/* The next line, when it is the caller's turn. */
static void live(void *ctx, size_t at)
{
    struct telephoning *k = ctx;
    struct desk_call c;
    struct desk_practice_reply r;
    struct sim_step *step = &k->script->steps[at];
    bool there = desk_call_by_sid(k->pl->db, k->pl->a, k->call_sid, &c) == DESK_OK;
    const char *words = there ? listen(k, &c) : "";
    if (k->said++ == 0) {
        speak(step, k->p->opening);
        return;
    }
    if (!there || desk_practice_slots(k->pl, c.id, &k->n_runs, k->slots, &k->n_slots))
        k->n_slots = 0;
    desk_practice_reply(k->p, &k->stand, &(struct desk_practice_heard){words, k->slots, k->n_slots},
                        &r);
    if (r.leaves || k->said > (size_t)k->p->max_turns) {
        step->kind = DESK_SIM_HANGUP;
    } else if (r.silent || !*r.text) {
        step->kind = DESK_SIM_SILENCE;
        step->ms = SILENT_S * 1000;
    } else {
        speak(step, r.text);
    }
}

/* Lines to be made up: one for each turn, and one to hang up by. */
static bool make_script(struct telephoning *k, char *why, size_t n)
{
    k->script = desk_sim_script_new();
    enum desk_rc rc = k->script ? DESK_OK : DESK_ENOMEM;
    for (long i = 0; !rc && i < k->p->max_turns + 2; i++)
        rc = desk_sim_script_add(k->script, DESK_SIM_SAY, "…", 0, why, n);
    if (rc)
        return false;
    k->script->live = live;
    k->script->live_ctx = k;
    return true;
}

static bool is_over(const struct telephoning *k)
{
    struct desk_call c;
    return desk_call_by_sid(k->pl->db, k->pl->a, k->call_sid, &c) == DESK_OK && c.ended_at &&
           c.outcome;
}

static bool place(struct telephoning *k, struct demo_stack *stack, char *why, size_t n)
{
    char path[DESK_PATH_LEN], port[16] = "", token[128] = "", url[64];
    struct desk_sim_options o;
    struct desk_sim_result result;
    snprintf(why, n, "the stack tells no port or token");
    if (!desk_file_line(port, sizeof port, desk_path_run(path, "port")) ||
        !desk_file_line(token, sizeof token, desk_path_run(path, "twilio-token")))
        return false;
    stack->port = (int)strtol(port, NULL, 10);
    snprintf(url, sizeof url, "http://127.0.0.1:%d", stack->port);
    desk_sim_options_init(&o);
    o.url = o.public_url = url;
    o.to = k->pl->number;
    o.from = k->pl->from ? k->pl->from : "+12025550100";
    o.withheld = !k->pl->from;
    o.token = token;
    o.script = k->script;
    o.max_ms = CALL_MS;
    o.dial_result = desk_practice_dialled(k->pl->a, k->p);
    if (strcmp(o.dial_result, "completed") == 0)
        o.dial_result = "answered";
    o.on_event = on_event;
    o.ctx = k;
    sim_socket_verbose(false);
    if (desk_sim_call(&o, &result)) {
        snprintf(why, n, "no call: %s", result.why);
        return false;
    }
    for (int64_t until = desk_mono_ms() + WRITE_MS; !is_over(k) && desk_mono_ms() < until;)
        desk_sleep_ms(POLL_MS);
    snprintf(why, n, "the call did not come to its end: %s", result.why);
    return is_over(k);
}

bool practice_voice(struct desk_practice_place *pl, const struct desk_practice *p,
                    const char *folder, char *why, size_t n)
{
    struct timespec ts;
    char shift[32];
    atomic_bool never = false;
    struct telephoning *k = desk_arena_alloc(pl->a, sizeof *k);
    struct demo_stack stack = {.pid = 0};
    snprintf(stack.folder, sizeof stack.folder, "%s", folder);
    snprintf(why, n, "there is no memory");
    if (!k)
        return false;
    *k = (struct telephoning){.pl = pl, .p = p};
    pl->by_voice = true;
    clock_gettime(CLOCK_REALTIME, &ts);
    snprintf(shift, sizeof shift, "%lld", (long long)(p->now - (int64_t)ts.tv_sec * 1000));
    setenv(DESK_CLOCK_SHIFT, shift, 1);
    bool ok = make_script(k, why, n);
    if (ok) {
        snprintf(why, n, "the stack did not start");
        ok = demo_stack_start(&stack) && demo_stack_ready(&stack, &never);
        if (!ok)
            demo_stack_log(&stack);
    }
    unsetenv(DESK_CLOCK_SHIFT);
    ok = ok && place(k, &stack, why, n);
    demo_stack_stop(&stack);
    desk_sim_script_free(k->script);
    return ok;
}
