/* What can be written to the bot: one row for each command; what is none is a question. */
#include "base/config.h"
#include "base/utf8.h"
#include "core/phone.h"
#include "store/outbox.h"
#include "store/users.h"
#include "talk/digest.h"
#include "talk/owner_answer.h"
#include "talk/people_find.h"
#include "talk/report.h"
#include "talk/telegram_chat.h"
#include "talk/telegram_in.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOUND_MOST 5
#define MINUTE_MS  (60LL * 1000)
#define MUTE_MOST  (24 * 60) /* minutes */

/* ---- pieces ---------------------------------------------------------------------------------- */

const char *desk_tg_who(struct desk_arena *a, const char *name, const char *number)
{
    char national[DESK_PHONE_LEN + 16];
    bool named = name && *name;
    if (!number || !*number)
        return named ? name : "somebody";
    desk_phone_national(national, sizeof national, number);
    return named ? desk_arena_fmt(a, "%s, %s", name, national) : desk_arena_strdup(a, national);
}

bool desk_tg_keeps_quiet(struct telegram_chat *c)
{
    const char *base = desk_setting(DESK_S_PUBLIC_BASE_URL);
    if (!c->b.phi)
        return false;
    desk_telegram_words(&c->text, "Callers here tell of their health, so it is shown only on ");
    if (*base)
        desk_telegram_link(&c->text, base, "the dashboard");
    else
        desk_telegram_words(&c->text, "the dashboard");
    desk_telegram_words(&c->text, ".");
    return true;
}

/* "Mon 30 Nov, 1:52 pm" */
static const char *moment(const struct telegram_chat *c, int64_t at)
{
    char day[32], time[32];
    desk_when_date(day, sizeof day, c->b.zone, at);
    desk_when_time(time, sizeof time, c->b.zone, at, false);
    return desk_arena_fmt(c->a, "%s, %s", day, time);
}

/* What the owner would hear by telephone. */
static enum desk_rc ask(struct telegram_chat *c, const char *words)
{
    struct desk_owner_answer out;
    const struct desk_owner_ask q = {
        .business = &c->b, .tenant_id = c->link.tenant_id, .text = words, .now = c->now};
    enum desk_rc rc = desk_owner_answer(c->db, c->a, &q, &out);
    if (rc)
        return rc;
    json_decref(out.data);
    desk_telegram_words(&c->text, out.say);
    return DESK_OK;
}

/* ---- the commands ---------------------------------------------------------------------------- */

static enum desk_rc on_callbacks(struct telegram_chat *c, const char *rest)
{
    (void)rest;
    return desk_tg_callbacks(c, 0);
}

static enum desk_rc found(struct telegram_chat *c, const struct desk_contact *p)
{
    char calls[64];
    snprintf(calls, sizeof calls, "\n%" PRId64 " call%s, last seen %s", p->calls,
             p->calls == 1 ? "" : "s", moment(c, p->last_at));
    desk_telegram_bold(&c->text, desk_tg_who(c->a, p->name, p->number));
    if (p->company && *p->company)
        desk_telegram_words(&c->text, desk_arena_fmt(c->a, "\n%s", p->company));
    if (p->standing)
        desk_telegram_words(&c->text, desk_arena_fmt(c->a, " (%s)", p->standing));
    desk_telegram_words(&c->text, calls);
    desk_telegram_words(&c->text, "\n\n");
    return desk_tg_keys_of(c, p->number_key);
}

static enum desk_rc on_search(struct telegram_chat *c, const char *rest)
{
    struct desk_contact rows[FOUND_MOST];
    size_t n = 0;
    if (desk_tg_keeps_quiet(c))
        return DESK_OK;
    if (strlen(rest) < 2) {
        desk_telegram_words(&c->text, "Write whom: /search and a name, a company, or a number.");
        return DESK_OK;
    }
    enum desk_rc rc =
        desk_people_find(c->db, c->a, c->link.tenant_id, c->b.country, rest, FOUND_MOST, rows, &n);
    for (size_t i = 0; !rc && i < n; i++)
        rc = found(c, &rows[i]);
    if (!rc && !n)
        desk_telegram_words(&c->text, desk_arena_fmt(c->a, "Nobody found for \"%s\".", rest));
    return rc;
}

static enum desk_rc on_digest(struct telegram_chat *c, const char *rest)
{
    struct desk_report r;
    int64_t from, to;
    const char *text;
    desk_report_days(c->b.zone, c->now, strcasecmp(rest, "week") == 0 ? 7 : 1, &from, &to);
    enum desk_rc rc = desk_report_make(c->db, c->a, c->link.tenant_id, NULL, from, to, &r);
    if (!rc)
        rc = desk_digest_text(c->db, c->a, c->link.tenant_id, &c->b, &r, &text);
    if (!rc)
        desk_telegram_words(&c->text, text);
    return rc;
}

static enum desk_rc on_status(struct telegram_chat *c, const char *rest)
{
    struct desk_outbox *rows;
    size_t n = 0;
    (void)rest;
    desk_telegram_bold(&c->text, c->b.name);
    desk_telegram_words(&c->text, "\n");
    enum desk_rc rc = ask(c, "summary of today");
    if (!rc)
        rc = desk_outbox_list(c->db, c->a, c->link.tenant_id, true, 100, &rows, &n);
    if (rc)
        return rc;
    desk_telegram_words(&c->text, n == 0 ? "\nEverything that was to be sent was sent."
                                         : desk_arena_fmt(c->a,
                                                          "\n%s%zu could not be sent and wait%s on "
                                                          "the dashboard under Needs attention.",
                                                          n == 100 ? "More than " : "", n,
                                                          n == 1 ? "s" : ""));
    if (c->link.muted_until > c->now)
        desk_telegram_words(&c->text, desk_arena_fmt(c->a, "\nWithout sound until %s.",
                                                     moment(c, c->link.muted_until)));
    return DESK_OK;
}

static enum desk_rc on_hours(struct telegram_chat *c, const char *rest)
{
    struct desk_hours_state now;
    int64_t next;
    (void)rest;
    desk_hours_at(c->b.hours, c->b.zone, c->now, &now);
    if (now.why == DESK_HOURS_ALWAYS)
        desk_telegram_words(&c->text, "Open at any hour.");
    else if (now.open && now.until)
        desk_telegram_words(&c->text, desk_arena_fmt(c->a, "Open until %s.", moment(c, now.until)));
    else if (now.open)
        desk_telegram_words(&c->text, "Open.");
    else
        desk_telegram_words(&c->text, "Closed.");
    if (*now.label)
        desk_telegram_words(&c->text, desk_arena_fmt(c->a, " (%s)", now.label));
    if (!now.open && desk_hours_next_open(c->b.hours, c->b.zone, c->now, &next))
        desk_telegram_words(&c->text,
                            desk_arena_fmt(c->a, " We open next on %s.", moment(c, next)));
    if (c->b.hours_spoken && *c->b.hours_spoken)
        desk_telegram_words(&c->text, desk_arena_fmt(c->a, "\n%s", c->b.hours_spoken));
    return DESK_OK;
}

enum desk_rc desk_tg_mute(struct telegram_chat *c, int64_t until)
{
    enum desk_rc rc = desk_telegram_mute(c->db, c->link.tenant_id, c->link.id, until);
    if (rc)
        return rc;
    if (!until) {
        desk_telegram_words(&c->text, "Messages come with sound again.");
        return DESK_OK;
    }
    desk_telegram_words(&c->text,
                        desk_arena_fmt(c->a,
                                       "Messages come without sound until %s. Emergencies sound "
                                       "all the same.",
                                       moment(c, until)));
    desk_tg_key(c, true, "With sound again", "m", "0");
    return DESK_OK;
}

/* "", "30m", "2h", "2 hours", "45": minutes; 0 = off, -1 = not understood. */
static long mute_minutes(const char *rest)
{
    char *end;
    if (!*rest)
        return 60;
    if (strcasecmp(rest, "off") == 0 || strcasecmp(rest, "0") == 0)
        return 0;
    long n = strtol(rest, &end, 10);
    while (*end == ' ')
        end++;
    bool hours = tolower((unsigned char)*end) == 'h', minutes = tolower((unsigned char)*end) == 'm';
    if (end == rest || n <= 0 || n > MUTE_MOST || (*end && !hours && !minutes))
        return -1;
    n *= hours ? 60 : 1;
    return n > MUTE_MOST ? -1 : n;
}

static enum desk_rc on_mute(struct telegram_chat *c, const char *rest)
{
    long n = mute_minutes(rest);
    if (n >= 0)
        return desk_tg_mute(c, n ? c->now + n * MINUTE_MS : 0);
    desk_telegram_words(&c->text, "Write for how long, a day at most: /mute 30m, /mute 2h, or "
                                  "/mute off.");
    return DESK_OK;
}

static enum desk_rc on_unlink(struct telegram_chat *c, const char *rest)
{
    (void)rest;
    enum desk_rc rc = desk_telegram_unlink(c->db, c->link.tenant_id, c->link.id);
    if (!rc)
        rc = desk_audit_add(c->db, c->link.tenant_id, c->link.user_id, "telegram.unlink",
                            c->link.id);
    desk_telegram_words(&c->text, "This chat is nobody's any more. A new code links it again.");
    return rc;
}

static enum desk_rc on_help(struct telegram_chat *c, const char *rest)
{
    (void)rest;
    desk_tg_help(c);
    return DESK_OK;
}

static const struct {
    const char *name;
    enum desk_rc (*run)(struct telegram_chat *c, const char *rest);
    const char *help; /* NULL: not named to anybody */
} commands[] = {
    {"callbacks", on_callbacks, "who waits for a call back, with buttons"},
    {"search", on_search, "a caller by name, company or number"},
    {"digest", on_digest, "today in figures; /digest week"},
    {"status", on_status, "how the day goes, and what could not be sent"},
    {"hours", on_hours, "are we open, and when"},
    {"mute", on_mute, "no sound for an hour; /mute 3h, /mute off"},
    {"unlink", on_unlink, "this chat is to be nobody's again"},
    {"help", on_help, "what can be asked here"},
    {"start", on_help, NULL},
};
#define COMMANDS (sizeof commands / sizeof *commands)

void desk_tg_help(struct telegram_chat *c)
{
    for (size_t i = 0; i < COMMANDS; i++)
        if (commands[i].help)
            desk_telegram_words(&c->text, desk_arena_fmt(c->a, "/%s \u2013 %s\n", commands[i].name,
                                                         commands[i].help));
    desk_telegram_words(&c->text, "\nOr just ask: \"who called today?\", \"any emergencies?\"");
}

json_t *desk_telegram_commands(void)
{
    json_t *list = json_array();
    for (size_t i = 0; i < COMMANDS; i++)
        if (commands[i].help)
            json_array_append_new(list, json_pack("{s:s, s:s}", "command", commands[i].name,
                                                  "description", commands[i].help));
    return json_pack("{s:o}", "commands", list);
}

/* "/mute@harwick_bot 2h" */
static enum desk_rc run_command(struct telegram_chat *c, const char *text)
{
    size_t n = strcspn(text, " @\n"), whole = strcspn(text, " \n");
    const char *rest = text + whole + strspn(text + whole, " \n");
    for (size_t i = 0; i < COMMANDS; i++)
        if (strlen(commands[i].name) == n && strncasecmp(text, commands[i].name, n) == 0)
            return commands[i].run(c, rest);
    desk_telegram_words(&c->text, "That is none of these:\n\n");
    desk_tg_help(c);
    return DESK_OK;
}

enum desk_rc desk_tg_say(struct telegram_chat *c)
{
    const char *text = c->said.text + strspn(c->said.text, " \n");
    if (*text == '/')
        return run_command(c, text + 1);
    if (desk_tg_keeps_quiet(c))
        return DESK_OK;
    return ask(c, text);
}
