/* frontdesk check: is this front desk well? A table of checks; each looks at one thing and says
 * what it found, what is not as it should be, and what to do about it. Each runs in a process of
 * its own, all at the same time, none longer than its limit. */
#ifndef CLI_CHECK_H
#define CLI_CHECK_H

#include <stdbool.h>
#include <stddef.h>

enum check_state { CHECK_OK, CHECK_WARN, CHECK_FAIL };

#define CHECK_FINDINGS 24
#define CHECK_TEXT     400

struct check_finding {
    enum check_state state;
    char text[CHECK_TEXT];
    char remedy[CHECK_TEXT]; /* "" = none needed */
};

struct check_report {
    struct check_finding v[CHECK_FINDINGS]; /* more are left out */
    size_t n;
};

struct check {
    const char *name; /* one word */
    void (*run)(struct check_report *r);
    int limit_s;
};

/* Note a finding; remedy may be NULL. fmt makes the text. */
void check_say(struct check_report *r, enum check_state state, const char *remedy, const char *fmt,
               ...) __attribute__((format(printf, 4, 5)));

/* check_local.c: of this machine */
void check_settings(struct check_report *r);
void check_database(struct check_report *r);
void check_disk(struct check_report *r);
void check_spend(struct check_report *r); /* what calls may cost */

/* check_web.c: the front desk as the world reaches it */
void check_public(struct check_report *r);
void check_signature(struct check_report *r);
void check_stream(struct check_report *r);

/* check_outside.c: those we rely on */
void check_clock(struct check_report *r);
void check_model(struct check_report *r);
void check_twilio(struct check_report *r);
void check_webhooks(struct check_report *r);

#endif
