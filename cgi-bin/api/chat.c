/* The chat on a business's website, as its script (static/chat.js) asks for it: POST
 * /v1/chat/:key/start begins one, …/:id/say is one message and its answer, …/:id tells all that was
 * said, …/:id/end is the end. Who may is decided by the key and the website (cgi-bin/chat.c); which
 * chat, by the secret that its start told. What was said before is told again, not done again: each
 * start and each message bears a name that the browser made (message). See talk/web_chat.h. */
#include "cgi-bin/api/api.h"
#include "cgi-bin/api/session.h"
#include "core/chat_words.h"
#include "core/phone.h"
#include "core/text_words.h"
#include "store/conversation.h"
#include "store/settings.h"
#include "talk/business.h"
#include "talk/web_chat.h"

#include <stdatomic.h>
#include <string.h>

#define CHATTERS   8   /* requests that may wait for a model: telephones have the others */
#define TURNS_MOST 400 /* that are told again */

static _Atomic int chatters;

static bool enter(struct desk_request *req)
{
    if (atomic_fetch_add(&chatters, 1) < CHATTERS && session_enter(req))
        return true;
    atomic_fetch_sub(&chatters, 1);
    req->detail = "Too many conversations are being answered just now.";
    return false;
}

static void leave(void)
{
    session_leave();
    atomic_fetch_sub(&chatters, 1);
}

/* ---- what the script shows ------------------------------------------------------------------- */

static enum desk_rc business_of(struct desk_request *req, struct desk_business **b)
{
    *b = desk_arena_alloc(req->arena, sizeof **b);
    return *b ? desk_business_load(req->db, req->arena, req->tenant.id, req->location.id, *b)
              : DESK_ENOMEM;
}

static json_t *words_json(struct desk_arena *a, const struct desk_business *b)
{
    json_t *out = json_object();
    for (size_t i = 0; desk_chat_words[i].name; i++) {
        const char *name = desk_chat_words[i].name;
        const char *text = desk_chat_say(a, b->language, name, b->name);
        if (!text || json_object_set_new(out, name, json_string(text))) {
            json_decref(out);
            return NULL;
        }
    }
    return out;
}

enum desk_rc api_chat_about(struct desk_request *req)
{
    struct desk_business *b;
    char shown[64] = "";
    const char *greeting;
    enum desk_rc rc = business_of(req, &b);
    if (!rc)
        rc = desk_web_chat_greeting(req->db, req->arena, req->tenant.id, &greeting);
    json_t *words = rc ? NULL : words_json(req->arena, b);
    if (!words)
        return rc ? rc : DESK_ENOMEM;
    const char *phone = b->numbers.n ? b->numbers.v[0] : "";
    if (*phone)
        desk_phone_national(shown, sizeof shown, phone);
    desk_reply_header(req, "Cache-Control", "private, max-age=60");
    return desk_reply_json(req, 200,
                           json_pack("{s:s, s:s, s:s, s:s, s:s, s:i, s:o}", "name", b->name,
                                     "language", b->language, "greeting", greeting, "phone", phone,
                                     "phone_shown", shown, "longest", DESK_CHAT_LETTERS, "words",
                                     words));
}

/* ---- which chat ------------------------------------------------------------------------------ */

static enum desk_rc load(struct desk_request *req, struct session_made *m)
{
    *m = (struct session_made){.n = 0};
    enum desk_rc rc = desk_vsession_load(req->db, req->arena, req->tenant.id,
                                         desk_param(req, "id")->text, &m->vs);
    bool chat = !rc && m->vs.call.channel && strcmp(m->vs.call.channel, DESK_CHANNEL_CHAT) == 0;
    return rc || chat ? rc : DESK_ENOTFOUND;
}

static bool is_over(const struct desk_vs *s)
{
    return s->state != DESK_VS_ACTIVE;
}

static enum desk_rc said_json(struct desk_request *req, const struct desk_vs *s, json_t **out)
{
    struct desk_turn *turns;
    size_t n = 0;
    enum desk_rc rc =
        desk_turn_list(req->db, req->arena, req->tenant.id, s->call.id, TURNS_MOST, &turns, &n);
    *out = rc ? NULL : json_array();
    for (size_t i = 0; *out && i < n; i++)
        json_array_append_new(
            *out, json_pack("{s:s, s:s}", "who",
                            strcmp(turns[i].who, DESK_WHO_DESK) == 0 ? "desk" : "visitor", "text",
                            turns[i].text));
    return rc ? rc : *out ? DESK_OK : DESK_ENOMEM;
}

enum desk_rc api_chat_get(struct desk_request *req)
{
    struct session_made m;
    json_t *said;
    enum desk_rc rc = load(req, &m);
    if (!rc)
        rc = said_json(req, &m.vs, &said);
    return rc ? rc
              : desk_reply_json(req, 200,
                                json_pack("{s:s, s:b, s:b, s:o}", "id", m.vs.row.id, "over",
                                          is_over(&m.vs), "urgent", m.vs.call.urgent, "said",
                                          said));
}

/* ---- beginning ------------------------------------------------------------------------------- */

static enum desk_rc begin(struct desk_request *req, struct session_made *m)
{
    struct desk_business *b;
    struct desk_tenant_settings own;
    struct desk_vs_new in = {.tenant = &req->tenant,
                             .location = &req->location,
                             .channel = DESK_CHANNEL_CHAT,
                             .from = "",
                             .audio = "none"};
    *m = (struct session_made){.n = 0};
    req->idempotency_key = desk_param(req, "message")->text;
    enum desk_rc rc = business_of(req, &b);
    if (!rc)
        rc = desk_tenant_settings_load(req->db, req->arena, req->tenant.id, &own);
    if (!rc)
        rc = session_key(req, "chat", &in.idem);
    if (rc)
        return rc;
    in.to = b->numbers.n ? b->numbers.v[0] : "";
    in.idle_ms = 60000LL * desk_tenant_setting_int(&own, DESK_S_TEXT_TALK_MINUTES);
    rc = desk_vsession_start(req->db, req->arena, &in, &m->vs);
    return rc == DESK_DONE ? DESK_OK : rc;
}

enum desk_rc api_chat_start(struct desk_request *req)
{
    char secret[DESK_BLIND_LEN];
    struct session_made m;
    const char *words;
    enum desk_rc rc = api_admit_chat(req);
    if (!rc)
        rc = begin(req, &m);
    if (!rc)
        rc = desk_vsession_words(req->db, req->arena, &m.vs, 0, &words);
    if (rc)
        return rc;
    desk_web_chat_secret(req->db, req->tenant.id, m.vs.row.id, secret);
    return desk_reply_json(req, 201,
                           json_pack("{s:s, s:s, s:s, s:b}", "id", m.vs.row.id, "secret", secret,
                                     "text", words, "over", is_over(&m.vs)));
}

/* ---- a message ------------------------------------------------------------------------------- */

/* Keys are what the rules offer in place of words: "1". */
static enum desk_rc input_of(struct desk_request *req, const struct desk_vs *s,
                             struct session_input *in)
{
    const struct desk_brain *brain;
    const char *text = desk_text_meant(desk_param(req, "text")->text, s->talk.say);
    enum desk_rc rc = desk_talk_brain(req->db, req->arena, req->tenant.id, s->talk.failed, &brain);
    bool keys = strlen(text) <= 16 && strspn(text, "0123456789#*") == strlen(text) &&
                !s->talk.done && !desk_brain_is_model(brain);
    *in = (struct session_input){.event = keys ? DESK_BRAIN_KEYS : DESK_BRAIN_SPEECH,
                                 .text = text,
                                 .reply_audio = "",
                                 .reply_voice = ""};
    return rc;
}

static enum desk_rc say(struct desk_request *req, struct session_made *m)
{
    struct session_input in;
    const char *words;
    req->idempotency_key = desk_param(req, "message")->text;
    enum desk_rc rc = input_of(req, &m->vs, &in);
    if (!rc)
        rc = session_turn(req, m, &in);
    if (!rc)
        rc = desk_vsession_words(req->db, req->arena, &m->vs, m->n, &words);
    if (!rc && m->missed && *m->missed) /* an earlier message whose answer nobody got */
        words = desk_arena_fmt(req->arena, "%s\n%s", m->missed, words);
    return rc ? rc
              : desk_reply_json(req, 200,
                                json_pack("{s:s?, s:b, s:b}", "text", words, "over",
                                          is_over(&m->vs), "urgent", m->vs.call.urgent));
}

enum desk_rc api_chat_say(struct desk_request *req)
{
    struct session_made m;
    enum desk_rc rc = load(req, &m);
    if (!rc)
        rc = api_admit_chat(req);
    if (rc)
        return rc;
    if (!enter(req))
        return DESK_EBUSY;
    rc = say(req, &m);
    leave();
    return rc;
}

enum desk_rc api_chat_end(struct desk_request *req)
{
    struct session_made m;
    enum desk_rc rc = load(req, &m);
    if (!rc)
        rc = session_end(req, &m, "completed");
    return rc ? rc : desk_reply_json(req, 200, json_pack("{s:b}", "over", true));
}
