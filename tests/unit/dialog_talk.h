/* One talk with the rules brain in tests: what a caller says or presses goes in, and what was said,
 * in which state it stands and which tool was asked for is looked at. */
#ifndef TESTS_DIALOG_TALK_H
#define TESTS_DIALOG_TALK_H

#include "core/dialog.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct desk_dialog_profile profile;
static struct desk_dialog talk;
static struct desk_dialog_output out;
static bool kept_between; /* saved and loaded before each step, as between turns of a real call */

static inline void step(enum desk_dialog_event event, const char *text)
{
    if (kept_between) {
        char *saved = desk_dialog_save(&talk);
        assert_non_null(saved);
        assert_int_equal(desk_dialog_load(&talk, saved), DESK_OK);
        free(saved);
    }
    struct desk_dialog_input in = {event, text, NULL};
    desk_dialog_step(&profile, &talk, &in, &out);
}
static inline void says(const char *text)
{
    step(DESK_DIALOG_SPEECH, text);
}
static inline void presses(const char *text)
{
    step(DESK_DIALOG_DIGITS, text);
}
static inline void result(const char *json)
{
    step(DESK_DIALOG_TOOL_RESULT, json);
}

/* A new talk about these facts, as far as the greeting. */
static inline int talk_begin(const char *facts)
{
    assert_int_equal(desk_dialog_profile_parse(&profile, facts), DESK_OK);
    desk_dialog_init(&talk);
    step(DESK_DIALOG_START, NULL);
    return 0;
}

#define in_state(name_)  assert_string_equal(desk_dialog_state_name(talk.state), name_)
#define heard(piece)     assert_non_null(strstr(out.say, piece))
#define not_heard(piece) assert_null(strstr(out.say, piece))

/* key NULL: whatever it is told; value NULL: it is not told of the key. */
static inline void tool_is(const char *name, const char *key, const char *value)
{
    assert_string_equal(out.tool_name, name);
    json_t *args = json_loads(out.tool_args, 0, NULL);
    assert_non_null(args);
    const char *told = json_string_value(json_object_get(args, key));
    if (key && value)
        assert_string_equal(told, value);
    else if (key)
        assert_null(told);
    json_decref(args);
}

#endif
