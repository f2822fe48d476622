/* frontdesk check, of the front desk as the world reaches it: name, certificate and pages of
 * PUBLIC_BASE_URL, a signed webhook, the audio's way to the bridge. */
#include "cli/check.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/file.h"
#include "base/paths.h"
#include "out/http.h"
#include "wire/form.h"
#include "wire/twilio_sig.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#define URL_MOST 1024
#define DAY_S    86400

/* The front desk's address + path: PUBLIC_BASE_URL, else where `frontdesk run` listens for practice
 * calls. *real: it is the former. False, and a finding: there is neither. */
static bool public_url(struct check_report *r, const char *path, bool *real, char out[URL_MOST])
{
    char file[DESK_PATH_LEN], base[URL_MOST / 2] = "";
    const char *given = desk_setting(DESK_S_PUBLIC_BASE_URL);
    *real = *given != '\0';
    if (*real)
        snprintf(base, sizeof base, "%s", given);
    else if (!desk_file_line(base, sizeof base, desk_path_run(file, "base-url"))) {
        check_say(r, CHECK_WARN, "`frontdesk run` starts it; PUBLIC_BASE_URL is for Twilio",
                  "it has no public address, and does not run here");
        return false;
    }
    size_t len = strlen(base);
    while (len && base[len - 1] == '/')
        len--;
    snprintf(out, URL_MOST, "%.*s%s", (int)len, base, path);
    return true;
}

/* ---- name and certificate ----------------------------------------------------------------------
 */

static void host_of(const char *url, char *out, size_t n)
{
    const char *p = strstr(url, "://");
    p = p ? p + 3 : url;
    bool literal = *p == '[';
    snprintf(out, n, "%.*s", (int)strcspn(p + literal, literal ? "]" : ":/?#"), p + literal);
}

/* An address that means nothing outside of this network. */
static bool private_address(const struct sockaddr *a)
{
    static const struct {
        uint32_t net, mask;
    } nets[] = {{0x7f000000, 0xff000000}, {0x0a000000, 0xff000000}, {0xac100000, 0xfff00000},
                {0xc0a80000, 0xffff0000}, {0xa9fe0000, 0xffff0000}, {0x64400000, 0xffc00000}};
    if (a->sa_family == AF_INET6) {
        struct in6_addr six;
        memcpy(&six, (const char *)a + offsetof(struct sockaddr_in6, sin6_addr), sizeof six);
        return IN6_IS_ADDR_LOOPBACK(&six) || IN6_IS_ADDR_LINKLOCAL(&six) ||
               (six.s6_addr[0] & 0xfe) == 0xfc;
    }
    struct in_addr four;
    memcpy(&four, (const char *)a + offsetof(struct sockaddr_in, sin_addr), sizeof four);
    for (size_t i = 0; i < sizeof nets / sizeof *nets; i++)
        if ((ntohl(four.s_addr) & nets[i].mask) == nets[i].net)
            return true;
    return false;
}

static bool check_name(struct check_report *r, const char *url)
{
    char host[256], text[INET6_ADDRSTRLEN] = "";
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *all = NULL;
    host_of(url, host, sizeof host);
    int rc = getaddrinfo(host, NULL, &hints, &all);
    if (rc) {
        check_say(r, CHECK_FAIL, "give the name an A record that is this machine's address",
                  "%s has no address: %s", host, gai_strerror(rc));
        return false;
    }
    getnameinfo(all->ai_addr, all->ai_addrlen, text, sizeof text, NULL, 0, NI_NUMERICHOST);
    bool inner = true;
    for (const struct addrinfo *a = all; a; a = a->ai_next)
        inner = inner && private_address(a->ai_addr);
    if (inner)
        check_say(r, CHECK_WARN, "good for practice calls; for Twilio it must be a public address",
                  "%s is %s, which only this network reaches", host, text);
    else
        check_say(r, CHECK_OK, NULL, "%s is %s", host, text);
    freeaddrinfo(all);
    return true;
}

static void check_certificate(struct check_report *r, int64_t expires)
{
    int64_t days = (expires - desk_now_ms() / 1000) / DAY_S;
    if (!expires)
        return;
    check_say(r,
              days < 7    ? CHECK_FAIL
              : days < 21 ? CHECK_WARN
                          : CHECK_OK,
              days < 21 ? "renew it (certbot renew), and see why that did not happen by itself"
                        : NULL,
              "the certificate is good for %ld more days", (long)days);
}

/* ---- pages ----------------------------------------------------------------------------------- */

static void check_health(struct check_report *r, const char *url)
{
    struct desk_http_reply reply;
    const struct desk_http_request req = {
        .url = url, .timeout_ms = 15000, .once = true, .certificate = true};
    enum desk_rc rc = desk_http_send(&req, &reply);
    if (rc && reply.fail == DESK_HTTP_TLS)
        check_say(r, CHECK_FAIL, "Twilio will not talk to it either: mend the certificate",
                  "TLS: %s", reply.why);
    else if (rc)
        check_say(r, CHECK_FAIL, "is it running (`frontdesk run`), and does the firewall let it?",
                  "it is not reached: %s", reply.why);
    else if (*reply.location)
        check_say(r, CHECK_FAIL, "set PUBLIC_BASE_URL to where it leads; Twilio signs that address",
                  "it leads elsewhere: %.200s", reply.location);
    else
        check_say(r, reply.status == 200 ? CHECK_OK : CHECK_FAIL,
                  reply.status == 200 ? NULL : "does it lead to this front desk's nginx?",
                  "/healthz answers with HTTP %d in %ld ms", reply.status, reply.elapsed_ms);
    check_certificate(r, reply.cert_expires);
    desk_http_reply_clear(&reply);
}

/* What a caller hears when nothing of ours runs: nginx alone, and a document Twilio can follow. */
static void check_fallback(struct check_report *r, const char *url)
{
    struct desk_http_reply reply;
    const struct desk_http_request req = {
        .url = url, .method = "POST", .body = "", .timeout_ms = 15000, .once = true};
    enum desk_rc rc = desk_http_send(&req, &reply);
    bool twiml = reply.body.p && strstr(reply.body.p, "<Response") != NULL;
    if (rc || reply.status != 200 || !twiml)
        check_say(r, CHECK_FAIL, "nginx/server.conf.in has its location: /voice/fallback",
                  "the fallback for callers is not there (HTTP %d)", reply.status);
    desk_http_reply_clear(&reply);
}

void check_public(struct check_report *r)
{
    char health[URL_MOST], fallback[URL_MOST];
    bool real;
    if (!public_url(r, "/healthz", &real, health))
        return;
    if (!real)
        check_say(r, CHECK_WARN, "set it when calls shall come in from Twilio",
                  "PUBLIC_BASE_URL is not set: only practice calls reach this front desk");
    else if (!check_name(r, health))
        return;
    check_health(r, health);
    if (r->v[r->n - 1].state != CHECK_FAIL && public_url(r, "/voice/fallback", &real, fallback))
        check_fallback(r, fallback);
}

/* ---- signatures ------------------------------------------------------------------------------ */

/* The token that signs: Twilio's, or the one for practice calls. */
static bool signing_token(struct check_report *r, char *out, size_t n)
{
    char path[DESK_PATH_LEN];
    const char *token = desk_setting(DESK_S_TWILIO_AUTH_TOKEN);
    if (*token)
        snprintf(out, n, "%s", token);
    else if (!desk_file_line(out, n, desk_path_run(path, "twilio-token"))) {
        check_say(r, CHECK_WARN, "set TWILIO_AUTH_TOKEN; `frontdesk run` makes one to practise",
                  "there is no token to sign with");
        return false;
    }
    return true;
}

/* A report about a stream of a call that does not exist: it is taken, and nothing comes of it. */
#define NOTICE "CallSid=CA00000000000000000000000000000000&StreamEvent=stream-started"

void check_signature(struct check_report *r)
{
    char url[URL_MOST], token[256], signature[DESK_TWILIO_SIG_LEN], header[80];
    struct desk_http_reply reply;
    struct desk_form form;
    bool real;
    if (!public_url(r, "/voice/stream-status", &real, url) ||
        !signing_token(r, token, sizeof token))
        return;
    struct desk_arena *a = desk_arena_new(65536);
    enum desk_rc rc = a ? desk_form_parse(&form, a, NOTICE, strlen(NOTICE)) : DESK_ENOMEM;
    if (!rc)
        rc = desk_twilio_sign(url, &form, token, signature);
    desk_arena_free(a);
    if (rc) {
        check_say(r, CHECK_FAIL, NULL, "it cannot be signed: %s", desk_rc_name(rc));
        return;
    }
    snprintf(header, sizeof header, "X-Twilio-Signature: %s", signature);
    const char *const headers[] = {header, "Content-Type: application/x-www-form-urlencoded", NULL};
    const struct desk_http_request req = {.url = url,
                                          .headers = headers,
                                          .body = NOTICE,
                                          .body_len = strlen(NOTICE),
                                          .timeout_ms = 12000,
                                          .once = true};
    rc = desk_http_send(&req, &reply);
    if (rc)
        check_say(r, CHECK_FAIL, "see the check \"public\"", "it is not reached: %s", reply.why);
    else if (reply.status == 403 || reply.status == 400)
        check_say(r, CHECK_FAIL,
                  "does the running front desk have this PUBLIC_BASE_URL and token? Does a proxy "
                  "before it change the path? `frontdesk doctor signature` tells more",
                  "a webhook signed as Twilio signs is refused (HTTP %d)", reply.status);
    else
        check_say(r, reply.status < 300 ? CHECK_OK : CHECK_FAIL,
                  reply.status < 300 ? NULL : "see the logs of hook and nginx",
                  "a signed webhook is answered with HTTP %d in %ld ms", reply.status,
                  reply.elapsed_ms);
    desk_http_reply_clear(&reply);
}

/* ---- the stream --------------------------------------------------------------------------------
 */

/* The way of a call's audio: as far as the bridge's door, and no step further. */
void check_stream(struct check_report *r)
{
    char url[URL_MOST], signed_url[URL_MOST + 8], token[256], signature[DESK_TWILIO_SIG_LEN];
    char header[80];
    struct desk_http_reply reply;
    bool real;
    if (!public_url(r, "/media-stream", &real, url) || !signing_token(r, token, sizeof token))
        return;
    snprintf(signed_url, sizeof signed_url, "ws%s", url + strlen("http")); /* https: wss */
    if (desk_twilio_sign(signed_url, NULL, token, signature)) {
        check_say(r, CHECK_FAIL, NULL, "it cannot be signed");
        return;
    }
    snprintf(header, sizeof header, "x-twilio-signature: %s", signature);
    const char *const headers[] = {header, NULL};
    const struct desk_http_request req = {.url = url, .headers = headers, .timeout_ms = 12000};
    enum desk_rc rc = desk_http_upgrade(&req, &reply);
    if (rc)
        check_say(r, CHECK_FAIL, "see the check \"public\"", "it is not reached: %s", reply.why);
    else if (reply.status == 101)
        check_say(r, CHECK_OK, NULL, "the bridge takes a stream, in %ld ms", reply.elapsed_ms);
    else if (reply.status == 503)
        check_say(r, CHECK_WARN, "when it lasts: restart it, or BRIDGE_PROCESSES",
                  "the bridge takes no new streams just now (HTTP 503)");
    else
        check_say(r, CHECK_FAIL,
                  reply.status == 403
                      ? "see the check \"signature\""
                      : "does the bridge run, and does nginx pass /media-stream to it?",
                  "a stream is answered with HTTP %d instead of 101", reply.status);
    desk_http_reply_clear(&reply);
}
