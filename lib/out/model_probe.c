#include "out/model_probe.h"
#include "base/config.h"
#include "out/http.h"

#include <stdio.h>
#include <string.h>

#define TIMEOUT_MS 12000

static const struct {
    int status;
    bool passing;
    const char *why, *remedy;
} refusals[] = {
    {401, false, "refuses the key", "set the right key (OPENAI_API_KEY, AZURE_OPENAI_KEY …)"},
    {403, false, "does not let this key use the model", "see what the key may do there"},
    {404, false, "has no such address or model",
     "look at REALTIME_URL, REALTIME_MODEL or AZURE_OPENAI_DEPLOYMENT"},
    {429, true, "is asked too much, or the account has no credit", "look at the account"},
};

static void refused(struct desk_model_probe *p)
{
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++)
        if (refusals[i].status == p->status) {
            snprintf(p->why, sizeof p->why, "%s (HTTP %d)", refusals[i].why, p->status);
            p->remedy = refusals[i].remedy;
            p->passing = refusals[i].passing;
            return;
        }
    snprintf(p->why, sizeof p->why, "answers with HTTP %d instead of 101", p->status);
    p->remedy = "calls are taken question by question until it answers";
}

void desk_model_probe(const struct desk_rt_target *t, struct desk_model_probe *p)
{
    char url[1400], key[2200];
    struct desk_http_reply reply;
    bool six = strchr(t->host, ':') != NULL;
    const char *headers[3] = {NULL}, *ca = desk_setting(DESK_S_REALTIME_CA_FILE);
    size_t n = 0;
    snprintf(url, sizeof url, "%s://%s%s%s:%d%s", t->tls ? "https" : "http", six ? "[" : "",
             t->host, six ? "]" : "", t->port, t->path);
    snprintf(key, sizeof key, "%s %s", t->header_name, t->header_value);
    if (*t->header_name)
        headers[n++] = key;
    if (t->dialect == DESK_RT_BETA)
        headers[n] = "openai-beta: realtime=v1";
    const struct desk_http_request req = {
        .url = url, .headers = headers, .timeout_ms = TIMEOUT_MS, .ca_file = *ca ? ca : NULL};
    enum desk_rc rc = desk_http_upgrade(&req, &reply);
    *p = (struct desk_model_probe){
        .status = reply.status, .took_ms = reply.elapsed_ms, .remedy = ""};
    p->would_talk = !rc && reply.status == 101;
    if (rc) {
        p->status = 0;
        snprintf(p->why, sizeof p->why, "is not reached: %.220s", reply.why);
        p->remedy = t->offline ? "is it running? `frontdesk run` starts it, SPEECH_PORT says where"
                               : "look at REALTIME_URL and the network";
    } else if (!p->would_talk) {
        refused(p);
    }
    desk_http_reply_clear(&reply);
}
