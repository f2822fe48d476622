/* Route counters as Prometheus text. nginx shows it to loopback only. */
#include "cgi-bin/web.h"

const struct desk_counter_family desk_counter_families[] = {
    {"frontdesk_requests_total", "Requests answered, by route.",
     offsetof(struct desk_route_stats, requests)},
    {"frontdesk_request_failures_total", "Requests that were refused or failed.",
     offsetof(struct desk_route_stats, failures)},
    {"frontdesk_request_microseconds_total", "Time spent in handlers.",
     offsetof(struct desk_route_stats, micros)},
    {0},
};

static void family(struct desk_request *req, const struct desk_counter_family *k)
{
    struct desk_buf *b = &req->reply.body;
    const struct desk_web *web = req->web;
    desk_buf_fmt(b, "# HELP %s %s\n# TYPE %s counter\n", k->name, k->help, k->name);
    for (size_t i = 0; web->routes[i].path; i++) {
        char methods[64];
        const char *at = (const char *)desk_counters(web, i) + k->offset;
        const _Atomic uint64_t *n = (const void *)at;
        desk_buf_fmt(b, "%s{zone=\"%s\",method=\"%s\",route=\"%s\"} %llu\n", k->name, web->name,
                     desk_methods_text(web->routes[i].methods, methods, sizeof methods),
                     web->routes[i].path, (unsigned long long)atomic_load(n));
    }
}

enum desk_rc desk_metrics_page(struct desk_request *req)
{
    if (!req->web->stats)
        return DESK_ENOTFOUND;
    req->reply.type = DESK_METRICS_TYPE;
    for (const struct desk_counter_family *k = desk_counter_families; k->name; k++)
        family(req, k);
    return DESK_OK;
}
