/* A practice caller's file: read and checked. */
#include "core/practice.h"

#include "base/tz.h"
#include "core/schema.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SENTENCE_MAX 900
#define MINUTE_MS    60000LL

/* ---- what a file is -------------------------------------------------------------------------- */

#define TEXT  "{\"type\":\"string\",\"maxLength\":500}"
#define WORDS "{\"type\":\"array\",\"maxItems\":50,\"items\":" TEXT "}"
#define FREE  "{\"type\":\"object\"}"
#define LIST  "{\"type\":\"array\",\"maxItems\":50,\"items\":{\"type\":\"object\"}}"
#define INSTANT                                                                                    \
    "{\"title\":\"a time like \\\"2026-11-20T10:15-07:00\\\"\",\"type\":\"string\",\"pattern\":"   \
    "\"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})$\"}"
#define COUNT "{\"type\":\"integer\",\"minimum\":0,\"maximum\":1000}"
#define WINDOW                                                                                     \
    "{\"title\":\"two times\",\"type\":\"array\",\"minItems\":2,\"maxItems\":2,\"items\":" INSTANT \
    "}"

/* Who wrote the set may note more of a caller (tags, why, note); what is misspelt is no caller. */
static const char schema_text[] =
    "{\"title\":\"one caller: { \\\"id\\\": …, \\\"business\\\": …, \\\"now\\\": …, "
    "\\\"opening\\\": …, \\\"lines\\\": …, \\\"expect\\\": … }\","
    "\"type\":\"object\",\"additionalProperties\":false,"
    "\"required\":[\"id\",\"business\",\"now\",\"caller_number\",\"opening\",\"lines\",\"expect\"],"
    "\"properties\":{"
    "\"id\":{\"title\":\"a name of letters, digits, - and _\",\"type\":\"string\","
    "\"pattern\":\"^[A-Za-z0-9_-]{1,60}$\"},"
    "\"title\":" TEXT ",\"goal\":" TEXT ",\"why\":" TEXT ",\"note\":" TEXT ",\"tags\":" WORDS ","
    "\"business\":{\"title\":\"a business's short name, like \\\"plumbing\\\"\","
    "\"type\":\"string\",\"pattern\":\"^[a-z0-9_-]{1,40}$\"},"
    "\"channel\":{\"enum\":[\"voice\",\"sms\"]},"
    "\"now\":" INSTANT ","
    "\"caller_number\":{\"title\":\"a number like \\\"+18605550125\\\", or \\\"anonymous\\\"\","
    "\"type\":\"string\",\"maxLength\":60},"
    "\"known_contact\":{\"title\":\"null, or an object like {\\\"name\\\": \\\"Rob Shea\\\"}\","
    "\"anyOf\":[{\"type\":\"null\"},{\"type\":\"object\",\"additionalProperties\":false,"
    "\"properties\":{\"name\":" TEXT ",\"address\":" TEXT ",\"company\":" TEXT ",\"email\":" TEXT
    ",\"category\":" TEXT ",\"role\":" TEXT ",\"language\":" TEXT ",\"notes\":" TEXT
    ",\"standing\":{\"enum\":[\"vip\",\"vendor\",\"blocked\"]},\"systems\":" WORDS "}}]},"
    "\"seed_db\":{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{"
    "\"exceptions\":" WORDS ","
    "\"appointments\":{\"type\":\"array\",\"maxItems\":50,\"items\":{\"type\":\"object\","
    "\"additionalProperties\":false,\"required\":[\"service\",\"start\"],\"properties\":{"
    "\"name\":" TEXT ",\"phone\":" TEXT ",\"service\":" TEXT ",\"start\":" INSTANT
    ",\"minutes\":{\"type\":\"integer\",\"minimum\":5,\"maximum\":1440},\"address\":" TEXT
    ",\"notes\":" TEXT "}}}}},"
    "\"opening\":" TEXT ",\"facts\":" FREE ","
    "\"lines\":{\"type\":\"object\",\"maxProperties\":50,\"additionalProperties\":{"
    "\"title\":\"a list of answers, or {\\\"pick\\\": \\\"first\\\"}\",\"anyOf\":["
    "{\"type\":\"array\",\"minItems\":1,\"maxItems\":50,\"items\":" TEXT "},"
    "{\"type\":\"object\",\"required\":[\"pick\"],\"additionalProperties\":false,"
    "\"properties\":{\"pick\":{\"type\":\"string\",\"pattern\":\"^[a-z_]{1,30}$\"}}}]}},"
    "\"behaviour\":" WORDS ","
    "\"hang_up\":{\"title\":\"like \\\"after_goodbye\\\"\",\"type\":\"string\","
    "\"pattern\":\"^[a-z0-9_]{1,40}$\"},"
    "\"max_turns\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":60},"
    "\"expect\":{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{"
    "\"appointments\":{\"type\":\"array\",\"maxItems\":50,\"items\":{\"type\":\"object\","
    "\"required\":[\"service\",\"start_within\"],\"additionalProperties\":false,\"properties\":{"
    "\"service\":" TEXT ",\"start_within\":" WINDOW ",\"name\":" TEXT ",\"minutes\":" COUNT
    ",\"address_contains\":" TEXT ",\"emergency\":{\"type\":\"boolean\"},"
    "\"not_overlapping_seed\":{\"type\":\"boolean\"}}}},"
    "\"appointments_unchanged\":{\"type\":\"boolean\"},"
    "\"counts\":{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{"
    "\"appointments\":" COUNT ",\"appointments_of_caller\":" COUNT "}},"
    "\"callbacks\":" LIST ",\"leads\":" LIST ",\"tickets\":" LIST ",\"vendor_log\":" LIST ","
    "\"transfers\":" LIST ",\"alerts\":" LIST ",\"cancelled\":" LIST ","
    "\"call\":" FREE ",\"session\":" FREE ",\"escalations\":" WORDS ","
    "\"owner_sms_min\":" COUNT ",\"sms_replies_max\":" COUNT ",\"sms_replies_min\":" COUNT ","
    "\"opt_out\":" WORDS ",\"webhooks\":" WORDS ",\"said\":" WORDS ",\"said_all\":" WORDS ","
    "\"said_any\":" WORDS ",\"must_not_say\":" WORDS ",\"language\":" TEXT ","
    "\"leads_optional\":{\"type\":\"boolean\"}}},"
    "\"forbid\":" WORDS "}}";

/* ---- telling --------------------------------------------------------------------------------- */

struct reading {
    const char *text;
    size_t len;
    desk_practice_told *told;
    void *ctx;
    size_t problems;
};

static void problem(struct reading *r, const struct desk_json_step *at, size_t n, bool of_key,
                    const char *what)
{
    char path[300], sentence[SENTENCE_MAX];
    struct desk_json_place place;
    if (r->problems++ >= DESK_MAX_PROBLEMS)
        return;
    desk_json_path(path, sizeof path, at, n);
    desk_json_place(r->text, r->len, at, n, &place);
    snprintf(sentence, sizeof sentence, "%s %s", *path ? path : "the file", what);
    r->told(r->ctx, of_key ? place.key_line : place.line, sentence);
}

static void from_schema(void *ctx, const struct desk_schema_problem *p)
{
    problem(ctx, p->at, p->n_at, p->of_key, p->what);
}

/* ---- times ----------------------------------------------------------------------------------- */

/* n digits at *s; -1 = they are none. */
static int digits(const char **s, int n)
{
    int v = 0;
    for (; n > 0; n--, (*s)++) {
        if (!isdigit((unsigned char)**s))
            return -1;
        v = v * 10 + (**s - '0');
    }
    return v;
}

static bool skip(const char **s, char c)
{
    bool is = **s == c;
    *s += is;
    return is;
}

/* "Z" or "+02:00" at the end of the text: minutes east. */
static bool read_offset(const char *s, int *minutes)
{
    int sign = *s == '-' ? -1 : 1;
    *minutes = 0;
    if (strcmp(s, "Z") == 0)
        return true;
    if (*s != '+' && *s != '-')
        return false;
    s++;
    int h = digits(&s, 2);
    bool colon = skip(&s, ':');
    int m = digits(&s, 2);
    *minutes = sign * (h * 60 + m);
    return colon && h >= 0 && h < 24 && m >= 0 && m < 60 && *s == '\0';
}

bool desk_practice_instant(const char *text, int64_t *utc_ms)
{
    const char *s = text ? text : "";
    struct desk_local_time t = {0};
    int offset;
    t.year = digits(&s, 4);
    bool ok = skip(&s, '-');
    t.month = digits(&s, 2);
    ok = ok && skip(&s, '-');
    t.day = digits(&s, 2);
    ok = ok && skip(&s, 'T');
    t.hour = digits(&s, 2);
    ok = ok && skip(&s, ':');
    t.minute = digits(&s, 2);
    if (ok && skip(&s, ':'))
        t.second = digits(&s, 2);
    ok = ok && t.year >= 0 && t.month >= 1 && t.month <= 12 && t.day >= 1 && t.day <= 31 &&
         t.hour >= 0 && t.hour < 24 && t.minute >= 0 && t.minute < 60 && t.second >= 0 &&
         t.second < 61 && read_offset(s, &offset);
    if (!ok)
        return false;
    desk_tz_utc(NULL, &t, false, utc_ms);
    *utc_ms -= offset * MINUTE_MS;
    return true;
}

/* ---- what happens beside the words ----------------------------------------------------------- */

static bool begins(const char *text, const char *with)
{
    return strncasecmp(text, with, strlen(with)) == 0;
}

/* "after the first address question" → "address"; "after the greeting" → "". */
static void question_of(const char *text, char *out, size_t n)
{
    const char *end = strcasestr(text, " question");
    const char *from = end;
    while (from && from > text && from[-1] != ' ')
        from--;
    snprintf(out, n, "%.*s", end ? (int)(end - from) : 0, end ? from : "");
}

void desk_practice_behaviour_read(const char *text, struct desk_practice_behaviour *out)
{
    char *rest;
    memset(out, 0, sizeof *out);
    if (begins(text, "dial result:")) {
        text += strlen("dial result:");
        text += strspn(text, " ");
        out->event = DESK_PRACTICE_DIAL;
        snprintf(out->word, sizeof out->word, "%.*s", (int)strcspn(text, " ,;"), text);
    } else if (begins(text, "wait ") && isdigit((unsigned char)text[5])) {
        long n = strtol(text + 5, &rest, 10);
        rest += strspn(rest, " ");
        int64_t unit = begins(rest, "hour")  ? 60 * MINUTE_MS
                       : begins(rest, "sec") ? 1000
                                             : MINUTE_MS;
        out->event = DESK_PRACTICE_WAIT;
        out->ms = n > 0 && n < 100000 ? n * unit : 0;
        question_of(rest, out->word, sizeof out->word);
    } else if (strcasestr(text, "silen")) {
        out->event = DESK_PRACTICE_SILENCE;
        question_of(text, out->word, sizeof out->word);
    }
}

/* ---- the file -------------------------------------------------------------------------------- */

static const char *text_of(const json_t *doc, const char *key, const char *otherwise)
{
    const char *s = json_string_value(json_object_get(doc, key));
    return s ? s : otherwise;
}

static void fill(struct desk_practice *p)
{
    const json_t *turns = json_object_get(p->doc, "max_turns");
    p->id = text_of(p->doc, "id", "");
    p->title = text_of(p->doc, "title", "");
    p->business = text_of(p->doc, "business", "");
    p->opening = text_of(p->doc, "opening", "");
    p->number = text_of(p->doc, "caller_number", "");
    p->hang_up = text_of(p->doc, "hang_up", "after_goodbye");
    p->by_text = strcmp(text_of(p->doc, "channel", "voice"), "sms") == 0;
    p->max_turns = turns ? (long)json_integer_value(turns) : 16;
}

/* What a schema cannot say: a day that there is. */
static void check_times(struct reading *r, struct desk_practice *p)
{
    int64_t at;
    size_t i;
    json_t *v;
    if (!desk_practice_instant(text_of(p->doc, "now", ""), &p->now))
        problem(r, (const struct desk_json_step[]){{"now", 0}}, 1, false,
                "must be a time like \"2026-11-20T10:15-07:00\"");
    const json_t *seed = json_object_get(p->doc, "seed_db");
    json_array_foreach(json_object_get(seed, "appointments"), i, v)
    {
        const struct desk_json_step at_start[] = {
            {"seed_db", 0}, {"appointments", 0}, {NULL, i}, {"start", 0}};
        if (!desk_practice_instant(text_of(v, "start", ""), &at))
            problem(r, at_start, 4, false, "must be a time like \"2026-11-20T10:15-07:00\"");
    }
}

enum desk_rc desk_practice_read(struct desk_practice *p, const char *text, size_t len,
                                desk_practice_told *told, void *ctx)
{
    json_error_t at;
    struct reading r = {.text = text, .len = len, .told = told, .ctx = ctx};
    memset(p, 0, sizeof *p);
    json_t *schema = json_loads(schema_text, 0, NULL);
    p->doc = json_loadb(text, len, JSON_REJECT_DUPLICATES, &at);
    if (!schema || !p->doc) {
        char sentence[SENTENCE_MAX];
        snprintf(sentence, sizeof sentence, "this is not JSON: %s", at.text);
        if (schema)
            told(ctx, at.line < 1 ? 1 : at.line, sentence);
        json_decref(schema);
        return schema ? DESK_EINVAL : DESK_ENOMEM;
    }
    desk_schema_check(schema, p->doc, from_schema, &r);
    json_decref(schema);
    if (!r.problems)
        check_times(&r, p);
    if (r.problems)
        desk_practice_clear(p);
    else
        fill(p);
    return r.problems ? DESK_EINVAL : DESK_OK;
}

void desk_practice_clear(struct desk_practice *p)
{
    json_decref(p->doc);
    memset(p, 0, sizeof *p);
}
