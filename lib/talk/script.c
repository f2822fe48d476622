#include "talk/script.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define SCRIPT(stem, text)                                                                         \
    {                                                                                              \
#stem, "prompts/" #stem ".cs", text                                                        \
    }
const struct desk_script desk_scripts[] = {
    {"general_incoming", "prompts/general_incoming.cs", "a caller whose wish is not known yet"},
    {"known_client_support", "prompts/known_client_support.cs", "a client who needs support"},
    {"sales_inquiry", "prompts/sales_inquiry.cs", "somebody who may become a client"},
    {"after_hours", "prompts/after_hours.cs", "outside opening hours"},
    {"vendor_call", "prompts/vendor_call.cs", "a supplier, a carrier or another firm"},
    {"appointment_reminder", "prompts/appointment_reminder.cs",
     "we call to remind of an appointment"},
    {"concierge_screening", "prompts/concierge_screening.cs",
     "one person's own number: who and why, before anybody is rung"},
    {"trades_intake", "prompts/trades_intake.cs", "work for a trade: problem, address, window"},
    {"dental_desk", "prompts/dental_desk.cs", "a dental practice: appointments and privacy"},
    {"dispatcher", "prompts/dispatcher.cs", "jobs for a handyman dispatcher"},
    {"emergency", "prompts/emergency.cs", "somebody is in danger, or damage is done now"},
    {NULL, NULL, NULL},
};

const struct desk_script *desk_script_find(const char *name)
{
    for (const struct desk_script *s = desk_scripts; name && s->name; s++)
        if (strcmp(s->name, name) == 0)
            return s;
    return desk_scripts;
}

bool desk_script_is(const char *name)
{
    return name && strcmp(desk_script_find(name)->name, name) == 0;
}

/* ---- in a business's own words --------------------------------------------------------------- */

const struct desk_script_fact desk_script_facts[] = {
    {"Business", "the name of the business"},
    {"Owner", "the owner's name, or \"the owner\""},
    {"Now", "the day and time of the call"},
    {"Zone", "the time zone"},
    {"Notes", "what Frontdesk should know, in your words"},
    {"HoursSpoken", "the hours as they are said"},
    {"HoursTable", "the week"},
    {"OpenNow", "1 when it is open"},
    {"NextOpen", "when it opens again; nothing while it is open"},
    {"Services", "the services, with commas between"},
    {"Emergencies", "your own urgent words"},
    {"CallerName", "the caller's name, where it is sure"},
    {"CallerSpoken", "the caller's number as it is said"},
    {"CanTransfer", "1 when callers can be put through"},
    {"CanBook", "1 when visits can be booked"},
    {"CanText", "1 when the caller can be texted"},
    {"AsksAddress", "1 when the address is asked for before a visit"},
    {"Visits", "1 when work is done at the caller's place"},
    {"Action", "what was decided on arrival"},
    {"Appointment", "the appointment a reminder is about"},
    {"EmergencyWhy", "what was heard, in an emergency"},
    {"EmergencyTold", "1 when the owner was told of it"},
    {"Known.Standing", "key customer, supplier"},
    {"Known.Company", "the caller's company"},
    {"Known.Systems", "what they have of yours"},
    {"Known.Preferred", "how they like to be reached"},
    {"Known.Language", "their language"},
    {"Known.Notes", "your notes about them"},
    {NULL, NULL},
};

static bool known_fact(const char *name, size_t n)
{
    if (n > 5 && strncmp(name, "Tool.", 5) == 0)
        return true;
    for (const struct desk_script_fact *f = desk_script_facts; f->name; f++)
        if (strlen(f->name) == n && strncmp(f->name, name, n) == 0)
            return true;
    return false;
}

static bool may_command(const char *word, size_t n)
{
    static const char *const words[] = {"var",  "if",  "elif", "elseif",
                                        "else", "/if", "alt",  "/alt"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i]) == n && strncmp(words[i], word, n) == 0)
            return true;
    return false;
}

static enum desk_rc refuse(char *why, size_t n, int line, const char *what, size_t len,
                           const char *reason)
{
    snprintf(why, n, "line %d: \xe2\x80\x9c%.*s\xe2\x80\x9d %s", line, (int)(len > 40 ? 40 : len),
             what, reason);
    return DESK_EINVAL;
}

/* One <?cs … ?>: from behind "<?cs" to before "?>". */
static enum desk_rc check_command(const char *p, const char *end, int line, char *why, size_t n)
{
    static const char of_names[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._";
    while (p < end && strchr(" \t\r\n", *p))
        p++;
    if (p == end || *p == '#')
        return DESK_OK;
    size_t word = strcspn(p, " \t\r\n:!?");
    if (word > (size_t)(end - p))
        word = (size_t)(end - p);
    if (!may_command(p, word))
        return refuse(why, n, line, p, word,
                      "cannot be used in a script; these can: var, if, elif, else, alt");
    if (word != 3 || strncmp(p, "var", 3) != 0)
        return DESK_OK;
    p += word + strspn(p + word, " \t\r\n:!");
    size_t name = strspn(p, of_names);
    const char *rest = p + name + strspn(p + name, " \t\r\n");
    if (p + name <= end && rest >= end && name && !known_fact(p, name))
        return refuse(why, n, line, p, name, "is no fact that is known; see the list of facts");
    return DESK_OK;
}

/* The facts of a call stand below a line of their own, which no script may write. */
static bool is_facts_line(const char *line)
{
    size_t n = strcspn(line, "\r\n");
    while (n && line[n - 1] == ' ')
        n--;
    return n == 5 && strncmp(line, "FACTS", 5) == 0;
}

enum desk_rc desk_script_check(const char *text, char *why, size_t n)
{
    int line = 1;
    if (strlen(text) > DESK_SCRIPT_MAX) {
        snprintf(why, n, "it is too long: at most %d letters", DESK_SCRIPT_MAX);
        return DESK_EINVAL;
    }
    for (const char *p = text; *p; p++) {
        if ((p == text || p[-1] == '\n') && is_facts_line(p))
            return refuse(why, n, line, "FACTS", 5, "may not stand on a line alone");
        line += *p == '\n';
        if (strncasecmp(p, "<?cs", 4) != 0)
            continue;
        const char *end = strstr(p, "?>");
        if (!end)
            return refuse(why, n, line, p, strcspn(p, "\n"), "is never closed by ?>");
        if (check_command(p + 4, end, line, why, n))
            return DESK_EINVAL;
        for (; p < end; p++)
            line += *p == '\n';
    }
    return DESK_OK;
}
