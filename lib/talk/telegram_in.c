#include "talk/telegram_in.h"
#include "base/config.h"
#include "base/limits.h"
#include "base/log.h"
#include "store/outbox.h"
#include "store/users.h"
#include "talk/business.h"
#include "talk/telegram_chat.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- reading --------------------------------------------------------------------------------- */

static const char *text_of(struct desk_arena *a, const json_t *o, const char *name)
{
    const char *s = json_string_value(json_object_get(o, name));
    return s ? desk_arena_strdup(a, s) : "";
}

/* Private chats only: in a group anybody could ask. Their number is the person's own. */
static bool is_private(const json_t *message, const json_t *from)
{
    const json_t *chat = json_object_get(message, "chat");
    const char *type = json_string_value(json_object_get(chat, "type"));
    json_int_t id = json_integer_value(json_object_get(chat, "id"));
    return id > 0 && type && strcmp(type, "private") == 0 &&
           id == json_integer_value(json_object_get(from, "id"));
}

/* False: nothing that the bot understands. */
static bool read_update(struct desk_arena *a, const json_t *u, struct telegram_said *s)
{
    const json_t *press = json_object_get(u, "callback_query"),
                 *m = json_object_get(press ? press : u, "message"),
                 *from = json_object_get(press ? press : m, "from");
    *s = (struct telegram_said){.id = json_integer_value(json_object_get(u, "update_id"))};
    if (s->id <= 0 || !is_private(m, from))
        return false;
    s->chat =
        desk_arena_fmt(a, "%" PRId64, (int64_t)json_integer_value(json_object_get(from, "id")));
    s->name = text_of(a, from, "first_name");
    s->text = press ? "" : text_of(a, m, "text");
    s->press = press ? text_of(a, press, "id") : "";
    s->data = press ? text_of(a, press, "data") : "";
    s->message = json_integer_value(json_object_get(m, "message_id"));
    return s->chat && s->name && s->text && s->press && s->data && (*s->text || *s->press);
}

/* What follows /start, "" = nothing. */
static const char *code_in(const struct telegram_said *s)
{
    static const char start[] = "/start";
    if (strncmp(s->text, start, sizeof start - 1) != 0)
        return "";
    const char *code = s->text + sizeof start - 1;
    return code + strspn(code, " ");
}

/* ---- arriving -------------------------------------------------------------------------------- */

/* The same number may be another bot's, once the token is changed. */
static const char *update_id(struct desk_arena *a, int64_t id)
{
    const char *token = desk_setting(DESK_S_TELEGRAM_BOT_TOKEN);
    return desk_arena_fmt(a, "%.*s:%" PRId64, (int)strcspn(token, ":"), token, id);
}

/* Whose it is: the chat is linked, or brings a code that holds. DESK_ENOTFOUND: nobody's. */
static enum desk_rc whose(struct desk_db *db, struct desk_arena *a, const struct telegram_said *s,
                          int64_t now, const char **tenant_id)
{
    struct desk_telegram_link link;
    struct desk_telegram_code code;
    const char *given = code_in(s);
    enum desk_rc rc = *given ? desk_telegram_code_find(db, a, given, now, &code) : DESK_ENOTFOUND;
    *tenant_id = rc ? NULL : code.tenant_id;
    if (rc != DESK_ENOTFOUND)
        return rc;
    rc = desk_telegram_link_by_chat(db, a, s->chat, &link);
    *tenant_id = rc ? NULL : link.tenant_id;
    return rc;
}

static enum desk_rc keep(struct desk_db *db, const char *id, const char *tenant_id,
                         const json_t *update)
{
    char *body = json_dumps(update, JSON_COMPACT);
    enum desk_rc rc = body ? DESK_TX_BEGIN(db) : DESK_ENOMEM;
    if (!rc)
        rc = desk_tx_end(db, desk_telegram_update_add(db, id, tenant_id, body));
    free(body);
    return rc == DESK_ECONFLICT ? DESK_DONE : rc;
}

enum desk_rc desk_telegram_arrive(struct desk_db *db, struct desk_arena *a, const json_t *update,
                                  int64_t now)
{
    struct telegram_said s;
    const char *tenant_id;
    if (!read_update(a, update, &s))
        return DESK_DONE;
    enum desk_rc rc = whose(db, a, &s, now, &tenant_id);
    if (rc == DESK_ENOTFOUND)
        desk_log(DESK_LOG_INFO, "telegram.stranger", "update=%" PRId64, s.id);
    if (rc)
        return rc == DESK_ENOTFOUND ? DESK_DONE : rc;
    const char *id = update_id(a, s.id);
    return id ? keep(db, id, tenant_id, update) : DESK_ENOMEM;
}

void desk_telegram_secret(const struct desk_key *key, char out[DESK_BLIND_LEN])
{
    desk_blind(key, "telegram webhook", desk_setting(DESK_S_TELEGRAM_BOT_TOKEN), out);
}

/* ---- answering ------------------------------------------------------------------------------- */

/* What: "" the answer, else beside it. */
static enum desk_rc queue(struct telegram_chat *c, const char *method, json_t *body,
                          const char *what)
{
    json_t *root = body ? json_pack("{s:s, s:O}", "method", method, "body", body) : NULL;
    char *payload = root ? json_dumps(root, JSON_COMPACT) : NULL;
    const struct desk_outbox_new n = {.tenant_id = c->row->tenant_id,
                                      .kind = DESK_OUTBOX_TELEGRAM_REPLY,
                                      .dedupe =
                                          desk_arena_fmt(c->a, "telegram:%s%s", c->row->id, what),
                                      .payload = payload,
                                      .priority = DESK_OUTBOX_NORMAL};
    enum desk_rc rc = payload && n.dedupe ? desk_outbox_add(c->db, &n) : DESK_ENOMEM;
    json_decref(root);
    json_decref(body);
    free(payload);
    return rc;
}

static json_t *message_body(struct telegram_chat *c, const char *text)
{
    json_t *body = json_pack("{s:s, s:s, s:s, s:{s:b}}", "chat_id", c->said.chat, "text", text,
                             "parse_mode", "HTML", "link_preview_options", "is_disabled", 1);
    if (body && c->edit)
        json_object_set_new(body, "message_id", json_integer(c->said.message));
    if (body && c->keys)
        json_object_set_new(body, "reply_markup", json_pack("{s:O}", "inline_keyboard", c->keys));
    return body;
}

/* A pressed button turns until it is answered, also with nothing. */
static enum desk_rc queue_toast(struct telegram_chat *c)
{
    if (!*c->said.press)
        return DESK_OK;
    return queue(c, "answerCallbackQuery",
                 json_pack("{s:s, s:s}", "callback_query_id", c->said.press, "text",
                           c->toast ? c->toast : ""),
                 ":press");
}

/* The message stays as it is, but for its buttons. */
static enum desk_rc queue_board(struct telegram_chat *c)
{
    if (!c->swapped)
        return DESK_OK;
    return queue(c, "editMessageReplyMarkup",
                 json_pack("{s:s, s:I, s:{s:O}}", "chat_id", c->said.chat, "message_id",
                           (json_int_t)c->said.message, "reply_markup", "inline_keyboard",
                           c->board),
                 ":keys");
}

static enum desk_rc send(struct telegram_chat *c)
{
    bool quiet = *c->said.press && !c->text.units; /* the toast is all there is to say */
    const char *text = desk_telegram_text_take(&c->text, c->a);
    enum desk_rc rc = queue_toast(c);
    if (!rc)
        rc = queue_board(c);
    if (rc || quiet)
        return rc;
    return text ? queue(c, c->edit ? "editMessageText" : "sendMessage", message_body(c, text), "")
                : DESK_ENOMEM;
}

static enum desk_rc link_chat(struct telegram_chat *c, const struct desk_telegram_code *code)
{
    enum desk_rc rc = desk_telegram_link_make(c->db, code, c->said.chat,
                                              *c->said.name ? c->said.name : NULL, c->now);
    if (!rc)
        rc = desk_telegram_link_by_chat(c->db, c->a, c->said.chat, &c->link);
    if (!rc)
        rc = desk_audit_add(c->db, c->link.tenant_id, c->link.user_id, "telegram.link", c->link.id);
    if (!rc)
        rc = desk_business_load(c->db, c->a, c->link.tenant_id, NULL, &c->b);
    if (rc)
        return rc;
    desk_telegram_words(&c->text, "This chat answers to ");
    desk_telegram_bold(&c->text, c->b.name);
    desk_telegram_words(&c->text, " now.\n\n");
    desk_tg_help(c);
    return DESK_OK;
}

static enum desk_rc respond(struct telegram_chat *c)
{
    struct desk_telegram_code code;
    const char *given = code_in(&c->said);
    enum desk_rc rc =
        *given ? desk_telegram_code_find(c->db, c->a, given, c->now, &code) : DESK_ENOTFOUND;
    if (!rc && strcmp(code.tenant_id, c->row->tenant_id) == 0)
        return link_chat(c, &code);
    if (rc && rc != DESK_ENOTFOUND)
        return rc;
    rc = desk_telegram_link_by_chat(c->db, c->a, c->said.chat, &c->link);
    if (!rc && strcmp(c->link.tenant_id, c->row->tenant_id) != 0)
        rc = DESK_ENOTFOUND; /* it became another's meanwhile */
    if (!rc)
        rc = desk_business_load(c->db, c->a, c->link.tenant_id, NULL, &c->b);
    if (rc)
        return rc;
    return *c->said.press ? desk_tg_press(c) : desk_tg_say(c);
}

static enum desk_rc answer_in_tx(struct telegram_chat *c)
{
    enum desk_rc rc = desk_telegram_update_end(c->db, c->row);
    if (rc)
        return rc;
    rc = respond(c);
    if (rc == DESK_ENOTFOUND) /* not linked any more: silence */
        return DESK_OK;
    return rc ? rc : send(c);
}

enum desk_rc desk_telegram_answer(struct desk_db *db, struct desk_arena *a,
                                  const struct desk_telegram_update *u, int64_t now)
{
    struct telegram_chat c = {.db = db, .a = a, .row = u, .now = now};
    json_t *update = json_loads(u->body ? u->body : "", 0, NULL);
    bool read = read_update(a, update, &c.said);
    c.board = json_incref(json_object_get(
        json_object_get(json_object_get(json_object_get(update, "callback_query"), "message"),
                        "reply_markup"),
        "inline_keyboard"));
    json_decref(update);
    desk_telegram_text_init(&c.text);
    enum desk_rc rc = read ? DESK_TX_BEGIN(db) : DESK_EINVAL;
    if (!rc)
        rc = desk_tx_end(db, answer_in_tx(&c));
    json_decref(c.keys);
    json_decref(c.board);
    desk_buf_clear(&c.text.out);
    return rc;
}
