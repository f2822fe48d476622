#include "talk/web_chat.h"
#include "core/chat_words.h"
#include "core/phone.h"
#include "store/contacts.h"
#include "store/records.h"
#include "store/results.h"
#include "talk/business.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>

enum desk_rc desk_web_chat_greeting(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                    const char **words)
{
    struct desk_web_chat chat;
    struct desk_business *b = desk_arena_alloc(a, sizeof *b);
    enum desk_rc rc = b ? desk_business_load(db, a, tenant_id, NULL, b) : DESK_ENOMEM;
    if (rc)
        return rc;
    rc = desk_web_chat_get(db, a, tenant_id, &chat);
    if (rc && rc != DESK_ENOTFOUND)
        return rc;
    *words =
        !rc && *chat.greeting ? chat.greeting : desk_chat_say(a, b->language, "greeting", b->name);
    return *words ? DESK_OK : DESK_ENOMEM;
}

/* ---- the secret ------------------------------------------------------------------------------ */

#define PLAIN_LEN 128

void desk_web_chat_secret(const struct desk_db *db, const char *tenant_id, const char *session_id,
                          char out[DESK_BLIND_LEN])
{
    char plain[PLAIN_LEN];
    snprintf(plain, sizeof plain, "chat secret|%s", session_id);
    desk_blind(desk_db_key(db), tenant_id, plain, out);
}

bool desk_web_chat_secret_is(const struct desk_db *db, const char *tenant_id,
                             const char *session_id, const char *secret)
{
    char right[DESK_BLIND_LEN];
    desk_web_chat_secret(db, tenant_id, session_id, right);
    return strlen(secret) == strlen(right) && CRYPTO_memcmp(secret, right, strlen(right)) == 0;
}

/* ---- whose it was ---------------------------------------------------------------------------- */

/* The first number that was left in it; NULL = none. */
static enum desk_rc number_of(struct desk_db *db, struct desk_arena *a, const struct desk_call *c,
                              const char **number)
{
    struct desk_callback *callbacks;
    struct desk_lead *leads;
    struct desk_message *messages;
    size_t n = 0, n_leads = 0, n_messages = 0;
    enum desk_rc rc = desk_callback_by_call(db, a, c->tenant_id, c->id, &callbacks, &n);
    if (!rc)
        rc = desk_lead_by_call(db, a, c->tenant_id, c->id, &leads, &n_leads);
    if (!rc)
        rc = desk_message_by_call(db, a, c->tenant_id, c->id, &messages, &n_messages);
    *number = NULL;
    for (size_t i = 0; !rc && !*number && i < n; i++)
        *number = callbacks[i].number;
    for (size_t i = 0; !rc && !*number && i < n_leads; i++)
        *number = leads[i].number;
    for (size_t i = 0; !rc && !*number && i < n_messages; i++)
        *number = messages[i].number;
    return rc;
}

enum desk_rc desk_web_chat_person(struct desk_db *db, struct desk_arena *a,
                                  const struct desk_call *c)
{
    const char *number;
    struct desk_contact person = {0};
    if (!c->channel || strcmp(c->channel, DESK_CHANNEL_CHAT) != 0 || c->contact_id)
        return DESK_OK;
    enum desk_rc rc = number_of(db, a, c, &number);
    if (rc || !number || desk_phone_is_withheld(number))
        return rc;
    rc = desk_contact_ensure(db, a, c->tenant_id, number, &person);
    if (!rc || rc == DESK_DONE)
        rc = desk_contact_texted(db, c->tenant_id, person.id);
    return rc ? rc : desk_call_person(db, c->tenant_id, c->id, person.id);
}
