/* frontdesk exceptions: who is put through at once, asked and changed over the REST API of a front
 * desk that may be anywhere: BASE_URL and API_TOKEN of .env. Without a word it asks what to do. */
#include "cli/cli.h"
#include "cli/sub.h"
#include "base/config.h"
#include "base/file.h"
#include "base/paths.h"
#include "out/http.h"
#include "wire/form.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define URL_MOST  1024
#define LINE_MOST 256

/* ---- the API --------------------------------------------------------------------------------- */

/* BASE_URL, else PUBLIC_BASE_URL, else where `frontdesk run` listens. False: there is none. */
static bool base_url(char *out, size_t n)
{
    char file[DESK_PATH_LEN];
    const char *given = desk_setting(DESK_S_BASE_URL);
    given = *given ? given : desk_setting(DESK_S_PUBLIC_BASE_URL);
    snprintf(out, n, "%s", given);
    if (!*out && !desk_file_line(out, n, desk_path_run(file, "base-url"))) {
        cli_fail("Which front desk? Set BASE_URL in .env, or start one here: frontdesk run");
        return false;
    }
    for (size_t len = strlen(out); len && out[len - 1] == '/'; len--)
        out[len - 1] = '\0';
    return true;
}

/* base + path, the number percent-encoded behind it. */
static bool make_url(struct desk_buf *url, const char *path, const char *number)
{
    char base[URL_MOST / 2];
    if (!base_url(base, sizeof base))
        return false;
    desk_buf_str(url, base);
    desk_buf_str(url, path);
    if (number)
        desk_url_encode(url, number, strlen(number));
    return desk_buf_ok(url);
}

/* What is wrong, as the API says it. */
static void say_problem(int status, const json_t *body)
{
    size_t i;
    json_t *e;
    const char *detail = json_string_value(json_object_get(body, "detail"));
    bool told = false;
    json_array_foreach(json_object_get(body, "errors"), i, e)
    {
        const char *message = json_string_value(json_object_get(e, "message"));
        if (message)
            cli_fail("%s", message);
        told = told || message;
    }
    if (!told)
        cli_fail("The front desk says %d: %s", status,
                 detail          ? detail
                 : status == 404 ? "this number is not on the list"
                                 : "no reason given");
}

static json_t *send_url(const char *method, const char *url, const char *body)
{
    char token[LINE_MOST];
    json_t *root = NULL;
    const char *const headers[] = {token, "Content-Type: application/json", NULL};
    struct desk_http_reply reply;
    snprintf(token, sizeof token, "Authorization: Bearer %s", desk_setting(DESK_S_API_TOKEN));
    const struct desk_http_request req = {.method = method,
                                          .url = url,
                                          .headers = headers,
                                          .body = body,
                                          .body_len = body ? strlen(body) : 0};
    if (desk_http_send(&req, &reply) != DESK_OK)
        cli_fail("The front desk does not answer: %s", reply.why);
    else
        root = json_loadb(desk_buf_cstr(&reply.body), reply.body.len, 0, NULL);
    if (reply.status && (reply.status < 200 || reply.status > 299)) {
        say_problem(reply.status, root);
        json_decref(root);
        root = NULL;
    } else if (reply.status && !root) {
        cli_fail("%s is no front desk: it does not answer with JSON", url);
    }
    desk_http_reply_clear(&reply);
    return root;
}

/* One request; its answer, or NULL after having said why there is none. Takes sent. */
static json_t *ask(const char *method, const char *path, const char *number, json_t *sent)
{
    struct desk_buf url;
    json_t *root = NULL;
    char *body = sent ? json_dumps(sent, JSON_COMPACT) : NULL;
    desk_buf_init(&url, URL_MOST);
    if (!*desk_setting(DESK_S_API_TOKEN))
        cli_fail("Set API_TOKEN in .env; `frontdesk token new exceptions --scope \"read write "
                 "personal\"` makes one");
    else if (make_url(&url, path, number))
        root = send_url(method, desk_buf_cstr(&url), body);
    desk_buf_clear(&url);
    free(body);
    json_decref(sent);
    return root;
}

/* ---- what may be done ------------------------------------------------------------------------ */

static const char *text(const json_t *o, const char *name)
{
    const char *s = json_string_value(json_object_get(o, name));
    return s ? s : "(hidden from this token)";
}

static void print_one(const json_t *p)
{
    printf("%-16s %-24s %s\n", text(p, "phone_number"), text(p, "contact_name"),
           text(p, "category"));
}

static int do_list(const char *const *words)
{
    size_t i;
    json_t *p, *root = ask("GET", "/exceptions", NULL, NULL);
    (void)words;
    if (!root)
        return 1;
    json_array_foreach(json_object_get(root, "exceptions"), i, p) print_one(p);
    if (!json_array_size(json_object_get(root, "exceptions")))
        puts("nobody is put through at once");
    json_decref(root);
    return 0;
}

static int do_add(const char *const *words)
{
    json_t *sent = json_pack("{s:s, s:s}", "phone_number", words[0], "contact_name", words[1]);
    if (words[2] && *words[2])
        json_object_set_new(sent, "category", json_string(words[2]));
    json_t *root = ask("POST", "/exceptions", NULL, sent);
    if (!root)
        return 1;
    printf("added: ");
    print_one(root);
    json_decref(root);
    return 0;
}

static int do_check(const char *const *words)
{
    json_t *root = ask("GET", "/exceptions/check/", words[0], NULL);
    if (!root)
        return 1;
    bool found = json_is_true(json_object_get(root, "found"));
    if (found)
        print_one(root);
    else
        printf("%s is not on the list\n", text(root, "phone_number"));
    json_decref(root);
    return found ? 0 : 1;
}

static int do_remove(const char *const *words)
{
    json_t *root = ask("DELETE", "/exceptions/", words[0], NULL);
    if (!root)
        return 1;
    printf("removed: %s\n", text(root, "phone_number"));
    json_decref(root);
    return 0;
}

#define WORDS 3
static const struct act {
    const char *name, *help;
    int (*run)(const char *const *words);
    const char *asks[WORDS]; /* what a person is asked for, in order */
    size_t least;            /* words that there must be */
} acts[] = {
    {"list", "who is on the list", do_list, {NULL}, 0},
    {"add", "one more", do_add, {"Phone number", "Name", "Category (family)"}, 2},
    {"check", "is a number on it?", do_check, {"Phone number"}, 1},
    {"remove", "take one off", do_remove, {"Phone number"}, 1},
};
#define ACTS (sizeof acts / sizeof *acts)

static const struct act *act_find(const char *name)
{
    for (size_t i = 0; i < ACTS; i++)
        if (strcmp(acts[i].name, name) == 0)
            return &acts[i];
    return NULL;
}

/* ---- asking a person ------------------------------------------------------------------------- */

/* False: the input has ended. */
static bool read_line(const char *prompt, char out[LINE_MOST])
{
    printf("%s: ", prompt);
    fflush(stdout);
    if (!fgets(out, LINE_MOST, stdin))
        return false;
    out[strcspn(out, "\r\n")] = '\0';
    return true;
}

static bool ask_person(const struct act *a, char lines[WORDS][LINE_MOST], const char **words)
{
    for (size_t i = 0; i < WORDS && a->asks[i]; i++) {
        if (!read_line(a->asks[i], lines[i]))
            return false;
        words[i] = lines[i];
    }
    return true;
}

static int interactive(void)
{
    char line[LINE_MOST], lines[WORDS][LINE_MOST];
    int status = 0;
    for (size_t i = 0; i < ACTS; i++)
        printf("  %-8s %s\n", acts[i].name, acts[i].help);
    puts("  quit");
    while (read_line("What", line) && strcmp(line, "quit") != 0) {
        const char *words[WORDS] = {NULL};
        const struct act *a = act_find(line);
        if (!a)
            puts("list, add, check, remove or quit");
        else if (ask_person(a, lines, words))
            status = a->run(words);
    }
    return status;
}

int cmd_exceptions(int argc, char **argv)
{
    if (argc < 2)
        return interactive();
    const struct act *a = act_find(argv[1]);
    const char *words[WORDS] = {NULL};
    size_t n = (size_t)argc - 2, most = 0;
    while (a && most < WORDS && a->asks[most])
        most++;
    if (!a || n < a->least || n > most)
        return cli_usage(
            "exceptions list, add NUMBER NAME [CATEGORY], check NUMBER, remove NUMBER");
    for (size_t i = 0; i < n; i++)
        words[i] = argv[i + 2];
    return a->run(words);
}
