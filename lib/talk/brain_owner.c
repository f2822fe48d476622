/* Who answers the owner's own call in a session: after the PIN, questions about the business's day
 * (talk/owner_answer.h), one sentence at a time, until goodbye. Without the PIN, and after wrong
 * ones, the rules go on as with anybody. What is given as a PIN is kept nowhere
 * (desk_brain_owner_hides). The hook has pages of its own for it (cgi-bin/hook/owner.c). */
#include "talk/brain_set.h"
#include "base/clock.h"
#include "base/log.h"
#include "core/pin.h"
#include "core/route.h"
#include "talk/business.h"
#include "talk/owner_answer.h"
#include "talk/owner_pin.h"

#include <string.h>

#define QUIET_MAX 2 /* silences in a row */
#define ASK_PIN   "Please say or key in your PIN."
#define ASK_WHAT  "What would you like to know?"
#define ORDINARY  "I will treat this as an ordinary call."

static const char name[] = "owner";

struct owner {
    const struct desk_brain_turn *t;
    struct desk_brain_answer *a;
    struct desk_business *b;
    bool open;
    json_int_t quiet;
    const char *answer; /* the last one */
};

static bool same(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

static enum desk_rc keep(struct owner *o, const char *say)
{
    desk_brain_say(o->t, o->a, say);
    o->a->brain = name;
    o->a->expect = o->open ? DESK_EXPECT_ANYTHING : DESK_EXPECT_NUMBER;
    return desk_brain_keep(o->t, o->a,
                           json_pack("{s:s, s:b, s:I, s:s}", "by", name, "open", (int)o->open,
                                     "quiet", o->quiet, "answer", o->answer));
}

/* On as anybody's call, from its beginning. */
static enum desk_rc ordinary(struct owner *o, const char *say)
{
    struct desk_brain_turn t = *o->t;
    t.event = DESK_BRAIN_START;
    t.state = NULL;
    desk_brain_say(o->t, o->a, say);
    return desk_brain_rules.turn(&t, o->a);
}

/* ---- the PIN --------------------------------------------------------------------------------- */

static enum desk_rc begin(struct owner *o)
{
    bool may = false;
    const struct desk_call *c = o->t->about->call;
    enum desk_rc rc =
        desk_owner_pin_may_try(o->t->db, o->t->arena, o->b, c->tenant_id, c->from_key, &may);
    if (rc)
        return rc;
    desk_brain_note(o->t, may ? "owner_pin_asked" : "owner_pin_paused",
                    may ? "The owner's number called, so the PIN was asked for."
                        : "Too many wrong PINs came from this number: it is not asked for one now.",
                    may ? "owner:asked" : "owner:paused");
    return may ? keep(o, "Hello. " ASK_PIN) : ordinary(o, NULL);
}

static enum desk_rc hear_pin(struct owner *o)
{
    char digits[DESK_PIN_LEN];
    enum desk_pin_try_end end;
    const struct desk_call *c = o->t->about->call;
    if (!desk_pin_read(o->t->text, digits)) {
        if (++o->quiet < QUIET_MAX)
            return keep(o, "I did not get a PIN. " ASK_PIN);
        return ordinary(o, ORDINARY);
    }
    enum desk_rc rc =
        desk_owner_pin_try(o->t->db, o->t->arena, o->b, c->tenant_id, c->from_key, digits, &end);
    if (rc)
        return rc;
    o->quiet = 0;
    o->open = end == DESK_PIN_RIGHT;
    desk_brain_note(o->t, o->open ? "owner_pin_right" : "owner_pin_wrong",
                    o->open ? "The PIN was right." : "A wrong PIN was given.", NULL);
    if (end == DESK_PIN_PAUSED)
        return ordinary(o, "I could not confirm that. " ORDINARY);
    return keep(o, o->open ? "Thank you. " ASK_WHAT : "That is not right. " ASK_PIN);
}

/* ---- the questions --------------------------------------------------------------------------- */

static enum desk_rc goodbye(struct owner *o)
{
    const char *result;
    bool ok;
    enum desk_rc rc = keep(o, "Goodbye.");
    o->a->done = true;
    return rc ? rc
              : desk_brain_act(o->t, o->a, "end_call", "{\"outcome\":\"completed\"}", &result, &ok);
}

static enum desk_rc answered(struct owner *o, const struct desk_owner_answer *answer)
{
    enum desk_owner_about about = answer->query.about;
    bool plain = about == DESK_OWNER_HELP || about == DESK_OWNER_UNKNOWN;
    if (about == DESK_OWNER_GOODBYE)
        return goodbye(o);
    if (about != DESK_OWNER_REPEAT || !*o->answer)
        o->answer = answer->say;
    const char *say =
        plain ? o->answer : desk_arena_fmt(o->t->arena, "%s Anything else?", o->answer);
    return say ? keep(o, say) : DESK_ENOMEM;
}

static enum desk_rc hear_question(struct owner *o)
{
    struct desk_owner_answer answer;
    const struct desk_call *c = o->t->about->call;
    if (!*o->t->text)
        return ++o->quiet < QUIET_MAX ? keep(o, "Are you still there? " ASK_WHAT) : goodbye(o);
    o->quiet = 0;
    enum desk_rc rc = desk_owner_answer(o->t->db, o->t->arena,
                                        &(struct desk_owner_ask){.business = o->b,
                                                                 .tenant_id = c->tenant_id,
                                                                 .location_id = c->location_id,
                                                                 .text = o->t->text,
                                                                 .now = desk_now_ms()},
                                        &answer);
    if (rc)
        return rc;
    json_decref(answer.data);
    return answered(o, &answer);
}

static enum desk_rc turn(const struct desk_brain_turn *t, struct desk_brain_answer *a)
{
    struct owner *o = desk_arena_alloc(t->arena, sizeof *o);
    json_t *state = desk_brain_state(t, name);
    const char *last = json_string_value(json_object_get(state, "answer"));
    if (o)
        *o = (struct owner){.t = t,
                            .a = a,
                            .b = desk_arena_alloc(t->arena, sizeof *o->b),
                            .open = json_is_true(json_object_get(state, "open")),
                            .quiet = json_integer_value(json_object_get(state, "quiet")),
                            .answer = desk_arena_strdup(t->arena, last ? last : "")};
    bool begun = state != NULL;
    json_decref(state);
    if (!o || !o->b || !o->answer)
        return DESK_ENOMEM;
    enum desk_rc rc = desk_business_load(t->db, t->arena, t->about->call->tenant_id,
                                         t->about->call->location_id, o->b);
    if (rc)
        return rc;
    if (!begun)
        return *o->b->pin ? begin(o) : ordinary(o, NULL);
    return o->open ? hear_question(o) : hear_pin(o);
}

const struct desk_brain desk_brain_owner = {
    .name = name, .help = "the owner's questions, after the PIN", .turn = turn};

/* ---- whose turn it is ------------------------------------------------------------------------ */

bool desk_brain_owner_calls(const struct desk_call *c)
{
    return c->channel && *c->channel &&
           same(c->action, desk_route_action_name(DESK_DO_VOICE_QUERY));
}

bool desk_brain_owner_talks(const char *state, bool *hides)
{
    json_t *v = state ? json_loads(state, 0, NULL) : NULL;
    bool talks = same(json_string_value(json_object_get(v, "by")), name);
    *hides = talks && !json_is_true(json_object_get(v, "open"));
    json_decref(v);
    return talks;
}
