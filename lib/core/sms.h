/* The texts (SMS) we send, by name: one row says what each is for, what must be given to make it,
 * and to whom it goes. The words are templates/sms/NAME.cs, or the business's own ("sms" of its
 * profile, with {holes} for the values). talk/texts.h makes them. Pure. */
#ifndef DESK_CORE_SMS_H
#define DESK_CORE_SMS_H

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum desk_sms_kind {
    DESK_SMS_WORDS, /* anything on one line */
    DESK_SMS_PHONE, /* E.164; written as people read it */
    DESK_SMS_LINK,  /* http:// or https:// */
    DESK_SMS_COUNT, /* digits */
    DESK_SMS_KIND__MAX
};
const char *desk_sms_kind_name(enum desk_sms_kind k); /* "words", "phone", … */

#define DESK_SMS_VARS 6
struct desk_sms_var {
    const char *name;
    enum desk_sms_kind kind;
    unsigned most; /* characters */
    bool needed;   /* else the text reads well without it */
    bool private;  /* may tell of a caller's health: left out where the business has such callers */
};

#define DESK_SMS_OWNER    1u  /* to the owner or their people: at any hour, opted out or not */
#define DESK_SMS_ANSWER   2u  /* to who has just called or written: at any hour */
#define DESK_SMS_STANDING 4u  /* also to who opted out: it answers that very word */
#define DESK_SMS_AFTER    8u  /* sent by itself after a call: one of these a call */
#define DESK_SMS_URGENT   16u /* an alert: before everything else */

struct desk_sms_template {
    const char *name;
    const char *purpose; /* a sentence for the owner */
    unsigned flags;
    struct desk_sms_var vars[DESK_SMS_VARS + 1]; /* ended by name NULL */
};

extern const struct desk_sms_template desk_sms_templates[]; /* ended by name NULL */
const struct desk_sms_template *desk_sms_template_find(const char *name);

/* Given to every text by the house: "business" and "owner". */
bool desk_sms_house_var(const char *name);
const struct desk_sms_var *desk_sms_var_find(const struct desk_sms_template *t, const char *name);

struct desk_sms_value {
    const char *name, *value; /* value NULL or "" = not given */
};

/* Are these the values that the text wants? DESK_EINVAL: why (n bytes) names the one that is
 * missing, unknown, too long or of another kind. Values themselves are not told: they may name
 * people. */
DESK_MUST enum desk_rc desk_sms_values_check(const struct desk_sms_template *t,
                                             const struct desk_sms_value *v, size_t n_values,
                                             char *why, size_t n);

/* A business's own words: text with {name} where a value goes. DESK_EINVAL: why (n bytes) says what
 * must be mended, as the end of a sentence ("names {wen}, …"). */
DESK_MUST enum desk_rc desk_sms_wording_check(const struct desk_sms_template *t,
                                              const char *wording, char *why, size_t n);

/* The wording with the values filled in (a value that was not given leaves nothing). */
void desk_sms_wording_fill(struct desk_buf *out, const char *wording,
                           const struct desk_sms_value *v, size_t n_values);

/* A text we got that is nothing but one word with a meaning in law or custom (facts/twilio.md 6.7).
 * CANCEL and END mean stop, too, but a caller with an appointment may mean that: MAYBE_STOP. YES
 * is a start only for who has opted out: MAYBE_START. */
enum desk_sms_word {
    DESK_SMS_NO_WORD,
    DESK_SMS_STOP,
    DESK_SMS_MAYBE_STOP,
    DESK_SMS_START,
    DESK_SMS_MAYBE_START,
    DESK_SMS_HELP
};
enum desk_sms_word desk_sms_word(const char *text);

#endif
