#include "talk/dtools.h"
#include "core/money.h"
#include "core/phone.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define NAME_LEN 200

static bool is_set(const char *s)
{
    return s && *s;
}

static const char *who(const struct desk_lead *l)
{
    return is_set(l->company)  ? l->company
           : is_set(l->name)   ? l->name
           : is_set(l->number) ? l->number
                               : "Unknown caller";
}

json_t *desk_dtools_client(const struct desk_lead *l)
{
    return json_pack("{s:s, s:s*, s:s*, s:b}", "name", who(l), "email", l->email, "phone",
                     l->number, "isActive", 1);
}

/* "Phone lead – a dripping tap [lead_01…]": what for is cut, never the mark. */
static void name_of(const struct desk_lead *l, char out[NAME_LEN])
{
    int cut = is_set(l->job) ? (int)(NAME_LEN - 60) : 0;
    char job[NAME_LEN];
    snprintf(job, sizeof job, "%.*s", cut, is_set(l->job) ? l->job : "");
    for (char *p = job; *p; p++)
        if ((unsigned char)*p < ' ')
            *p = ' ';
    snprintf(out, NAME_LEN, "Phone lead%s%s [%s]", *job ? ": " : "", job, l->id);
}

/* In whole dollars, where a sum was named: theirs is a whole number (facts/integrations.md 6.1).
 * "Over forty thousand", "whatever it takes" are none. */
static int64_t budget_of(const struct desk_lead *l)
{
    struct desk_budget b;
    char said[NAME_LEN];
    if (!is_set(l->budget))
        return 0;
    snprintf(said, sizeof said, "my budget is %s", l->budget);
    desk_money_budget(said, &b);
    return b.more || b.no_ceiling || b.most > INT32_MAX ? 0 : b.most;
}

/* Without an address: how theirs is written is not certain (facts/integrations.md 6.1), and one
 * that is refused would cost the whole lead. */
json_t *desk_dtools_opportunity(const struct desk_lead *l, const char *client_id)
{
    char name[NAME_LEN];
    int64_t budget = budget_of(l);
    name_of(l, name);
    json_t *o = json_pack("{s:s, s:s, s:s, s:s*, s:s*, s:s}", "name", name, "clientId", client_id,
                          "clientName", who(l), "clientEmail", l->email, "clientPhone", l->number,
                          "leadSource", "Frontdesk");
    if (o && budget > 0)
        json_object_set_new(o, "budget", json_integer(budget));
    return o;
}

static bool same_number(const char *ours, const json_t *theirs)
{
    char e164[DESK_PHONE_LEN];
    const char *text = json_string_value(theirs);
    return is_set(ours) && text && desk_phone_parse(text, "US", e164) == DESK_PHONE_OK &&
           strcmp(e164, ours) == 0;
}

bool desk_dtools_is_client(void *lead, const json_t *row)
{
    const struct desk_lead *l = lead;
    const char *mail = json_string_value(json_object_get(row, "email"));
    return same_number(l->number, json_object_get(row, "phone")) ||
           same_number(l->number, json_object_get(row, "mobile")) ||
           (is_set(l->email) && mail && strcasecmp(mail, l->email) == 0);
}

bool desk_dtools_is_opportunity(void *lead, const json_t *row)
{
    char mark[80];
    const struct desk_lead *l = lead;
    const char *name = json_string_value(json_object_get(row, "name"));
    snprintf(mark, sizeof mark, "[%s]", l->id);
    return name && strstr(name, mark);
}

const char *desk_dtools_search(const struct desk_lead *l)
{
    size_t n = is_set(l->number) ? strlen(l->number) : 0;
    return n >= 4 ? l->number + n - 4 : who(l);
}
