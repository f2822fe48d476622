/* The evaluation sets, and the function that judges each. */
#include "cli/judge.h"
#include "core/business.h"
#include "core/emergency.h"
#include "core/escalation.h"
#include "core/mask.h"
#include "core/phone.h"
#include "core/screening.h"
#include "base/limits.h"

#include <string.h>

static bool lacks(const char *field, char *why, size_t n)
{
    snprintf(why, n, "it has no \"%s\"", field);
    return false;
}

/* json_string() of text that may not be UTF-8 after all is NULL: then nothing is set, and the
 * prediction is missing, which the command says. */
static void put(json_t *out, const char *key, const char *text)
{
    json_object_set_new(out, key, text ? json_string(text) : json_null());
}

static bool phones(const struct judge_line *l, json_t *out, char *why, size_t n)
{
    static const char *const words[] = {
        [DESK_PHONE_WITHHELD] = "withheld", [DESK_PHONE_INVALID] = NULL};
    char e164[DESK_PHONE_LEN];
    if (!l->input)
        return lacks("input", why, n);
    enum desk_phone_rc rc = desk_phone_heard(l->input, l->default_country, e164);
    put(out, "e164", rc == DESK_PHONE_OK ? e164 : words[rc]);
    return true;
}

static bool masking(const struct judge_line *l, json_t *out, char *why, size_t n)
{
    struct desk_buf line;
    if (!l->text)
        return lacks("text", why, n);
    desk_buf_init(&line, DESK_MAX_MASK * 8);
    desk_mask(&line, l->text, strlen(l->text));
    put(out, "text", desk_buf_cstr(&line));
    desk_buf_clear(&line);
    return true;
}

static bool screening(const struct judge_line *l, json_t *out, char *why, size_t n)
{
    struct desk_screening s;
    if (!l->text)
        return lacks("text", why, n);
    desk_screening_judge(l->text, &s);
    put(out, "decision", desk_screening_name(s.decision));
    return true;
}

static bool emergency(const struct judge_line *l, json_t *out, char *why, size_t n)
{
    struct desk_emergency e;
    if (!l->text || !l->business)
        return lacks(l->text ? "business" : "text", why, n);
    desk_emergency_judge(&e, l->business, NULL, 0, l->text);
    put(out, "severity", desk_severity_name(e.severity));
    return true;
}

/* The lines are those of the handyman dispatcher, whose owner a live call knows by name. */
static bool escalation(const struct judge_line *l, json_t *out, char *why, size_t n)
{
    struct desk_escalation e;
    struct desk_escalation_table table = desk_escalation_default;
    const struct desk_business *b = judge_business("handyman", why, n);
    if (!l->text)
        return lacks("text", why, n);
    if (!b)
        return false;
    table.owner_names = &b->owner->name;
    table.n_owner_names = 1;
    desk_escalation_judge(&table, l->text, &e);
    json_t *list = json_array();
    for (int t = 0; t < DESK_TRIGGER__MAX; t++)
        if (e.triggers & DESK_TRIGGER_BIT(t))
            json_array_append_new(list, json_string(desk_trigger_name((enum desk_trigger)t)));
    json_object_set_new(out, "triggers", list);
    return true;
}

const struct judge_set judge_sets[] = {
    {"emergency", emergency},   {"routing", judge_routing},
    {"dates", judge_dates},     {"screening", screening},
    {"escalation", escalation}, {"phones", phones},
    {"masking", masking},       {NULL, NULL},
};
