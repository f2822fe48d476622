/* How a business's numbers should stand at Twilio, and how they do: the TwiML application of this
 * front desk, the numbers, and what differs. For `frontdesk numbers sync` and `frontdesk check`. */
#ifndef CLI_NUMBERS_PLAN_H
#define CLI_NUMBERS_PLAN_H

#include "base/err.h"
#include "out/twilio_resources.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#define NUMBERS_CHANGES 20 /* fields of one resource, most */
#define NUMBERS_VALUE   700

struct numbers_change {
    const char *field;        /* as Twilio's form calls it: "VoiceUrl" */
    char from[NUMBERS_VALUE]; /* "" = nothing there */
    char to[NUMBERS_VALUE];
};

/* What was found at Twilio. */
struct numbers_found {
    struct desk_twilio_account account;
    const struct desk_twilio_resources *api;
    const char *base;  /* PUBLIC_BASE_URL, no slash at its end */
    char app_name[65]; /* of our application */
    bool texts;        /* /sms/incoming is there: texts may be pointed at it */
    json_t *numbers;   /* all of the account */
    json_t *app;       /* ours, or NULL: it has to be made */
};

/* From the settings. DESK_EINVAL: one is missing; why says which. */
DESK_MUST enum desk_rc numbers_settings(struct numbers_found *f, char *why, size_t n);

/* Ask Twilio for both. Anything from before is let go. */
DESK_MUST enum desk_rc numbers_look(struct numbers_found *f, char *why, size_t n);
void numbers_clear(struct numbers_found *f);

/* The account's number, or NULL. Lives in f. */
const json_t *numbers_find(const struct numbers_found *f, const char *e164);
const char *numbers_sid(const json_t *resource); /* "" when it has none */

/* What differs of the application (f->app), or of a number when the application has that sid. */
size_t numbers_app_changes(const struct numbers_found *f, struct numbers_change v[NUMBERS_CHANGES]);
size_t numbers_changes(const struct numbers_found *f, const json_t *number, const char *app_sid,
                       struct numbers_change v[NUMBERS_CHANGES]);

/* A page of ours that Twilio asks for, by the table's order; NULL ends. */
const char *numbers_page(size_t i);
/* HTTP status of a page of ours as Twilio would reach it, without a signature (so 403 is well); 0 =
 * not reached, and why. Blocks for 10 s at most. */
int numbers_page_status(const struct numbers_found *f, const char *path, char *why, size_t n);
/* Such a status says that the page is there. */
bool numbers_page_there(int status);

#endif
