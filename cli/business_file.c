#include "cli/business_file.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/tz.h"
#include "store/tenants.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_LETTERS 100

/* What a field's check has at hand. */
struct reading {
    struct desk_business *b;
    struct desk_arena *a;
    char *why;
    size_t n;
};

static enum desk_rc bad(struct reading *r, const char *field, const char *must)
{
    snprintf(r->why, r->n, "\"%s\" must be %s", field, must);
    return DESK_EINVAL;
}

/* ---- one check per field --------------------------------------------------------------------- */

static enum desk_rc read_slug(struct reading *r, const json_t *v)
{
    const char *s = json_string_value(v);
    size_t n = s ? strlen(s) : 0;
    if (n < 1 || n > 40 || strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-") != n)
        return bad(r, "slug", "a short name of a-z, 0-9 and -, like \"plumbing\"");
    r->b->slug = desk_arena_strdup(r->a, s);
    return DESK_OK;
}

static enum desk_rc read_name(struct reading *r, const json_t *v)
{
    const char *s = json_string_value(v);
    if (!s || !*s || strlen(s) > NAME_LETTERS)
        return bad(r, "name", "the name callers hear, up to 100 letters");
    r->b->name = desk_arena_strdup(r->a, s);
    return DESK_OK;
}

static bool phone_ok(const char *s)
{
    size_t n = s ? strlen(s) : 0;
    return n >= 8 && n <= 16 && s[0] == '+' && s[1] != '0' && strspn(s + 1, "0123456789") == n - 1;
}

static enum desk_rc read_numbers(struct reading *r, const json_t *v)
{
    size_t n = json_array_size(v);
    if (n < 1 || n > DESK_BUSINESS_NUMBERS)
        return bad(r, "numbers", "a list of 1 to 50 numbers, like [\"+18605550100\"]");
    for (size_t i = 0; i < n; i++) {
        const char *s = json_string_value(json_array_get(v, i));
        if (!phone_ok(s))
            return bad(r, "numbers", "numbers with + and country code, like \"+18605550100\"");
        r->b->numbers[i] = desk_arena_strdup(r->a, s);
    }
    r->b->n_numbers = n;
    return DESK_OK;
}

static enum desk_rc read_zone(struct reading *r, const json_t *v)
{
    const char *s = json_string_value(v);
    if (!s || !desk_tz_load(s))
        return bad(r, "zone", "a time zone this machine knows, like \"America/New_York\"");
    r->b->zone = desk_arena_strdup(r->a, s);
    return DESK_OK;
}

/* "HH:MM" → minutes, 24:00 included; -1 = no time */
static int clock_minutes(const char *s)
{
    if (!s || strlen(s) != 5 || s[2] != ':' || strspn(s, "0123456789:") != 5)
        return -1;
    int h = (s[0] - '0') * 10 + s[1] - '0', m = (s[3] - '0') * 10 + s[4] - '0';
    return h * 60 + m <= 24 * 60 && m < 60 ? h * 60 + m : -1;
}

static bool spans_ok(const json_t *spans)
{
    int last = -1;
    if (!json_is_array(spans) || json_array_size(spans) > 10)
        return false;
    for (size_t i = 0; i < json_array_size(spans); i++) {
        const json_t *span = json_array_get(spans, i);
        int from = clock_minutes(json_string_value(json_array_get(span, 0)));
        int to = clock_minutes(json_string_value(json_array_get(span, 1)));
        if (json_array_size(span) != 2 || from < 0 || to <= from || from < last)
            return false;
        last = to;
    }
    return true;
}

static enum desk_rc read_hours(struct reading *r, const json_t *v)
{
    static const char *const days[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    size_t known = 0;
    char field[16];
    if (!json_is_object(v))
        return bad(r, "hours",
                   "like {\"mon\": [[\"08:00\", \"17:00\"]]}; a day left out is closed");
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        const json_t *spans = json_object_get(v, days[i]);
        if (!spans)
            continue;
        known++;
        snprintf(field, sizeof field, "hours.%s", days[i]);
        if (!spans_ok(spans))
            return bad(r, field,
                       "a list of [\"from\", \"to\"] like [\"08:00\", \"17:00\"], in order");
    }
    if (known != json_object_size(v))
        return bad(r, "hours", "by day: mon, tue, wed, thu, fri, sat, sun");
    char *text = json_dumps(v, JSON_COMPACT);
    r->b->hours = desk_arena_strdup(r->a, text);
    free(text);
    return DESK_OK;
}

static enum desk_rc read_owner(struct reading *r, const json_t *v)
{
    const json_t *name = json_object_get(v, "name"), *phone = json_object_get(v, "phone");
    if (!json_is_object(v))
        return bad(r, "owner", "like {\"name\": \"Sal\", \"phone\": \"+18605550101\"}");
    if (name && (!json_is_string(name) || json_string_length(name) > NAME_LETTERS))
        return bad(r, "owner.name", "a name of up to 100 letters");
    if (phone && !phone_ok(json_string_value(phone)))
        return bad(r, "owner.phone", "a number with + and country code, like \"+18605550101\"");
    r->b->owner_name = desk_arena_strdup(r->a, json_string_value(name));
    r->b->owner_phone = desk_arena_strdup(r->a, json_string_value(phone));
    return DESK_OK;
}

static enum desk_rc read_profile(struct reading *r, const json_t *v)
{
    static const char *const lists[] = {"services", "people", "emergencies"};
    static const char *const texts[] = {"greeting", "hours_spoken"};
    char field[32];
    if (!json_is_object(v))
        return bad(r, "profile", "an object like {\"greeting\": \"…\", \"services\": [\"…\"]}");
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const json_t *t = json_object_get(v, texts[i]);
        snprintf(field, sizeof field, "profile.%s", texts[i]);
        if (t && !json_is_string(t))
            return bad(r, field, "a text");
    }
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        const json_t *l = json_object_get(v, lists[i]);
        snprintf(field, sizeof field, "profile.%s", lists[i]);
        if (l && !json_is_array(l))
            return bad(r, field, "a list of texts");
        for (size_t k = 0; k < json_array_size(l); k++)
            if (!json_is_string(json_array_get(l, k)))
                return bad(r, field, "a list of texts");
    }
    char *text = json_dumps(v, JSON_COMPACT);
    r->b->profile = desk_arena_strdup(r->a, text);
    free(text);
    return DESK_OK;
}

static const struct {
    const char *name;
    bool required;
    enum desk_rc (*read)(struct reading *r, const json_t *v);
} fields[] = {
    {"slug", true, read_slug},        {"name", true, read_name},   {"numbers", true, read_numbers},
    {"zone", true, read_zone},        {"hours", true, read_hours}, {"owner", false, read_owner},
    {"profile", false, read_profile},
};
#define N_FIELDS (sizeof fields / sizeof *fields)

/* ---- the file -------------------------------------------------------------------------------- */

static enum desk_rc known_fields(struct reading *r, json_t *root)
{
    const char *key;
    json_t *v;
    json_object_foreach(root, key, v)
    {
        size_t i = 0;
        while (i < N_FIELDS && strcmp(fields[i].name, key) != 0)
            i++;
        if (i < N_FIELDS)
            continue;
        snprintf(r->why, r->n,
                 "there is no field \"%.40s\": a business has slug, name, numbers, zone, hours, "
                 "owner and profile",
                 key);
        return DESK_EINVAL;
    }
    return DESK_OK;
}

static enum desk_rc read_fields(struct reading *r, json_t *root)
{
    if (!json_is_object(root)) {
        snprintf(r->why, r->n, "the file must hold one object: { … }");
        return DESK_EINVAL;
    }
    enum desk_rc rc = known_fields(r, root);
    for (size_t i = 0; !rc && i < N_FIELDS; i++) {
        const json_t *v = json_object_get(root, fields[i].name);
        if (v)
            rc = fields[i].read(r, v);
        else if (fields[i].required) {
            snprintf(r->why, r->n, "\"%s\" is missing", fields[i].name);
            rc = DESK_EINVAL;
        }
    }
    return rc;
}

enum desk_rc desk_business_parse(struct desk_business *b, struct desk_arena *a, const char *text,
                                 size_t len, char *why, size_t n)
{
    struct reading r = {b, a, why, n};
    json_error_t at;
    memset(b, 0, sizeof *b);
    b->profile = "{}";
    json_t *root = json_loadb(text, len, JSON_REJECT_DUPLICATES, &at);
    if (!root) {
        snprintf(why, n, "line %d is not JSON: %s", at.line, at.text);
        return DESK_EINVAL;
    }
    enum desk_rc rc = read_fields(&r, root);
    json_decref(root);
    return rc;
}

enum desk_rc desk_business_read(struct desk_business *b, struct desk_arena *a, const char *path,
                                char *why, size_t n)
{
    enum desk_rc rc = DESK_ENOMEM;
    char *text = desk_arena_alloc(a, DESK_BUSINESS_FILE);
    FILE *in = fopen(path, "re");
    if (!in) {
        snprintf(why, n, "it cannot be read: %s", strerror(errno));
        return DESK_ENOTFOUND;
    }
    if (text) {
        size_t len = fread(text, 1, DESK_BUSINESS_FILE, in);
        rc = desk_business_parse(b, a, text, len, why, n);
    }
    fclose(in);
    return rc;
}

/* ---- the rows -------------------------------------------------------------------------------- */

static enum desk_rc store_numbers(const struct desk_business *b, struct desk_db *db,
                                  struct desk_number *row, char *why, size_t n)
{
    enum desk_rc rc = DESK_OK;
    for (size_t i = 0; !rc && i < b->n_numbers; i++) {
        row->e164 = b->numbers[i];
        rc = desk_number_insert(db, row);
        if (rc == DESK_ECONFLICT)
            snprintf(why, n, "the number %s belongs to a business already", b->numbers[i]);
    }
    return rc;
}

static enum desk_rc store_rows(const struct desk_business *b, struct desk_db *db,
                               const char *tenant_id, char *why, size_t n)
{
    char location_id[DESK_ID_LEN];
    int64_t now = desk_now_ms();
    const struct desk_tenant t = {.id = tenant_id,
                                  .slug = b->slug,
                                  .name = b->name,
                                  .profile = b->profile,
                                  .created_at = now,
                                  .updated_at = now};
    const struct desk_location l = {.id = desk_id_new(location_id, "loc"),
                                    .tenant_id = tenant_id,
                                    .name = b->name,
                                    .zone = b->zone,
                                    .hours = b->hours,
                                    .owner_name = b->owner_name,
                                    .owner_phone = b->owner_phone,
                                    .created_at = now};
    struct desk_number row = {
        .tenant_id = tenant_id, .location_id = location_id, .created_at = now};
    enum desk_rc rc = desk_tenant_insert(db, &t);
    if (rc == DESK_ECONFLICT)
        snprintf(why, n, "there is a business \"%s\" already", b->slug);
    if (!rc)
        rc = desk_location_insert(db, &l);
    return rc ? rc : store_numbers(b, db, &row, why, n);
}

enum desk_rc desk_business_store(const struct desk_business *b, struct desk_db *db, char *tenant_id,
                                 char *why, size_t n)
{
    snprintf(why, n, "the database refused it");
    desk_id_new(tenant_id, "ten");
    enum desk_rc rc = DESK_TX_BEGIN(db);
    return rc ? rc : desk_tx_end(db, store_rows(b, db, tenant_id, why, n));
}
