#include "core/business_file.h"
#include "base/buf.h"
#include "base/limits.h"
#include "core/day_text.h"
#include "core/phone.h"
#include "core/sms.h"
#include "core/schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define SENTENCE_MAX 1200
#define STEPS        DESK_MAX_SCHEMA_DEPTH

/* Where all checks tell what they find. */
struct check {
    const char *text;
    size_t len;
    const struct desk_business_rules *rules;
    desk_business_told *told;
    void *ctx;
    size_t branch; /* which location is laid over the document; 0 = none */
    size_t problems;
    json_t *doc;            /* what is being checked, whole */
    struct desk_business b; /* and as it is read */
};

/* ---- telling --------------------------------------------------------------------------------- */

/* The place in the text. What stands in a branch was overlaid: its lines are looked for there. */
static int line_of(const struct check *c, struct desk_json_step *at, size_t n, bool of_key)
{
    struct desk_json_place place;
    desk_json_place(c->text, c->len, at, n, &place);
    return of_key ? place.key_line : place.line;
}

static void problem(struct check *c, const struct desk_json_step *at, size_t n, bool of_key,
                    const char *what)
{
    char path[300], sentence[SENTENCE_MAX];
    struct desk_json_step steps[STEPS + 2] = {{"locations", 0}, {NULL, c->branch - 1}};
    size_t lead = c->branch ? 2 : 0;
    if (n > STEPS)
        n = STEPS;
    if (n)
        memcpy(steps + lead, at, n * sizeof *at);
    if (c->problems++ >= DESK_MAX_PROBLEMS)
        return;
    desk_json_path(path, sizeof path, steps, lead + n);
    snprintf(sentence, sizeof sentence, "%s %s", *path ? path : "the file", what);
    c->told(c->ctx, line_of(c, steps, lead + n, of_key), sentence);
}

static void from_schema(void *ctx, const struct desk_schema_problem *p)
{
    problem(ctx, p->at, p->n_at, p->of_key, p->what);
}

/* One that has an index in it: staff[2].phone. */
static void problem_in(struct check *c, const char *list, size_t i, const char *member,
                       const char *what)
{
    const struct desk_json_step at[] = {{list, 0}, {NULL, i}, {member, 0}};
    problem(c, at, member ? 3 : 2, false, what);
}

static void problem_at(struct check *c, const char *first, const char *second, const char *what)
{
    const struct desk_json_step at[] = {{first, 0}, {second, 0}};
    problem(c, at, second ? 2 : 1, false, what);
}

/* ---- what a schema cannot say ---------------------------------------------------------------- */

static void check_zone(struct check *c)
{
    const char *zone = json_string_value(json_object_get(c->doc, "zone"));
    if (c->rules->zone_known && zone && !c->rules->zone_known(zone))
        problem_at(c, "zone", NULL,
                   "must be a time zone this machine knows, like "
                   "\"America/New_York\"");
}

struct hours_path {
    struct desk_json_step at[8];
    char keys[8][40];
    size_t n;
};

/* "weekly.mon[1]" → steps below "hours". */
static void read_path(struct hours_path *out, const char *path)
{
    out->n = 0;
    out->at[out->n++] = (struct desk_json_step){"hours", 0};
    for (const char *p = path; *p && out->n < 8; p += *p == '.' || *p == ']') {
        if (*p == '[') {
            char *end;
            out->at[out->n++] = (struct desk_json_step){NULL, strtoul(p + 1, &end, 10)};
            p = end;
            continue;
        }
        size_t len = strcspn(p, ".[]");
        char *key = out->keys[out->n];
        snprintf(key, sizeof out->keys[0], "%.*s", (int)len, p);
        if (len)
            out->at[out->n++] = (struct desk_json_step){key, 0};
        p += len;
    }
}

/* The reader of hours says where ("weekly.mon: two spans overlap"); its word goes with its line. */
static void check_hours(struct check *c)
{
    char error[200], what[260];
    struct hours_path path;
    struct desk_hours *h = calloc(1, sizeof *h);
    char *text = json_dumps(json_object_get(c->doc, "hours"), JSON_COMPACT);
    if (h && text && desk_hours_parse(h, text, error, sizeof error)) {
        char *colon = strstr(error, ": ");
        snprintf(what, sizeof what, "is not right: %s", colon ? colon + 2 : error);
        if (colon)
            *colon = '\0';
        read_path(&path, colon ? error : "");
        problem(c, path.at, path.n, false, what);
    }
    free(text);
    free(h);
}

static void check_phone(struct check *c, const char *list, size_t i, const char *member,
                        const json_t *v)
{
    static const char must[] = "is no number that can be called";
    char e164[DESK_PHONE_LEN];
    const char *s = json_string_value(v);
    if (!s || (desk_phone_parse(s, NULL, e164) == DESK_PHONE_OK && strcmp(e164, s) == 0))
        return;
    if (list)
        problem_in(c, list, i, member, must);
    else
        problem_at(c, "owner", member, must);
}

static void check_phones(struct check *c)
{
    static const char *const lists[] = {"staff", "vendors"};
    size_t i;
    json_t *v;
    json_array_foreach(json_object_get(c->doc, "numbers"), i, v)
        check_phone(c, "numbers", i, NULL, v);
    check_phone(c, NULL, 0, "phone", json_object_get(json_object_get(c->doc, "owner"), "phone"));
    for (size_t k = 0; k < sizeof lists / sizeof *lists; k++) {
        json_array_foreach(json_object_get(c->doc, lists[k]), i, v)
            check_phone(c, lists[k], i, "phone", json_object_get(v, "phone"));
    }
}

static const char *name_in(const json_t *v, const char *member)
{
    const char *s = json_string_value(v);
    return s ? s : json_string_value(json_object_get(v, member));
}

/* Two items of a list that are called the same, so that nobody knows which is meant. */
static void check_twice(struct check *c, const char *list, const char *member)
{
    size_t i;
    json_t *v;
    json_t *all = json_object_get(c->doc, list);
    json_array_foreach(all, i, v)
    {
        const char *name = name_in(v, member);
        for (size_t k = 0; name && k < i; k++) {
            const char *other = name_in(json_array_get(all, k), member);
            if (!other || strcasecmp(name, other) != 0)
                continue;
            problem_in(c, list, i, json_is_string(v) ? NULL : member, "stands there twice");
            break;
        }
    }
}

static void check_names(struct check *c)
{
    check_twice(c, "staff", "name");
    check_twice(c, "services", "id");
    check_twice(c, "services", "name");
    check_twice(c, "intents", "intent");
    check_twice(c, "numbers", NULL);
}

/* ---- who is named ---------------------------------------------------------------------------- */

static bool is_target(struct check *c, const char *name)
{
    return strcasecmp(name, "owner") == 0 || strcasecmp(name, "on_call") == 0 ||
           desk_business_group(&c->b, name) || desk_business_person(&c->b, name);
}

static void tell_nobody(struct check *c, const struct desk_json_step *at, size_t n,
                        const char *name)
{
    struct desk_buf what;
    desk_buf_init(&what, SENTENCE_MAX);
    desk_buf_fmt(&what, "names \"%.60s\", who is nobody here; known are: owner, on_call", name);
    for (size_t i = 0; i < c->b.n_groups; i++)
        desk_buf_fmt(&what, ", %s", c->b.groups[i].name);
    for (size_t i = 0; i < c->b.n_people; i++)
        if (*c->b.people[i].name)
            desk_buf_fmt(&what, ", %s", c->b.people[i].name);
    problem(c, at, n, false, desk_buf_ok(&what) ? desk_buf_cstr(&what) : "names nobody");
    desk_buf_clear(&what);
}

/* A name or a list of names at the end of that way. */
static void check_who(struct check *c, struct desk_json_step *at, size_t n, const json_t *who)
{
    size_t i;
    json_t *v;
    const char *alone = json_string_value(who);
    if (alone && !is_target(c, alone))
        tell_nobody(c, at, n, alone);
    json_array_foreach(who, i, v)
    {
        at[n] = (struct desk_json_step){NULL, i};
        if (json_is_string(v) && !is_target(c, json_string_value(v)))
            tell_nobody(c, at, n + 1, json_string_value(v));
    }
}

static void check_rota(struct check *c)
{
    size_t i;
    json_t *v;
    const char *key;
    json_array_foreach(json_object_get(c->doc, "on_call"), i, v)
    {
        struct desk_json_step at[4] = {{"on_call", 0}, {NULL, i}, {"who", 0}};
        int32_t first, last;
        check_who(c, at, 3, json_object_get(v, "who"));
        if (desk_day_parse(json_string_value(json_object_get(v, "first")), &first) &&
            desk_day_parse(json_string_value(json_object_get(v, "last")), &last) && last < first)
            problem_in(c, "on_call", i, "last", "must not be before \"first\"");
    }
    json_object_foreach(json_object_get(c->doc, "ring_groups"), key, v)
    {
        struct desk_json_step at[4] = {{"ring_groups", 0}, {key, 0}, {"who", 0}};
        check_who(c, at, 3, json_object_get(v, "who"));
    }
}

static void check_tell(struct check *c)
{
    const json_t *tell = json_object_get(json_object_get(c->doc, "emergency"), "tell");
    struct desk_json_step ring[3] = {{"answering", 0}, {"ring", 0}};
    struct desk_json_step escalation[3] = {{"escalation", 0}, {"tell", 0}};
    for (enum desk_severity s = DESK_P3; s < DESK_SEVERITY__MAX; s++) {
        const char *name = desk_severity_name(s);
        struct desk_json_step at[4] = {{"emergency", 0}, {"tell", 0}, {name, 0}};
        check_who(c, at, 3, json_object_get(tell, name));
    }
    check_who(c, ring, 2, json_object_get(json_object_get(c->doc, "answering"), "ring"));
    check_who(c, escalation, 2, json_object_get(json_object_get(c->doc, "escalation"), "tell"));
}

static void check_away(struct check *c)
{
    size_t i;
    json_t *v;
    json_array_foreach(json_object_get(json_object_get(c->doc, "hours"), "exceptions"), i, v)
    {
        const struct desk_json_step at[] = {
            {"hours", 0}, {"exceptions", 0}, {NULL, i}, {"person", 0}};
        const char *who = json_string_value(json_object_get(v, "person"));
        if (who && strcasecmp(who, "owner") != 0 && !desk_business_person(&c->b, who))
            tell_nobody(c, at, 4, who);
    }
}

/* Texts in the business's own words: of ours by name, and with values that they have. */
static void check_texts(struct check *c)
{
    const char *name;
    char what[400];
    json_t *v;
    json_object_foreach(json_object_get(c->doc, "sms"), name, v)
    {
        const struct desk_json_step at[] = {{"sms", 0}, {name, 0}};
        const struct desk_sms_template *t = desk_sms_template_find(name);
        if (!t)
            problem(c, at, 2, true,
                    "is no text that is ever sent; `frontdesk sms list` shows those that are");
        else if (desk_sms_wording_check(t, json_string_value(v), what, sizeof what))
            problem(c, at, 2, false, what);
    }
}

static void check_overlay(struct check *c)
{
    static const char *const whole[] = {"slug", "locations"};
    const json_t *own = json_array_get(json_object_get(c->doc, "locations"), c->branch - 1);
    for (size_t i = 0; c->branch && i < sizeof whole / sizeof *whole; i++) {
        const struct desk_json_step at[] = {{whole[i], 0}};
        if (json_object_get(own, whole[i]))
            problem(c, at, 1, true, "belongs to the whole business, not to a branch");
    }
}

static void (*const rules[])(struct check *c) = {
    check_zone, check_hours, check_phones, check_names,
    check_rota, check_tell,  check_away,   check_texts,
};

/* One whole document: the schema first; where it is met, the rest. */
static enum desk_rc check_whole(struct check *c, struct desk_arena *a)
{
    desk_arena_reset(a);
    if (desk_schema_check(c->rules->schema, c->doc, from_schema, c))
        return DESK_EINVAL;
    if (desk_business_file_compose(&c->b, a, c->doc))
        return DESK_ENOMEM;
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        rules[i](c);
    return c->problems ? DESK_EINVAL : DESK_OK;
}

/* ---- across the branches --------------------------------------------------------------------- */

static const json_t *branch_of(const json_t *doc, size_t i)
{
    return i ? json_array_get(json_object_get(doc, "locations"), i - 1) : doc;
}

static bool has_number(const json_t *branch, const json_t *number)
{
    size_t i;
    json_t *v;
    json_array_foreach(json_object_get(branch, "numbers"), i, v)
    {
        if (json_equal(v, number))
            return true;
    }
    return false;
}

/* A number belongs to one branch, and so does a name. */
static void check_branch(struct check *c, const json_t *doc, size_t i)
{
    size_t k;
    json_t *v;
    const json_t *own = branch_of(doc, i), *name = json_object_get(own, "branch");
    for (size_t other = 0; other < i; other++) {
        const json_t *that = branch_of(doc, other);
        if (name && json_equal(name, json_object_get(that, "branch")))
            problem_at(c, "branch", NULL, "is the name of another branch");
        json_array_foreach(json_object_get(own, "numbers"), k, v)
        {
            if (has_number(that, v))
                problem_in(c, "numbers", k, NULL, "belongs to another branch already");
        }
    }
}

static enum desk_rc check_branches(struct check *c, struct desk_arena *a, json_t *doc)
{
    enum desk_rc rc = DESK_OK;
    for (size_t i = 1; rc != DESK_ENOMEM && i < desk_business_file_locations(doc); i++) {
        c->branch = i;
        c->doc = doc;
        check_overlay(c);
        check_branch(c, doc, i);
        c->doc = desk_business_file_location(doc, i);
        rc = c->doc ? check_whole(c, a) : DESK_ENOMEM;
        json_decref(c->doc);
        c->doc = NULL;
    }
    return rc == DESK_ENOMEM ? rc : c->problems ? DESK_EINVAL : DESK_OK;
}

/* ---- the file -------------------------------------------------------------------------------- */

static json_t *parse(struct check *c)
{
    json_error_t at;
    char sentence[SENTENCE_MAX];
    json_t *doc = json_loadb(c->text, c->len, JSON_REJECT_DUPLICATES, &at);
    if (!doc) {
        snprintf(sentence, sizeof sentence, "this is not JSON: %s", at.text);
        c->told(c->ctx, at.line < 1 ? 1 : at.line, sentence);
    }
    return doc;
}

enum desk_rc desk_business_file_read(json_t **doc, const char *text, size_t len,
                                     const struct desk_business_rules *all,
                                     desk_business_told *told, void *ctx)
{
    bool bom = len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0; /* some editors put it there */
    struct check c = {.text = bom ? text + 3 : text,
                      .len = bom ? len - 3 : len,
                      .rules = all,
                      .told = told,
                      .ctx = ctx};
    *doc = NULL;
    json_t *root = parse(&c);
    if (!root)
        return DESK_EINVAL;
    struct desk_arena *a = desk_arena_new(DESK_MAX_BUSINESS_ARENA);
    c.doc = root;
    enum desk_rc rc = a ? check_whole(&c, a) : DESK_ENOMEM;
    if (!rc) /* what is wrong with all of them is told once */
        rc = check_branches(&c, a, root);
    desk_arena_free(a);
    if (rc)
        json_decref(root);
    else
        *doc = root;
    return rc;
}

size_t desk_business_file_locations(const json_t *doc)
{
    return 1 + json_array_size(json_object_get(doc, "locations"));
}

json_t *desk_business_file_location(const json_t *doc, size_t i)
{
    json_t *out = desk_business_merge(doc, i ? branch_of(doc, i) : NULL);
    if (out)
        json_object_del(out, "locations");
    return out;
}

enum desk_rc desk_business_file_compose(struct desk_business *b, struct desk_arena *a,
                                        const json_t *doc)
{
    const json_t *owner = json_object_get(doc, "owner");
    char *profile = json_dumps(doc, JSON_COMPACT);
    char *hours = json_dumps(json_object_get(doc, "hours"), JSON_COMPACT);
    const struct desk_business_parts parts = {
        .slug = json_string_value(json_object_get(doc, "slug")),
        .name = json_string_value(json_object_get(doc, "name")),
        .branch = json_string_value(json_object_get(doc, "branch")),
        .profile = profile,
        .zone = json_string_value(json_object_get(doc, "zone")),
        .hours = hours,
        .owner_name = json_string_value(json_object_get(owner, "name")),
        .owner_phone = json_string_value(json_object_get(owner, "phone")),
    };
    enum desk_rc rc = profile ? desk_business_compose(b, a, &parts) : DESK_ENOMEM;
    free(profile);
    free(hours);
    return rc;
}
