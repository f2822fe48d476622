/* Any bytes as an owner's file and as the texts of a database: what is told has a line of the text,
 * what is read can be asked anything, and a file that is taken is taken again as it is composed. */
#include "core/business_file.h"
#include "core/json_place.h"

#include "base/limits.h"
#include "base/tz.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct lines {
    int most;
    size_t told;
};

static void told(void *ctx, int line, const char *sentence)
{
    struct lines *l = ctx;
    l->told++;
    if (line < 1 || line > l->most || !*sentence || l->told > DESK_MAX_PROBLEMS)
        abort();
}

static void ask(const struct desk_business *b, struct desk_arena *a)
{
    static const char *const targets[] = {"owner", "on_call", "office", "Raj", "x", ""};
    struct desk_ring ring;
    struct desk_hours_state state;
    for (int64_t at = 1767225600000LL; at < 1790000000000LL; at += 3333333333LL) {
        for (size_t i = 0; i < sizeof targets / sizeof *targets; i++)
            if (desk_business_ring(b, targets[i], at, &ring) != (ring.n > 0))
                abort();
        for (size_t i = 0; i < b->n_groups; i++)
            (void)desk_business_ring(b, b->groups[i].name, at, &ring);
        for (unsigned s = DESK_P3; s < DESK_SEVERITY__MAX; s++)
            if (desk_business_tell(b, &b->emergency.tell[s], at, &ring) && !ring.who[0]->phone)
                abort();
        desk_hours_at(b->hours, b->zone, at, &state);
    }
    if (!desk_business_greeting(b, a, true, "Dana") || !desk_business_greeting(b, a, false, NULL))
        abort();
    if (!b->owner || b->owner != b->people || strchr(b->notes, '\n'))
        abort();
    for (size_t i = 0; i < b->n_services; i++)
        if (!desk_business_service(b, b->services[i].name))
            abort();
    for (size_t i = 0; i < b->n_people; i++)
        if (*b->people[i].name && !desk_business_person(b, b->people[i].name))
            abort();
    (void)desk_business_pin_ok(b, "4471");
}

static void as_file(const char *text, size_t n, json_t *schema, struct desk_arena *a)
{
    const struct desk_business_rules rules = {schema, NULL};
    struct lines lines = {.most = 1};
    struct desk_business b;
    json_t *doc;
    for (size_t i = 0; i < n; i++)
        lines.most += text[i] == '\n';
    enum desk_rc rc = desk_business_file_read(&doc, text, n, &rules, told, &lines);
    if ((rc == DESK_OK) != (doc != NULL) || (rc == DESK_EINVAL && !lines.told) ||
        (rc == DESK_OK && lines.told))
        abort();
    for (size_t i = 0; doc && i < desk_business_file_locations(doc); i++) {
        json_t *whole = desk_business_file_location(doc, i);
        if (!whole || desk_business_file_compose(&b, a, whole))
            abort();
        ask(&b, a);
        json_t *patch = desk_business_diff(doc, whole), *again = desk_business_merge(doc, patch);
        if (!patch || !again || !json_equal(again, whole))
            abort();
        json_decref(patch);
        json_decref(again);
        json_decref(whole);
    }
    json_decref(doc);
}

/* The text is all of them: profile, people, overlay and hours. */
static void as_rows(const char *text, struct desk_arena *a)
{
    struct desk_business b;
    const struct desk_business_parts parts = {.slug = "x",
                                              .name = "X",
                                              .branch = "X",
                                              .profile = text,
                                              .people = text,
                                              .overlay = text,
                                              .zone = "UTC",
                                              .hours = text,
                                              .owner_name = text,
                                              .owner_phone = text};
    if (desk_business_compose(&b, a, &parts) == DESK_OK)
        ask(&b, a);
}

static void places(const char *text, size_t n)
{
    const struct desk_json_step ways[][3] = {{{"a", 0}, {NULL, 1}, {"b", 0}},
                                             {{NULL, 0}, {"a", 0}, {NULL, 2}},
                                             {{"hours", 0}, {"weekly", 0}, {"mon", 0}}};
    struct desk_json_place place;
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        desk_json_place(text, n, ways[i], 3, &place);
        if (place.found > 3 || place.line < 1 || place.key_line > place.line)
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static json_t *schema;
    if (!schema)
        schema = json_load_file("businesses/schema.json", 0, NULL);
    if (!schema) {
        fprintf(stderr, "run me where businesses/schema.json is\n");
        abort();
    }
    struct desk_arena *a = desk_arena_new(64 * 1024 * 1024);
    char *text = malloc(size + 1);
    if (!a || !text)
        abort();
    if (size)
        memcpy(text, data, size);
    text[size] = '\0';
    as_file(text, size, schema, a);
    as_rows(text, a);
    places(text, size);
    free(text);
    desk_arena_free(a);
    return 0;
}
