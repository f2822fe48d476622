/* frontdesk doctor signature: does a webhook's X-Twilio-Signature hold, which forms of the address
 * were tried, and what would have to be different for it to hold. */
#include "cli/cli.h"
#include "cli/sub.h"
#include "base/buf.h"
#include "base/config.h"
#include "base/limits.h"
#include "wire/twilio_sig.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define TOKENS  2
#define TRIED   (DESK_TWILIO_CANDIDATES * TOKENS)
#define URL_MAX 2048

struct asked {
    struct desk_twilio_check check;
    const char *body_file;
    const char *tokens[TOKENS];
    const char *token_names[TOKENS];
    struct desk_buf body;
    struct desk_form form;
};

/* ---- what is asked --------------------------------------------------------------------------- */

static int read_body(struct asked *q)
{
    FILE *in = strcmp(q->body_file, "-") == 0 ? stdin : fopen(q->body_file, "re");
    if (!in)
        return cli_usage("the body file %s cannot be read", q->body_file);
    char *room;
    size_t got = 0;
    while ((room = desk_buf_room(&q->body, 4096)) && (got = fread(room, 1, 4096, in)) > 0)
        desk_buf_grew(&q->body, got);
    if (in != stdin)
        fclose(in);
    return desk_buf_ok(&q->body) ? 0 : cli_usage("the body is longer than any webhook's");
}

static void take_tokens(struct asked *q, const char *given)
{
    static const enum desk_setting_id ids[TOKENS] = {DESK_S_TWILIO_AUTH_TOKEN,
                                                     DESK_S_TWILIO_AUTH_TOKEN_SECONDARY};
    size_t n = 0;
    if (given) {
        q->token_names[0] = "the given token";
        q->tokens[n++] = given;
    }
    for (size_t i = 0; !given && i < TOKENS; i++) {
        if (!*desk_setting(ids[i]))
            continue;
        q->token_names[n] = desk_setting_rows[ids[i]].name;
        q->tokens[n++] = desk_setting(ids[i]);
    }
    q->check.tokens = q->tokens;
    q->check.n_tokens = n;
}

static int complete(const struct asked *q)
{
    const char *url = q->check.url;
    if (!url || !strstr(url, "://") || strlen(url) >= URL_MAX)
        return cli_usage("--url wants the whole address as set at Twilio, like "
                         "https://desk.example.com/voice/incoming");
    if (!q->check.signature)
        return cli_usage("--signature wants the value of the header X-Twilio-Signature");
    if (strcmp(q->check.method, "GET") != 0 && strcmp(q->check.method, "POST") != 0)
        return cli_usage("--method is GET or POST");
    if (!q->check.n_tokens)
        return cli_usage("no auth token: give --token, or set TWILIO_AUTH_TOKEN");
    return 0;
}

static int read_options(int argc, char **argv, struct asked *q)
{
    static const struct option options[] = {{"url", required_argument, NULL, 'u'},
                                            {"body-file", required_argument, NULL, 'b'},
                                            {"signature", required_argument, NULL, 's'},
                                            {"token", required_argument, NULL, 't'},
                                            {"method", required_argument, NULL, 'm'},
                                            {"content-type", required_argument, NULL, 'c'},
                                            {NULL, 0, NULL, 0}};
    const char *token = NULL,
               **const to[] = {
                   ['u'] = &q->check.url, ['b'] = &q->body_file,    ['s'] = &q->check.signature,
                   ['t'] = &token,        ['m'] = &q->check.method, ['c'] = &q->check.content_type};
    int c;
    optind = 1;
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (c == '?')
            return 2;
        *to[c] = optarg;
    }
    if (optind != argc)
        return cli_usage("doctor signature does not know what to do with \"%s\"", argv[optind]);
    if (!q->check.method)
        q->check.method = q->body_file ? "POST" : "GET";
    take_tokens(q, token);
    return complete(q);
}

/* Only bodies that are not forms have their SHA-256 in the query. */
static bool has_body_sha(const char *url)
{
    const char *query = strchr(url, '?');
    return query && (strstr(query, "?bodySHA256=") || strstr(query, "&bodySHA256="));
}

static int read_all(int argc, char **argv, struct asked *q, struct desk_arena *a)
{
    int status = read_options(argc, argv, q);
    if (!status && q->body_file)
        status = read_body(q);
    if (status)
        return status;
    q->check.body = desk_buf_cstr(&q->body);
    q->check.body_len = q->body.len;
    if (!q->check.content_type && has_body_sha(q->check.url))
        q->check.content_type = "application/json";
    const char *type = q->check.content_type;
    if (q->body.len && (!type || strstr(type, "application/x-www-form-urlencoded"))) {
        if (desk_form_parse(&q->form, a, q->body.p, q->body.len))
            return cli_usage("the body has more fields than any webhook's");
        q->check.form = &q->form;
    }
    return 0;
}

/* ---- hints: what else would hold ------------------------------------------------------------- */

static bool starts(const char *s, const char *with)
{
    return strncmp(s, with, strlen(with)) == 0;
}

static void with_scheme(char *out, const char *url, const char *scheme)
{
    snprintf(out, URL_MAX, "%s%s", scheme, strstr(url, "://"));
}
static void to_https(char *out, const char *url)
{
    with_scheme(out, url, "https");
}
static void to_http(char *out, const char *url)
{
    with_scheme(out, url, "http");
}
static void to_wss(char *out, const char *url)
{
    with_scheme(out, url, "wss");
}
static void slash(char *out, const char *url)
{
    size_t path = strcspn(url, "?");
    if (path && url[path - 1] == '/')
        snprintf(out, URL_MAX, "%.*s%s", (int)path - 1, url, url + path);
    else
        snprintf(out, URL_MAX, "%.*s/%s", (int)path, url, url + path);
}
static void no_query(char *out, const char *url)
{
    snprintf(out, URL_MAX, "%.*s", (int)strcspn(url, "?"), url);
}
static void trimmed(char *out, const char *url)
{
    size_t n = strcspn(url, " \t\r\n");
    snprintf(out, URL_MAX, "%.*s", (int)n, url);
}

static const struct {
    void (*change)(char *out, const char *url);
    const char *hint;
} changes[] = {
    {to_https, "Twilio knows the https address: put https:// in PUBLIC_BASE_URL"},
    {to_http, "Twilio knows the http address: put http:// in PUBLIC_BASE_URL, or https at Twilio"},
    {to_wss, "this is the signature of a WebSocket upgrade: its address begins with wss://"},
    {slash, "the slash at the end of the path differs between Twilio and here"},
    {no_query, "the query is not part of what Twilio signed: is something adding it on the way?"},
    {trimmed, "the address has a blank in it or behind it"},
};

static bool holds(const struct asked *q, const char *url, bool with_body, const char *token)
{
    struct desk_twilio_check c = q->check;
    c.url = url;
    c.tokens = &token;
    c.n_tokens = 1;
    if (!with_body) {
        c.method = "GET";
        c.form = NULL;
        c.body_len = 0;
        c.content_type = NULL;
    }
    return desk_twilio_verify(&c, NULL, 0, NULL) == DESK_OK;
}

static bool hint_token(const struct asked *q, size_t i)
{
    char token[256];
    size_t n = strcspn(q->tokens[i], " \t\r\n");
    if (!q->tokens[i][n] || n >= sizeof token)
        return false;
    snprintf(token, sizeof token, "%.*s", (int)n, q->tokens[i]);
    if (!holds(q, q->check.url, true, token))
        return false;
    printf("hint: %s has a blank or a line end behind it\n", q->token_names[i]);
    return true;
}

/* An editor or an echo put a line end behind the body. */
static bool hint_line_end(const struct asked *q, size_t i)
{
    struct asked cut = *q;
    size_t n = q->body.len;
    while (n && strchr("\r\n", q->body.p[n - 1]))
        n--;
    if (n == q->body.len)
        return false;
    struct desk_arena *a = desk_arena_new(4 * 1024 * 1024);
    cut.check.body_len = n;
    if (q->check.form)
        cut.check.form = &cut.form;
    bool found = a && desk_form_parse(&cut.form, a, q->body.p, n) == DESK_OK &&
                 holds(&cut, q->check.url, true, q->tokens[i]);
    desk_arena_free(a);
    if (found)
        puts("hint: the body file has a line end behind the body that Twilio did not send");
    return found;
}

static bool hint_for_token(const struct asked *q, size_t i)
{
    char url[URL_MAX + 8];
    for (size_t k = 0; k < sizeof changes / sizeof *changes; k++) {
        changes[k].change(url, q->check.url);
        if (strcmp(url, q->check.url) == 0 || !holds(q, url, true, q->tokens[i]))
            continue;
        printf("hint: it would hold for %s\n      %s\n", url, changes[k].hint);
        return true;
    }
    if (q->body.len && holds(q, q->check.url, false, q->tokens[i])) {
        puts("hint: it would hold without a body: Twilio sent a GET, or what is in the file is not "
             "what Twilio signed");
        return true;
    }
    return hint_line_end(q, i) || hint_token(q, i);
}

static void hints(const struct asked *q)
{
    for (size_t i = 0; i < q->check.n_tokens; i++)
        if (hint_for_token(q, i))
            return;
    puts(
        "hint: none of the usual differences explains it. What remains:\n"
        "      - the token: the primary auth token of the account (of the sub-account, if the\n"
        "        number is its own), never an API key's secret; a promoted secondary token counts\n"
        "      - the host: Twilio signs the address exactly as it is written in its console\n"
        "      - the body: it must be the raw bytes as received, not parsed and written again");
    if (strlen(q->check.signature) != DESK_TWILIO_SIG_LEN - 1)
        printf("      - the signature: it has %zu characters, Twilio's have %d\n",
               strlen(q->check.signature), DESK_TWILIO_SIG_LEN - 1);
    if (starts(q->check.url, "https://localhost") || starts(q->check.url, "http://127."))
        puts("      - the address is this machine's own, which Twilio cannot have called");
}

/* ---- the command ----------------------------------------------------------------------------- */

static int tell(const struct asked *q)
{
    struct desk_twilio_tried tried[TRIED];
    size_t n = 0;
    enum desk_rc rc = desk_twilio_verify(&q->check, tried, TRIED, &n);
    for (size_t i = 0; i < n; i++)
        printf("%-5s %s  (%s)\n", tried[i].ok ? "holds" : "no", tried[i].url,
               q->token_names[tried[i].token]);
    if (rc == DESK_OK) {
        puts("The signature is genuine.");
        return 0;
    }
    puts(rc == DESK_EINVAL ? "The signature is empty: Twilio always sends one."
                           : "The signature does not hold.");
    if (rc == DESK_EAUTH)
        hints(q);
    return 1;
}

static int signature(int argc, char **argv)
{
    struct asked q = {.body_file = NULL};
    struct desk_arena *a = desk_arena_new(4 * 1024 * 1024);
    if (!a)
        return 1;
    desk_buf_init(&q.body, DESK_MAX_BODY);
    int status = read_all(argc, argv, &q, a);
    if (!status)
        status = tell(&q);
    desk_buf_clear(&q.body);
    desk_arena_free(a);
    return status;
}

int cmd_doctor(int argc, char **argv)
{
    static const struct cli_sub subs[] = {
        {"signature", signature,
         "signature --url URL --signature SIG [--body-file FILE] [--token TOKEN]\n"
         "                            [--method GET|POST] [--content-type TYPE]"},
        {NULL, NULL, NULL},
    };
    return cli_sub_run(subs, argc, argv);
}
