/* Route counters as Prometheus text. nginx shows it to loopback only. */
#include "cgi-bin/web.h"

static void family(struct desk_request *req, const char *name, const char *help, size_t offset)
{
    struct desk_buf *b = &req->reply.body;
    const struct desk_web *web = req->web;
    desk_buf_fmt(b, "# HELP %s %s\n# TYPE %s counter\n", name, help, name);
    for (size_t i = 0; web->routes[i].path; i++) {
        char methods[64];
        const char *at = (const char *)&web->stats[i] + offset;
        const _Atomic uint64_t *n = (const void *)at;
        desk_buf_fmt(b, "%s{zone=\"%s\",method=\"%s\",route=\"%s\"} %llu\n", name, web->name,
                     desk_methods_text(web->routes[i].methods, methods, sizeof methods),
                     web->routes[i].path, (unsigned long long)atomic_load(n));
    }
}

enum desk_rc desk_metrics_page(struct desk_request *req)
{
    if (!req->web->stats)
        return DESK_ENOTFOUND;
    req->reply.type = "text/plain; version=0.0.4; charset=utf-8";
    family(req, "frontdesk_requests_total", "Requests answered, by route.",
           offsetof(struct desk_route_stats, requests));
    family(req, "frontdesk_request_failures_total", "Requests that were refused or failed.",
           offsetof(struct desk_route_stats, failures));
    family(req, "frontdesk_request_microseconds_total", "Time spent in handlers.",
           offsetof(struct desk_route_stats, micros));
    return DESK_OK;
}
