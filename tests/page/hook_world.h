/* What the tests of the webhooks share: posts as Twilio signs them, through the real dispatch, and
 * looking at what became of a call. */
#ifndef TESTS_PAGE_HOOK_WORLD_H
#define TESTS_PAGE_HOOK_WORLD_H

#include "tests/page/web_test.h"
#include "cgi-bin/hook/hook.h"
#include "store/conversation.h"
#include "tests/unit/xml_check.h"

#define CALLER "+14155550134"
#define FRIEND "+12125550142"
#define PEST   "+12125550143"
#define OTHER  "+12125550144"

/* ---- asking ---------------------------------------------------------------------------------- */

/* Names and values in turn, then NULL, as the body of a post. */
static inline char *hook_body(const char *const *pairs)
{
    struct desk_buf b;
    desk_buf_init(&b, 4 * 1024 * 1024);
    for (size_t i = 0; pairs[i]; i += 2)
        desk_form_add(&b, pairs[i], pairs[i + 1]);
    char *text = desk_arena_strdup(look, desk_buf_cstr(&b));
    desk_buf_clear(&b);
    return text;
}

/* body NULL: a GET. What is no form is signed as far as it is one. */
static inline const char *hook_sign(const char *uri, const char *body, size_t n)
{
    char url[4096], *sig = desk_arena_alloc(look, DESK_TWILIO_SIG_LEN);
    struct desk_form form = {0};
    if (body)
        (void)!desk_form_parse(&form, look, body, n);
    snprintf(url, sizeof url, "%s%s", TEST_BASE, uri);
    assert_int_equal(desk_twilio_sign(url, body ? &form : NULL, TEST_TOKEN, sig), DESK_OK);
    return sig;
}

/* Whatever is posted, the answer is a well formed document, or the empty 204 of a report. */
static inline struct answer hook_ask(const char *uri, const char *const *pairs)
{
    const char *body = hook_body(pairs);
    const struct ask ask = {.method = "POST",
                            .uri = uri,
                            .type = "application/x-www-form-urlencoded",
                            .body = body,
                            .signature = hook_sign(uri, body, strlen(body))};
    struct answer a = send_ask(&hook_web, ask);
    if (a.status != 204 && (a.status != 200 || !xml_ok(a.body)))
        fail_msg("%s: %d %s", uri, a.status, a.body);
    return a;
}

/* The same where a document is due. */
static inline struct answer hook_page(const char *uri, const char *const *pairs)
{
    struct answer a = hook_ask(uri, pairs);
    assert_int_equal(a.status, 200);
    return a;
}

/* The fields of a call in progress; more of them after to. */
#define CALL_FIELDS(sid, from, to, ...)                                                            \
    ((const char *const[]){"CallSid", sid, "From", from, "To", to, "CallStatus", "in-progress",    \
                           ##__VA_ARGS__, NULL})

static inline const char *new_sid(void)
{
    static unsigned n;
    return desk_arena_fmt(look, "CA0e5d%028x", ++n);
}

/* ---- looking --------------------------------------------------------------------------------- */

static inline struct desk_call call_of(const char *sid)
{
    struct desk_call c;
    assert_int_equal(desk_call_by_sid(admin_db, look, sid, &c), DESK_OK);
    return c;
}

/* Detail of the newest event of that name, NULL = there is none; how many there are. */
static inline const char *event_of(const char *sid, const char *name, size_t *count)
{
    struct desk_call c = call_of(sid);
    struct desk_event *v;
    size_t n;
    const char *found = NULL;
    assert_int_equal(desk_event_list(admin_db, look, c.tenant_id, c.id, 500, &v, &n), DESK_OK);
    *count = 0;
    for (size_t i = 0; i < n; i++)
        if (strcmp(v[i].name, name) == 0) {
            found = v[i].detail;
            ++*count;
        }
    return found;
}

static inline size_t events_of(const char *sid, const char *name)
{
    size_t n;
    event_of(sid, name, &n);
    return n;
}

/* ---- cmocka's setup and teardown of a group of tests ----------------------------------------- */

static inline int hook_begin(void **state)
{
    (void)state;
    return test_begin(DESK_ZONE_HOOK);
}

static inline int hook_finish(void **state)
{
    (void)state;
    return test_finish();
}

#endif
