/* Buttons beneath the bot's messages, and what a press does. What stands in a button comes back
 * from outside: it bears a short keyed hash of the chat and itself, and is looked up anew. */
#include "base/config.h"
#include "db/seal.h"
#include "store/promises.h"
#include "store/users.h"
#include "talk/ring_me.h"
#include "talk/telegram_chat.h"
#include "talk/texts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE       5
#define LIST_MOST  100
#define REASON_CUT 120
#define PROOF      8 /* hex digits */
#define DATA_MOST  64
#define WORDS_CUT  24

/* ---- making them ----------------------------------------------------------------------------- */

static void prove(const struct telegram_chat *c, const char *deed, char out[PROOF + 1])
{
    char hash[DESK_BLIND_LEN];
    desk_blind(desk_db_key(c->db), c->said.chat, deed, hash);
    memcpy(out, hash, PROOF);
    out[PROOF] = '\0';
}

void desk_tg_key(struct telegram_chat *c, bool row, const char *words, const char *op,
                 const char *of)
{
    char proof[PROOF + 1], data[DATA_MOST + 1];
    const char *deed = desk_arena_fmt(c->a, "%s:%s", op, of);
    if (!deed)
        return;
    prove(c, deed, proof);
    int n = snprintf(data, sizeof data, "v1:%s:%s", deed, proof);
    if (n < 0 || (size_t)n >= sizeof data)
        return;
    c->keys = c->keys ? c->keys : json_array();
    if (row || json_array_size(c->keys) == 0)
        json_array_append_new(c->keys, json_array());
    json_array_append_new(json_array_get(c->keys, json_array_size(c->keys) - 1),
                          json_pack("{s:s, s:s}", "text", words, "callback_data", data));
}

static void keys_of(struct telegram_chat *c, const struct desk_callback *k, const char *label)
{
    const char *from = c->b.numbers.n ? c->b.numbers.v[0] : NULL;
    desk_tg_key(c, true, desk_arena_fmt(c->a, "\u2713 Done: %s", label), "d", k->id);
    if (!desk_ring_me_cannot(&c->b, k, from))
        desk_tg_key(c, false, "\u260e Call now", "r", k->id);
}

const char *desk_tg_label(const struct telegram_chat *c, const struct desk_callback *k)
{
    const char *who = k->name && *k->name ? k->name : desk_tg_who(c->a, NULL, k->number);
    return desk_text_line(c->a, who, WORDS_CUT, false);
}

enum desk_rc desk_tg_keys_of(struct telegram_chat *c, const char *number_key)
{
    struct desk_callback *rows;
    size_t n = 0;
    enum desk_rc rc = desk_callback_open_of(c->db, c->a, c->link.tenant_id, number_key, &rows, &n);
    for (size_t i = 0; !rc && i < n && i < PAGE; i++)
        keys_of(c, &rows[i], desk_tg_label(c, &rows[i]));
    return rc;
}

/* ---- the list -------------------------------------------------------------------------------- */

static void show(struct telegram_chat *c, const struct desk_callback *k, size_t number)
{
    char day[32], time[32];
    desk_telegram_words(&c->text, desk_arena_fmt(c->a, "%zu. ", number));
    desk_telegram_bold(&c->text, desk_tg_who(c->a, k->name, k->number));
    if (k->urgent)
        desk_telegram_words(&c->text, " \u2013 urgent");
    if (k->reason)
        desk_telegram_words(
            &c->text,
            desk_arena_fmt(c->a, "\n%s", desk_text_line(c->a, k->reason, REASON_CUT, false)));
    if (k->when_text)
        desk_telegram_words(&c->text, desk_arena_fmt(c->a, "\nwanted: %s", k->when_text));
    if (k->due_at) {
        desk_when_date(day, sizeof day, c->b.zone, k->due_at);
        desk_when_time(time, sizeof time, c->b.zone, k->due_at, false);
        desk_telegram_words(
            &c->text, desk_arena_fmt(c->a, "\n%s %s, %s",
                                     k->due_at <= c->now ? "missed: was due" : "due", day, time));
    }
    desk_telegram_words(&c->text, "\n\n");
}

static void turn_pages(struct telegram_chat *c, size_t from, size_t n)
{
    if (from >= PAGE)
        desk_tg_key(c, true, "\u2039 Before", "p", desk_arena_fmt(c->a, "%zu", from - PAGE));
    if (from + PAGE < n)
        desk_tg_key(c, from < PAGE, "More \u203a", "p", desk_arena_fmt(c->a, "%zu", from + PAGE));
}

enum desk_rc desk_tg_callbacks(struct telegram_chat *c, size_t from)
{
    struct desk_callback *rows;
    size_t n = 0;
    enum desk_rc rc =
        desk_callback_open_list(c->db, c->a, c->link.tenant_id, INT64_MAX, LIST_MOST, &rows, &n);
    if (rc)
        return rc;
    if (!n) {
        desk_telegram_words(&c->text, "Nobody waits for a call back.");
        return DESK_OK;
    }
    desk_telegram_words(&c->text, desk_arena_fmt(c->a, "%s%zu %s for a call back.\n\n",
                                                 n == LIST_MOST ? "More than " : "", n,
                                                 n == 1 ? "person waits" : "people wait"));
    if (desk_tg_keeps_quiet(c))
        return DESK_OK;
    from = from < n ? from / PAGE * PAGE : 0;
    for (size_t i = from; i < n && i < from + PAGE; i++) {
        show(c, &rows[i], i + 1);
        keys_of(c, &rows[i], desk_tg_label(c, &rows[i]));
    }
    turn_pages(c, from, n);
    return DESK_OK;
}

/* ---- a press --------------------------------------------------------------------------------- */

static enum desk_rc audit(struct telegram_chat *c, const char *action, const char *object)
{
    return desk_audit_add(c->db, c->link.tenant_id, c->link.user_id, action, object);
}

/* Pressed twice, or done by somebody else meanwhile: the list as it is now says so. */
static enum desk_rc on_done(struct telegram_chat *c, const char *id)
{
    struct desk_callback k;
    enum desk_rc rc = desk_callback_get(c->db, c->a, c->link.tenant_id, id, &k);
    if (!rc)
        rc = desk_callback_close(c->db, c->link.tenant_id, id, "done");
    bool now = !rc;
    if (now)
        rc = audit(c, "callback.done", id);
    if (rc && rc != DESK_ENOTFOUND)
        return rc;
    c->toast = now ? "Marked done." : "It is done already.";
    rc = desk_tg_callbacks(c, 0);
    if (!rc && now)
        desk_tg_key(c, true, desk_arena_fmt(c->a, "Undo: %s", desk_tg_label(c, &k)), "o", id);
    return rc;
}

static enum desk_rc on_open(struct telegram_chat *c, const char *id)
{
    enum desk_rc rc = desk_callback_reopen(c->db, c->link.tenant_id, id);
    if (!rc)
        rc = audit(c, "callback.open", id);
    if (rc && rc != DESK_ENOTFOUND)
        return rc;
    c->toast = rc ? "Too late to undo. It stays done." : "Not done after all.";
    return desk_tg_callbacks(c, 0);
}

static enum desk_rc on_ring(struct telegram_chat *c, const char *id)
{
    struct desk_callback k;
    const char *why = NULL;
    enum desk_rc rc = desk_callback_get(c->db, c->a, c->link.tenant_id, id, &k);
    if (!rc)
        rc = desk_ring_me(c->db, c->a, &c->b, &k, c->now, &why);
    if (!rc && !why)
        rc = audit(c, "callback.ring", id);
    if (rc && rc != DESK_DONE && rc != DESK_ENOTFOUND)
        return rc;
    c->toast = why                    ? why
               : rc == DESK_ENOTFOUND ? "It is not there any more."
                                      : "Your phone rings: press 1 to be put through.";
    return DESK_OK;
}

static enum desk_rc on_page(struct telegram_chat *c, const char *from)
{
    return desk_tg_callbacks(c, (size_t)strtoul(from, NULL, 10));
}

static enum desk_rc on_sound(struct telegram_chat *c, const char *minutes)
{
    long n = strtol(minutes, NULL, 10);
    return desk_tg_mute(c, n > 0 ? c->now + n * 60 * 1000LL : 0);
}

static const struct {
    char op;
    bool edit;
    enum desk_rc (*run)(struct telegram_chat *c, const char *of);
} presses[] = {
    {'d', true, on_done},
    {'o', true, on_open},
    {'r', false, on_ring},
    {'p', true, on_page},
    {'m', true, on_sound},
    /* beneath what it tells by itself */
    {'a', false, desk_tg_on_seen},
    {'u', false, desk_tg_on_unseen},
    {'e', false, desk_tg_on_called},
    {'f', false, desk_tg_on_uncalled},
    {'n', false, desk_tg_on_quiet},
};

/* "v1:d:cb_…:1a2b3c4d" → 'd' and "cb_…". False: not one of ours, or another chat's. */
static bool read_data(const struct telegram_chat *c, char *op, const char **of)
{
    char proof[PROOF + 1];
    const char *deed = c->said.data, *end = strrchr(c->said.data, ':');
    if (strncmp(deed, "v1:", 3) != 0 || !end || end < deed + 5 || deed[4] != ':')
        return false;
    deed = desk_arena_strndup(c->a, deed + 3, (size_t)(end - deed) - 3);
    if (!deed || strlen(end + 1) != PROOF)
        return false;
    prove(c, deed, proof);
    *op = deed[0];
    *of = deed + 2;
    return strcmp(proof, end + 1) == 0;
}

enum desk_rc desk_tg_press(struct telegram_chat *c)
{
    char op = 0;
    const char *of;
    bool ours = read_data(c, &op, &of);
    for (size_t i = 0; ours && i < sizeof presses / sizeof *presses; i++) {
        if (presses[i].op != op)
            continue;
        c->edit = presses[i].edit;
        return presses[i].run(c, of);
    }
    c->toast = "This button does not work any more.";
    return DESK_OK;
}
