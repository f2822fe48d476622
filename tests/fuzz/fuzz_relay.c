/* ConversationRelay messages: whatever the parser accepts is a JSON object of that type, its texts
 * are those of the tree, and what is built of them is read back as the same. */
#include "wire/relay_msg.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int truth)
{
    if (!truth)
        abort();
}

static const char *text(const json_t *o, const char *key)
{
    const char *s = json_string_value(json_object_get(o, key));
    return s ? s : "";
}

static const char *const text_keys[DESK_RELAY__MAX] = {
    [DESK_RELAY_PROMPT] = "voicePrompt", [DESK_RELAY_INTERRUPT] = "utteranceUntilInterrupt",
    [DESK_RELAY_DTMF] = "digit",         [DESK_RELAY_ERROR] = "description",
    [DESK_RELAY_TEXT] = "token",         [DESK_RELAY_PLAY] = "source",
    [DESK_RELAY_SEND_DIGITS] = "digits", [DESK_RELAY_END] = "handoffData",
};

static void build(struct desk_buf *out, const struct desk_relay_msg *m)
{
    switch (m->type) {
    case DESK_RELAY_SETUP:
        desk_relay_build_setup(out, &(struct desk_relay_setup){.session_id = m->session_id,
                                                               .call_sid = m->call_sid,
                                                               .account_sid = m->account_sid,
                                                               .from = m->from,
                                                               .to = m->to,
                                                               .direction = m->direction});
        return;
    case DESK_RELAY_PROMPT:
        desk_relay_build_prompt(out, m->text, m->lang, m->last);
        return;
    case DESK_RELAY_INTERRUPT:
        desk_relay_build_interrupt(out, m->text, m->ms);
        return;
    case DESK_RELAY_DTMF:
        desk_relay_build_dtmf(out, m->digit);
        return;
    case DESK_RELAY_ERROR:
        desk_relay_build_error(out, m->text);
        return;
    case DESK_RELAY_INFO:
        desk_relay_build_info(out, m->name, m->text);
        return;
    case DESK_RELAY_TEXT:
        desk_relay_build_text(out,
                              &(struct desk_relay_text){.token = m->text,
                                                        .last = m->last,
                                                        .lang = m->lang,
                                                        .uninterruptible = m->interruptible == 0});
        return;
    case DESK_RELAY_PLAY:
        desk_relay_build_play(out, m->text, m->loop, m->interruptible == 0);
        return;
    case DESK_RELAY_SEND_DIGITS:
        must(desk_relay_build_digits(out, m->text) == DESK_OK);
        return;
    case DESK_RELAY_LANGUAGE:
        desk_relay_build_language(out, m->tts, m->lang);
        return;
    case DESK_RELAY_END:
        desk_relay_build_end(out, m->text);
        return;
    case DESK_RELAY_UNKNOWN:
    case DESK_RELAY__MAX:
        return;
    }
}

static void again(const struct desk_relay_msg *m)
{
    struct desk_relay_msg back;
    struct desk_buf out;
    desk_buf_init(&out, 16 * 1024 * 1024);
    build(&out, m);
    if (out.len) {
        must(desk_buf_ok(&out));
        must(desk_relay_msg_parse(&back, out.p, out.len) == DESK_OK);
        must(back.type == m->type && back.last == m->last && back.ms == m->ms);
        must(strcmp(back.text, m->text) == 0 && back.digit == m->digit);
        must(strcmp(back.call_sid, m->call_sid) == 0 && strcmp(back.name, m->name) == 0);
        desk_relay_msg_clear(&back);
    }
    desk_buf_clear(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct desk_relay_msg m;
    if (desk_relay_msg_parse(&m, (const char *)data, size) == DESK_OK) {
        json_t *tree = json_loadb((const char *)data, size, JSON_ALLOW_NUL, NULL);
        must(json_is_object(tree) && *text(tree, "type"));
        if (m.type != DESK_RELAY_UNKNOWN)
            must(strcmp(text(tree, "type"), desk_relay_type_name(m.type)) == 0);
        if (text_keys[m.type])
            must(strcmp(m.text, text(tree, text_keys[m.type])) == 0);
        if (m.type == DESK_RELAY_SETUP)
            must(strcmp(m.call_sid, text(tree, "callSid")) == 0);
        (void)desk_relay_param(&m, "token");
        json_decref(tree);
        again(&m);
    }
    desk_relay_msg_clear(&m);
    return 0;
}
