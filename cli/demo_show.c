#include "cli/demo_show.h"
#include "core/phone.h"
#include "store/calls.h"
#include "store/contacts.h"
#include "store/conversation.h"
#include "store/results.h"
#include "store/tenants.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS 96
#define INDENT  19 /* "  12.3  caller    " */
#define ARENA   (8 * 1024 * 1024)

void demo_show_line(double seconds, const char *who, const char *text)
{
    size_t room = COLUMNS - INDENT;
    printf("%7.1f  %-9s ", seconds, who);
    while (strlen(text) > room) {
        size_t cut = room;
        while (cut > 0 && text[cut] != ' ')
            cut--;
        if (!cut)
            break;
        printf("%.*s\n%*s", (int)cut, text, INDENT, "");
        text += cut + 1;
    }
    puts(text);
    fflush(stdout);
}

/* ---- news ------------------------------------------------------------------------------------ */

static uint64_t hash(const char *id)
{
    uint64_t h = 14695981039346656037u;
    for (; *id; id++)
        h = (h ^ (unsigned char)*id) * 1099511628211u;
    return h;
}

/* Seen for the first time? */
static bool fresh(uint64_t seen[DEMO_ROWS], size_t *n, const char *id)
{
    uint64_t h = hash(id);
    for (size_t i = 0; i < *n; i++)
        if (seen[i] == h)
            return false;
    if (*n == DEMO_ROWS)
        return false;
    seen[(*n)++] = h;
    return true;
}

/* What a result holds for the voice only. */
static bool for_the_voice(const char *key)
{
    return strcmp(key, "say") == 0 || strcmp(key, "number_spoken") == 0;
}

/* {"name":"Maria","urgent":false} → name: Maria, urgent: false */
static const char *plain(struct desk_arena *a, const char *json)
{
    json_t *root = json_loads(json ? json : "", 0, NULL), *v;
    const char *key, *out = "";
    json_object_foreach(root, key, v)
    {
        if (for_the_voice(key))
            continue;
        char *text = json_is_string(v) ? NULL : json_dumps(v, JSON_ENCODE_ANY | JSON_COMPACT);
        out = desk_arena_fmt(a, "%s%s%s: %s", out, *out ? ", " : "", key,
                             text ? text : json_string_value(v));
        free(text);
        if (!out)
            break;
    }
    json_decref(root);
    return out ? out : "";
}

static void new_turns(struct demo_show *s, struct desk_arena *a, const struct desk_call *c)
{
    struct desk_turn *t;
    size_t n = 0;
    if (desk_turn_list(s->db, a, c->tenant_id, c->id, DEMO_ROWS, &t, &n))
        return;
    for (size_t i = 0; i < n; i++) {
        if (!t[i].text || !fresh(s->turn_seen, &s->turns, t[i].id))
            continue;
        bool keys = strcmp(t[i].how, "keys") == 0;
        const char *words = keys ? desk_arena_fmt(a, "(presses %s)", t[i].text) : t[i].text;
        demo_show_line((double)t[i].start_ms / 1000, t[i].who, words ? words : "");
    }
}

static void new_tools(struct demo_show *s, struct desk_arena *a, const struct desk_call *c)
{
    struct desk_tool_run *t;
    size_t n = 0;
    if (desk_tool_run_list(s->db, a, c->tenant_id, c->id, &t, &n))
        return;
    for (size_t i = 0; i < n; i++) {
        if (!t[i].result || !fresh(s->tool_seen, &s->tools, t[i].id))
            continue;
        const char *line =
            desk_arena_fmt(a, "%s(%s) → %s", t[i].tool, plain(a, t[i].args), plain(a, t[i].result));
        demo_show_line((double)t[i].at_ms / 1000, t[i].ok ? "does" : "fails at", line ? line : "");
    }
}

void demo_show_news(struct demo_show *s)
{
    struct desk_call c;
    struct desk_arena *a = desk_arena_new(ARENA);
    if (a && desk_call_by_sid(s->db, a, s->call_sid, &c) == DESK_OK) {
        new_turns(s, a, &c);
        new_tools(s, a, &c);
    }
    desk_arena_free(a);
}

bool demo_show_over(struct demo_show *s)
{
    struct desk_call c;
    struct desk_arena *a = desk_arena_new(ARENA);
    bool over =
        a && desk_call_by_sid(s->db, a, s->call_sid, &c) == DESK_OK && c.ended_at && c.outcome;
    desk_arena_free(a);
    return over;
}

/* ---- what was stored ------------------------------------------------------------------------- */

static const char *or_dash(const char *s)
{
    return s && *s ? s : "-";
}

static void show_call(struct desk_db *db, struct desk_arena *a, const struct desk_call *c)
{
    char from[40], to[40];
    struct desk_tenant t;
    bool known = desk_tenant_get(db, a, c->tenant_id, &t) == DESK_OK;
    printf("  call      %s to %s (%s), %.0f s, outcome: %s%s\n",
           c->from_number ? desk_phone_national(from, sizeof from, c->from_number) : "withheld",
           known ? t.name : "?", desk_phone_national(to, sizeof to, c->to_number),
           (double)c->duration_ms / 1000, or_dash(c->outcome), c->urgent ? ", urgent" : "");
    printf("            talked by %s, first word after %.1f s\n", or_dash(c->engine),
           (double)c->first_audio_ms / 1000);
    if (c->summary)
        printf("            summary: %s\n", c->summary);
}

static void count_turns(struct desk_db *db, struct desk_arena *a, const struct desk_call *c,
                        struct demo_stored *out)
{
    struct desk_turn *t;
    size_t n = 0;
    if (desk_turn_list(db, a, c->tenant_id, c->id, DEMO_ROWS, &t, &n))
        n = 0;
    for (size_t i = 0; i < n; i++)
        *(strcmp(t[i].who, DESK_WHO_DESK) == 0 ? &out->desk_turns : &out->caller_turns) += 1;
    printf("  turns     %zu of the caller, %zu of the front desk\n", out->caller_turns,
           out->desk_turns);
}

static void show_callbacks(struct desk_db *db, struct desk_arena *a, const struct desk_call *c,
                           struct demo_stored *out)
{
    struct desk_callback *b;
    char number[40];
    size_t n = 0;
    if (desk_callback_by_call(db, a, c->tenant_id, c->id, &b, &n))
        n = 0;
    out->callback = n > 0;
    for (size_t i = 0; i < n; i++)
        printf("  callback  %s, %s: %s; when: %s (%s%s)\n", or_dash(b[i].name),
               b[i].number ? desk_phone_national(number, sizeof number, b[i].number) : "-",
               or_dash(b[i].reason), or_dash(b[i].when_text), b[i].state,
               b[i].urgent ? ", urgent" : "");
    if (!n)
        puts("  callback  none");
}

static void show_contact(struct desk_db *db, struct desk_arena *a, const struct desk_call *c)
{
    struct desk_contact who;
    char number[40];
    if (c->contact_id && desk_contact_get(db, a, c->tenant_id, c->contact_id, &who) == DESK_OK)
        printf("  contact   %s, %s, %lld call%s\n", or_dash(who.name),
               desk_phone_national(number, sizeof number, who.number), (long long)who.calls,
               who.calls == 1 ? "" : "s");
    else
        puts("  contact   none");
}

static void show_events(struct desk_db *db, struct desk_arena *a, const struct desk_call *c)
{
    struct desk_event *e;
    size_t n = 0;
    if (desk_event_list(db, a, c->tenant_id, c->id, DEMO_ROWS, &e, &n))
        n = 0;
    printf("  events    %zu in the call's timeline\n", n);
}

void demo_show_stored(struct demo_show *s, struct demo_stored *out)
{
    struct desk_call c;
    struct desk_arena *a = desk_arena_new(ARENA);
    memset(out, 0, sizeof *out);
    if (!a || desk_call_by_sid(s->db, a, s->call_sid, &c) != DESK_OK) {
        puts("  nothing: the call is not in the database");
        desk_arena_free(a);
        return;
    }
    out->call = true;
    out->ended = c.ended_at != 0;
    out->outcome = c.outcome != NULL;
    show_call(s->db, a, &c);
    count_turns(s->db, a, &c, out);
    show_callbacks(s->db, a, &c, out);
    show_contact(s->db, a, &c);
    show_events(s->db, a, &c);
    desk_arena_free(a);
}
