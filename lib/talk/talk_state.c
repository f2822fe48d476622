/* The turn-based talk as it is kept in the call's row, as JSON:
 *   {"n": turn that is awaited, "say": last words, "expect": …, "done": …, "state": the brain's,
 *    "failed": …, "quiet": …, "token": of the webhook that was answered last}
 * An older form had "dialog" in the place of "state". */
#include "talk/talk.h"
#include "base/clock.h"
#include "store/conversation.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static const char *older_state(struct desk_arena *a, const json_t *dialog)
{
    char *text = json_is_object(dialog) ? json_dumps(dialog, JSON_COMPACT) : NULL;
    const char *state =
        text ? desk_arena_fmt(a, "{\"by\":\"%s\",\"dialog\":%s}", desk_brain_rules.name, text)
             : NULL;
    free(text);
    return state;
}

static unsigned count_of(const json_t *root, const char *key)
{
    json_int_t n = json_integer_value(json_object_get(root, key));
    return n > 0 && n < 1000 ? (unsigned)n : 0;
}

enum desk_rc desk_talk_load(struct desk_arena *a, const struct desk_call *c, struct desk_talk *k)
{
    json_t *root = c->dialog ? json_loads(c->dialog, 0, NULL) : NULL;
    json_int_t n = json_integer_value(json_object_get(root, "n"));
    json_int_t expect = json_integer_value(json_object_get(root, "expect"));
    const char *say = json_string_value(json_object_get(root, "say"));
    const char *state = json_string_value(json_object_get(root, "state"));
    const char *token = json_string_value(json_object_get(root, "token"));
    enum desk_rc rc = n > 0 && say ? DESK_OK : DESK_ENOTFOUND;
    memset(k, 0, sizeof *k);
    if (rc)
        goto out;
    k->n = n;
    k->say = desk_arena_strdup(a, say);
    k->expect = expect >= 0 && expect < DESK_EXPECT__MAX ? (enum desk_dialog_expect)expect
                                                         : DESK_EXPECT_ANYTHING;
    k->done = json_is_true(json_object_get(root, "done"));
    k->state =
        state ? desk_arena_strdup(a, state) : older_state(a, json_object_get(root, "dialog"));
    k->failed = count_of(root, "failed");
    k->quiet = count_of(root, "quiet");
    k->token = desk_arena_strdup(a, token);
    if (!k->say || (state && !k->state) || (token && !k->token))
        rc = DESK_ENOMEM;
out:
    json_decref(root);
    return rc;
}

const char *desk_talk_item(struct desk_arena *a, int64_t n)
{
    return desk_arena_fmt(a, "menu-%lld-%s", (long long)n, DESK_WHO_CALLER);
}

enum desk_rc desk_talk_heard(struct desk_db *db, struct desk_arena *a, const struct desk_call *c,
                             int64_t n, enum desk_brain_event event, const char *text)
{
    return desk_turn_now(db, c, desk_talk_item(a, n), DESK_WHO_CALLER,
                         event == DESK_BRAIN_KEYS ? "keys" : "speech", text);
}

enum desk_rc desk_talk_save(struct desk_db *db, struct desk_arena *a, const struct desk_call *c,
                            const struct desk_talk *k, bool spoken)
{
    const char *item = desk_arena_fmt(a, "menu-%lld-%s", (long long)k->n, DESK_WHO_DESK);
    json_t *root =
        json_pack("{s:I, s:s, s:i, s:b, s:s?, s:i, s:i, s:s?}", "n", (json_int_t)k->n, "say",
                  k->say, "expect", (int)k->expect, "done", (int)k->done, "state", k->state,
                  "failed", (int)k->failed, "quiet", (int)k->quiet, "token", k->token);
    char *text = root ? json_dumps(root, JSON_COMPACT) : NULL;
    enum desk_rc rc = text ? desk_call_dialog(db, c->tenant_id, c->id, text) : DESK_ENOMEM;
    if (!rc)
        rc = desk_turn_now(db, c, item, DESK_WHO_DESK, spoken ? "speech" : "menu", k->say);
    free(text);
    json_decref(root);
    return rc;
}
