/* Routing for `frontdesk judge`: the businesses are the examples of the share folder, by slug; the
 * caller is what a look-up of the number returned. */
#include "cli/judge.h"
#include "cli/business_file.h"
#include "core/danger.h"
#include "core/route.h"
#include "core/business_file.h"
#include "base/paths.h"

#include <stdio.h>
#include <string.h>

#define KINDS 8

/* Read once for all lines; they live as long as the command. */
static struct {
    char slug[48];
    struct desk_business b;
} known[KINDS];
static size_t n_known;

const struct desk_business *judge_business(const char *slug, char *why, size_t n)
{
    static struct desk_arena *arena;
    char path[DESK_PATH_LEN], below[80], what[200];
    json_t *doc = NULL;
    for (size_t i = 0; i < n_known; i++)
        if (strcmp(known[i].slug, slug) == 0)
            return &known[i].b;
    if (!arena)
        arena = desk_arena_new(16 * 1024 * 1024);
    snprintf(below, sizeof below, "businesses/%.40s.json", slug);
    bool fine =
        arena && n_known < KINDS && strspn(slug, "abcdefghijklmnopqrstuvwxyz_-") == strlen(slug) &&
        cli_business_read_why(&doc, desk_path_share(path, below), what, sizeof what) == DESK_OK &&
        desk_business_file_compose(&known[n_known].b, arena, doc) == DESK_OK;
    json_decref(doc);
    if (!fine) {
        snprintf(why, n, "there is no example business \"%.40s\"", slug);
        return NULL;
    }
    known[n_known].b.zone = desk_tz_load(known[n_known].b.zone_name);
    snprintf(known[n_known].slug, sizeof known[0].slug, "%s", slug);
    return &known[n_known++].b;
}

bool judge_routing(const struct judge_line *l, json_t *out, char *why, size_t n)
{
    struct desk_routing route;
    struct desk_danger_found danger;
    struct desk_route_input in = {.text = l->text};
    if (!l->business || !l->local_time || !l->caller) {
        snprintf(why, n, "it lacks one of \"business\", \"local_time\", \"caller\"");
        return false;
    }
    in.business = judge_business(l->business, why, n);
    if (!in.business)
        return false;
    if (!judge_instant(l->local_time, in.business->zone, &in.now) ||
        !desk_caller_parse(l->caller, &in.caller)) {
        snprintf(why, n, "its time or caller cannot be read");
        return false;
    }
    in.outbound = l->direction && strcmp(l->direction, "outbound") == 0;
    desk_danger_judge(in.business, l->text, &danger);
    in.emergency = danger.severity;
    desk_route_decide(&in, &route);
    json_object_set_new(out, "script", route.standard ? json_string(route.standard) : json_null());
    json_object_set_new(out, "action", json_string(desk_route_action_name(route.action)));
    return true;
}
