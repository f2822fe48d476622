#include "talk/tell.h"
#include "base/config.h"
#include "base/log.h"
#include "core/phone.h"
#include "store/outbox.h"
#include "talk/texts.h"

#include <string.h>

static const char *cannot(const struct desk_business *b, const struct desk_call *c)
{
    const char *from = c->from_number;
    bool owners = from && ((b->owner->phone && strcmp(b->owner->phone, from) == 0) ||
                           (c->to_number && strcmp(c->to_number, from) == 0));
    const struct {
        bool so;
        const char *why;
    } rows[] = {
        {!*desk_setting(DESK_S_TWILIO_ACCOUNT_SID), "No account to send texts with is set up."},
        {!from || !*from || desk_phone_is_withheld(from), "The caller's number is withheld."},
        {from && !desk_phone_can_text(from), "The caller's number cannot take texts."},
        {owners, "It is the business's own number."},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].so)
            return rows[i].why;
    return NULL;
}

const char *desk_can_text(const struct desk_business *b, const struct desk_call *c,
                          const char *name)
{
    const char *text = desk_business_sms(b, name);
    return text && *text ? cannot(b, c) : "The business has no such text.";
}

enum desk_rc desk_text_caller(struct desk_db *db, struct desk_arena *a,
                              const struct desk_business *b, const struct desk_call *c,
                              const char *name, const char **why)
{
    *why = desk_can_text(b, c, name);
    return *why
               ? DESK_OK
               : desk_text_caller_of(db, a, &(struct desk_tell){.b = b, .c = c, .name = name}, why);
}

enum desk_rc desk_text_caller_of(struct desk_db *db, struct desk_arena *a,
                                 const struct desk_tell *t, const char **why)
{
    bool before = false;
    const struct desk_call *c = t->c;
    *why = cannot(t->b, c);
    if (*why)
        return DESK_OK;
    enum desk_rc rc = desk_outbox_refused_before(db, c->tenant_id, c->from_number, &before);
    if (before)
        *why = "This number refused a text before.";
    if (rc || before)
        return rc;
    const char *body;
    char said[200];
    rc = desk_text_render(a, t->b, t->name, t->v, t->n, &body, said, sizeof said);
    if (rc) {
        desk_log(DESK_LOG_ERROR, "tell.words", "text=%s why=\"%s\"", t->name, said);
        return rc;
    }
    const struct desk_text row = {.tenant_id = c->tenant_id,
                                  .call_id = c->id,
                                  .from = c->to_number,
                                  .to = c->from_number,
                                  .name = t->name,
                                  .body = body,
                                  .answers = true}; /* they are on the line */
    rc = desk_text_queue(db, a, &row);
    return rc == DESK_ECONFLICT ? DESK_OK : rc;
}
