/* Buttons beneath what the bot tells by itself (alarms, what calls left to do), and what a press of
 * one does. Their data is made and proved as of all buttons (telegram_keys.c): for one chat, and
 * whatever they are about is looked up anew, in that chat's own business. A press that comes twice
 * finds it done. */
#include "talk/telegram_chat.h"
#include "base/clock.h"
#include "store/alerts.h"
#include "store/promises.h"
#include "store/users.h"
#include "talk/business.h"
#include "talk/ring_me.h"

#include <stdlib.h>
#include <string.h>

#define CALLBACKS 3
#define AN_HOUR   "60"

static const char seen_words[] = "\u2713 I have seen it";
static const char mute_words[] = "No sound for an hour";

/* ---- making them ----------------------------------------------------------------------------- */

static const char *done_words(struct telegram_chat *c, const struct desk_callback *k)
{
    return desk_arena_fmt(c->a, "\u2713 Called back: %s", desk_tg_label(c, k));
}

/* Of health data no name leaves by Telegram: then there are none of these. */
static enum desk_rc keys_of_call(struct telegram_chat *c, const char *call_id)
{
    struct desk_callback *rows;
    size_t n = 0, made = 0;
    const char *from = c->b.numbers.n ? c->b.numbers.v[0] : NULL;
    if (!call_id || c->b.phi)
        return DESK_OK;
    enum desk_rc rc = desk_callback_by_call(c->db, c->a, c->link.tenant_id, call_id, &rows, &n);
    for (size_t i = 0; !rc && i < n && made < CALLBACKS; i++) {
        if (strcmp(rows[i].state, "open") != 0)
            continue;
        made++;
        desk_tg_key(c, true, done_words(c, &rows[i]), "e", rows[i].id);
        if (!desk_ring_me_cannot(&c->b, &rows[i], from))
            desk_tg_key(c, false, "\u260e Call now", "r", rows[i].id);
    }
    return rc;
}

enum desk_rc desk_tg_alert_keys(struct desk_db *db, struct desk_arena *a,
                                const struct desk_telegram_new *n, json_t **keys)
{
    struct telegram_chat c = {.db = db, .a = a, .said = {.chat = n->chat}, .now = desk_now_ms()};
    *keys = NULL;
    enum desk_rc rc = desk_telegram_link_by_chat(db, a, n->chat, &c.link);
    if (rc == DESK_ENOTFOUND || (!rc && strcmp(c.link.tenant_id, n->tenant_id) != 0))
        return DESK_OK;
    if (!rc)
        rc = desk_business_load(db, a, n->tenant_id, NULL, &c.b);
    if (!rc && n->alert_id)
        desk_tg_key(&c, true, seen_words, "a", n->alert_id);
    if (!rc)
        rc = keys_of_call(&c, n->call_id);
    if (!rc)
        desk_tg_key(&c, true, mute_words, "n", AN_HOUR);
    if (rc)
        json_decref(c.keys);
    else
        *keys = c.keys;
    return rc;
}

/* ---- a press --------------------------------------------------------------------------------- */

static enum desk_rc audit(struct telegram_chat *c, const char *action, const char *object)
{
    return desk_audit_add(c->db, c->link.tenant_id, c->link.user_id, action, object);
}

/* The pressed one is another from now on. What stands beneath the message came with the press. */
static void swap(struct telegram_chat *c, const char *words, const char *op, const char *of)
{
    size_t i, k;
    json_t *row, *key, *all = c->keys;
    c->keys = NULL;
    desk_tg_key(c, true, words, op, of);
    json_t *made = json_array_get(json_array_get(c->keys, 0), 0);
    json_array_foreach(c->board, i, row) json_array_foreach(
        row, k, key) if (made && json_is_string(json_object_get(key, "callback_data")) &&
                         strcmp(json_string_value(json_object_get(key, "callback_data")),
                                c->said.data) == 0) c->swapped = json_array_set(row, k, made) == 0;
    json_decref(c->keys);
    c->keys = all;
}

enum desk_rc desk_tg_on_seen(struct telegram_chat *c, const char *id)
{
    enum desk_rc rc = desk_alert_seen(c->db, c->link.tenant_id, id);
    if (rc && rc != DESK_ENOTFOUND)
        return rc;
    c->toast = rc ? "It was seen already." : "Noted: you have seen it.";
    swap(c, "Not seen after all", "u", id);
    return rc ? DESK_OK : audit(c, "alert.seen", id);
}

enum desk_rc desk_tg_on_unseen(struct telegram_chat *c, const char *id)
{
    enum desk_rc rc = desk_alert_unseen(c->db, c->link.tenant_id, id);
    if (rc && rc != DESK_ENOTFOUND)
        return rc;
    c->toast = rc ? "Too late to undo. It stays seen." : "Not seen after all.";
    if (rc)
        return DESK_OK;
    swap(c, seen_words, "a", id);
    return audit(c, "alert.open", id);
}

enum desk_rc desk_tg_on_called(struct telegram_chat *c, const char *id)
{
    struct desk_callback k;
    enum desk_rc rc = desk_callback_get(c->db, c->a, c->link.tenant_id, id, &k);
    if (!rc) {
        rc = desk_callback_close(c->db, c->link.tenant_id, id, "done");
        swap(c, desk_arena_fmt(c->a, "Undo: %s", desk_tg_label(c, &k)), "f", id);
    }
    if (rc && rc != DESK_ENOTFOUND)
        return rc;
    c->toast = rc ? "It is done already." : "Marked done.";
    return rc ? DESK_OK : audit(c, "callback.done", id);
}

enum desk_rc desk_tg_on_uncalled(struct telegram_chat *c, const char *id)
{
    struct desk_callback k;
    enum desk_rc rc = desk_callback_reopen(c->db, c->link.tenant_id, id);
    if (!rc)
        rc = desk_callback_get(c->db, c->a, c->link.tenant_id, id, &k);
    if (rc && rc != DESK_ENOTFOUND)
        return rc;
    c->toast = rc ? "Too late to undo. It stays done." : "Not done after all.";
    if (rc)
        return DESK_OK;
    swap(c, done_words(c, &k), "e", id);
    return audit(c, "callback.open", id);
}

enum desk_rc desk_tg_on_quiet(struct telegram_chat *c, const char *minutes)
{
    long n = strtol(minutes, NULL, 10);
    enum desk_rc rc = desk_telegram_mute(c->db, c->link.tenant_id, c->link.id,
                                         n > 0 ? c->now + n * 60 * 1000LL : 0);
    if (rc)
        return rc;
    c->toast = n > 0 ? "No sound for an hour. Emergencies sound all the same."
                     : "Messages come with sound again.";
    swap(c, n > 0 ? "With sound again" : mute_words, "n", n > 0 ? "0" : AN_HOUR);
    return DESK_OK;
}
