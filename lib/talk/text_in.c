#include "talk/text_in.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/log.h"
#include "core/dialog_words.h"
#include "core/phone.h"
#include "db/seal.h"
#include "store/contacts.h"
#include "store/conversation.h"
#include "store/outbox.h"
#include "store/pictures.h"
#include "store/settings.h"
#include "store/text_marks.h"
#include "store/text_stops.h"
#include "talk/brain.h"
#include "talk/watch.h"

#include <string.h>

#define HOUR_MS (3600LL * 1000)
#define TOLD_MS (72 * HOUR_MS) /* so long a text of ours about a visit is still answered */
#define RECENT  40

static bool same(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

/* ---- the conversation ------------------------------------------------------------------------ */

static enum desk_rc pair_key(struct desk_text_work *w, char out[DESK_BLIND_LEN])
{
    const char *pair =
        desk_arena_fmt(w->a, "text|%s|%s", w->in->to, w->e164 ? w->e164 : w->in->from);
    if (!pair)
        return DESK_ENOMEM;
    desk_blind(desk_db_key(w->db), w->in->tenant->id, pair, out);
    return DESK_OK;
}

/* The one that runs; one whose time is over has its end now. */
static enum desk_rc find(struct desk_text_work *w, const char *key)
{
    int64_t now = desk_now_ms();
    enum desk_rc rc = desk_voice_session_by_pair(w->db, w->a, w->in->tenant->id, key, &w->s.row);
    if (rc)
        return rc;
    if (w->s.row.expires_at < now) {
        rc = desk_vsession_finish(w->db, w->a, &w->s.row, DESK_VS_LAPSE, w->s.row.expires_at);
        return rc && rc != DESK_DONE ? rc : DESK_ENOTFOUND;
    }
    rc = desk_voice_session_touch(
        w->db, &w->s.row, desk_vs_expires(w->s.row.created_at, now, w->s.row.idle_ms, true));
    if (!rc)
        rc = desk_call_get(w->db, w->a, w->s.row.tenant_id, w->s.row.call_id, &w->s.call);
    return rc == DESK_ENOTFOUND ? DESK_EINTERNAL : rc;
}

static enum desk_rc begin(struct desk_text_work *w, const char *key)
{
    const struct desk_text_new *in = w->in;
    struct desk_tenant_settings own;
    enum desk_rc rc = desk_tenant_settings_load(w->db, w->a, in->tenant->id, &own);
    if (rc)
        return rc;
    const struct desk_vs_new row = {
        .tenant = in->tenant,
        .location = in->location,
        .to = in->to,
        .channel = DESK_CHANNEL_TEXT,
        .from = w->e164 ? w->e164 : "",
        .vouched = true, /* the carrier delivers our answer to it, wherever the text came from */
        .pair_key = desk_arena_strdup(w->a, key),
        .audio = "none",
        .idle_ms = 60000LL * desk_tenant_setting_int(&own, DESK_S_TEXT_TALK_MINUTES)};
    return row.pair_key ? desk_vsession_insert(w->db, w->a, &row, in->business, &w->s)
                        : DESK_ENOMEM;
}

static enum desk_rc conversation(struct desk_text_work *w)
{
    char key[DESK_BLIND_LEN], e164[DESK_PHONE_LEN];
    bool number = !desk_phone_is_withheld(w->in->from) &&
                  desk_phone_parse(w->in->from, "US", e164) == DESK_PHONE_OK;
    w->e164 = number ? desk_arena_strdup(w->a, e164) : NULL;
    if (number && !w->e164)
        return DESK_ENOMEM;
    enum desk_rc rc = pair_key(w, key);
    if (!rc)
        rc = find(w, key);
    if (rc == DESK_ENOTFOUND)
        rc = begin(w, key);
    if (!rc && w->s.call.contact_id)
        rc = desk_contact_texted(w->db, w->s.call.tenant_id, w->s.call.contact_id);
    return rc;
}

/* ---- what is known --------------------------------------------------------------------------- */

static enum desk_rc know_house(struct desk_text_work *w, struct desk_text_facts *f)
{
    struct desk_number num;
    f->can_text = w->e164 && desk_phone_can_text(w->e164);
    if (!w->e164)
        return DESK_OK;
    enum desk_rc rc = desk_number_find(w->db, w->a, w->e164, &num);
    f->ours = rc == DESK_OK;
    if (!rc || rc == DESK_ENOTFOUND)
        rc = desk_text_stopped(w->db, w->in->tenant->id, w->e164, &f->opted_out);
    int64_t until = 0;
    if (!rc)
        rc = desk_text_by_hand_until(w->db, w->in->tenant->id, w->e164, &until);
    f->by_hand = until > 0;
    return rc ? rc : desk_text_unmark(w->db, w->in->tenant->id, w->e164); /* they write: it works */
}

/* What was written of late, this text counted. */
static enum desk_rc know_recent(struct desk_text_work *w, struct desk_text_facts *f)
{
    struct desk_text_in *rows;
    size_t n = 0;
    enum desk_rc rc = desk_texts_recent(w->db, w->a, w->in->tenant->id, w->s.row.pair_key,
                                        desk_now_ms() - HOUR_MS, RECENT, &rows, &n);
    f->in_hour = 1 + (int64_t)n;
    f->alike = 1;
    for (size_t i = 0; i < n && *w->in->text && same(rows[i].text, w->in->text); i++)
        f->alike++;
    for (size_t i = 0; i < n; i++)
        f->talking = f->talking || same(rows[i].state, DESK_TEXT_WAITING);
    return rc;
}

/* A talk that has said something, and is not over. */
static enum desk_rc know_talk(struct desk_text_work *w, struct desk_text_facts *f)
{
    struct desk_talk k;
    const char *next = w->s.call.next_step;
    enum desk_rc rc = desk_talk_load(w->a, &w->s.call, &k);
    if (rc)
        return rc == DESK_ENOTFOUND ? DESK_OK : rc;
    bool waits = same(next, DESK_NEXT_MESSAGE) || same(next, DESK_NEXT_TRANSFER);
    f->talking = f->talking || (k.n > 1 && (!k.done || waits));
    return DESK_OK;
}

static enum desk_rc know_visit(struct desk_text_work *w, struct desk_text_facts *f)
{
    struct desk_appointment *rows;
    struct desk_turn *turns;
    size_t n = 0, n_turns = 0;
    int64_t now = desk_now_ms(), told = 0;
    if (!w->e164)
        return DESK_OK;
    const char *tenant_id = w->in->tenant->id;
    enum desk_rc rc =
        desk_appointments_of_number(w->db, w->a, tenant_id, w->e164, now, false, 1, &rows, &n);
    if (rc || !n)
        return rc;
    w->visit = rows[0];
    w->has_visit = f->visit = true;
    f->asked = same(w->s.row.asked, w->visit.id);
    rc = desk_outbox_told_of_visit(w->db, tenant_id, w->e164, now - TOLD_MS, &told);
    if (!rc)
        rc = desk_turn_recent(w->db, w->a, tenant_id, w->s.call.id, DESK_WHO_DESK, 1, &turns,
                              &n_turns);
    f->told = !rc && told && (!n_turns || told > w->s.call.started_at + turns[0].start_ms);
    return rc;
}

/* A text model answers in their language; the rules have English only. */
static enum desk_rc know_language(struct desk_text_work *w, struct desk_text_facts *f)
{
    const struct desk_brain *brain;
    if (!desk_words_spanish(w->in->text))
        return DESK_OK;
    enum desk_rc rc = desk_talk_brain(w->db, w->a, w->in->tenant->id, 0, &brain);
    f->spanish = !rc && !desk_brain_is_model(brain);
    return rc;
}

static enum desk_rc know(struct desk_text_work *w, struct desk_text_facts *f)
{
    *f = (struct desk_text_facts){
        .text = w->in->text, .opt_out_type = w->in->opt_out_type, .pictures = w->in->pictures > 0};
    if (!desk_caller_parse(w->s.call.caller_kind, &f->caller))
        f->caller = DESK_WHO_UNKNOWN;
    enum desk_rc rc = know_house(w, f);
    if (!rc)
        rc = know_recent(w, f);
    if (!rc)
        rc = know_talk(w, f);
    if (!rc)
        rc = know_language(w, f);
    return rc ? rc : know_visit(w, f);
}

/* ---- the fact -------------------------------------------------------------------------------- */

static enum desk_rc note_pictures(struct desk_text_work *w)
{
    const struct desk_call *c = &w->s.call;
    if (!w->in->pictures)
        return DESK_OK;
    const char *line = desk_arena_fmt(w->a, "Sent %lld picture%s.", (long long)w->in->pictures,
                                      w->in->pictures == 1 ? "" : "s");
    const char *once = desk_arena_fmt(w->a, "pictures:%s", w->in->sid);
    return line && once ? desk_event_add(w->db, c->tenant_id, c->id, c->started_at, "note",
                                         "pictures", line, once)
                        : DESK_ENOMEM;
}

static enum desk_rc queue_picture(struct desk_text_work *w, const struct desk_picture *p)
{
    const struct desk_outbox_new row = {.tenant_id = p->tenant_id,
                                        .call_id = p->call_id,
                                        .kind = DESK_OUTBOX_PICTURE,
                                        .dedupe = desk_arena_fmt(w->a, "picture:%s", p->id),
                                        .payload =
                                            desk_arena_fmt(w->a, "{\"picture\":\"%s\"}", p->id),
                                        .priority = DESK_OUTBOX_NORMAL};
    return row.dedupe && row.payload ? desk_outbox_add(w->db, &row) : DESK_ENOMEM;
}

/* Each has its row now; the worker fetches it. Of who is not answered nothing is fetched. */
static enum desk_rc keep_pictures(struct desk_text_work *w, const struct desk_text_in *t,
                                  enum desk_text_made made)
{
    enum desk_rc rc = note_pictures(w);
    if (!desk_text_scanned(made) && made != DESK_TEXT_OWNER)
        return rc;
    for (size_t i = 0; !rc && i < DESK_MAX_PICTURES; i++) {
        char id[DESK_ID_LEN];
        struct desk_picture p = {.id = desk_arena_strdup(w->a, desk_id_new(id, "pic")),
                                 .tenant_id = t->tenant_id,
                                 .text_id = t->id,
                                 .call_id = t->call_id,
                                 .n = (int64_t)i,
                                 .message_sid = t->message_sid,
                                 .media_sid = w->in->media[i],
                                 .state = DESK_PIC_WAITING,
                                 .created_at = t->created_at};
        if (!p.media_sid)
            continue;
        rc = p.id ? desk_picture_add(w->db, w->a, &p, w->e164) : DESK_ENOMEM;
        if (!rc)
            rc = queue_picture(w, &p);
    }
    return rc;
}

/* Emergencies first: whatever else a text is taken for. */
static enum desk_rc scan(struct desk_text_work *w, enum desk_text_made made)
{
    const char *said;
    struct desk_watch watch = {.business = w->in->business, .call = &w->s.call};
    if (!*w->in->text || !desk_text_scanned(made))
        return DESK_OK;
    enum desk_rc rc = desk_watch_said(w->db, w->a, &w->s.call, w->in->text, &said);
    if (!rc)
        rc = desk_watch_words(w->db, w->a, &watch, said);
    return rc ? rc : desk_call_get(w->db, w->a, w->s.call.tenant_id, w->s.call.id, &w->s.call);
}

/* What no turn of the talk will hold. */
static enum desk_rc keep_words(struct desk_text_work *w, enum desk_text_made made)
{
    const char *item = desk_arena_fmt(w->a, "text:%s", w->in->sid);
    if (made == DESK_TEXT_TALK || made == DESK_TEXT_FLOOD)
        return DESK_OK;
    return desk_turn_now(w->db, &w->s.call, item, DESK_WHO_CALLER, "text", w->in->text);
}

static enum desk_rc decide(struct desk_text_work *w, struct desk_text_got *got)
{
    struct desk_text_facts f;
    char id[DESK_ID_LEN];
    enum desk_rc rc = know(w, &f);
    if (rc)
        return rc;
    enum desk_text_made made = desk_text_decide(&f, &w->because);
    got->row = (struct desk_text_in){.id = desk_arena_strdup(w->a, desk_id_new(id, "text")),
                                     .tenant_id = w->in->tenant->id,
                                     .call_id = w->s.call.id,
                                     .session_id = w->s.row.id,
                                     .pair_key = w->s.row.pair_key,
                                     .message_sid = w->in->sid,
                                     .token = w->in->token,
                                     .text = w->in->text,
                                     .pictures = w->in->pictures,
                                     .made = desk_text_made_name(made),
                                     .state = DESK_TEXT_WAITING,
                                     .created_at = desk_now_ms()};
    rc = got->row.id ? desk_text_in_insert(w->db, &got->row) : DESK_ENOMEM;
    if (!rc)
        rc = scan(w, made);
    if (!rc)
        rc = keep_words(w, made);
    if (!rc)
        rc = keep_pictures(w, &got->row, made);
    if (rc || made == DESK_TEXT_TALK)
        return rc;
    rc = desk_text_act(w, made);
    got->row.reply = w->reply;
    got->row.state = w->reply ? DESK_TEXT_ANSWERED : DESK_TEXT_NONE;
    return rc ? rc : desk_text_in_end(w->db, &got->row, got->row.state, got->row.reply);
}

static enum desk_rc before(struct desk_db *db, struct desk_arena *a, const struct desk_text_new *in,
                           struct desk_text_got *got)
{
    enum desk_rc rc = desk_text_in_by_sid(db, a, in->sid, &got->row);
    got->repeat = !rc;
    if (!rc)
        rc = desk_call_get(db, a, got->row.tenant_id, got->row.call_id, &got->call);
    return rc;
}

static enum desk_rc arrive(struct desk_text_work *w, struct desk_text_got *got)
{
    enum desk_rc rc = before(w->db, w->a, w->in, got);
    if (rc != DESK_ENOTFOUND || got->repeat)
        return rc;
    rc = conversation(w);
    if (!rc)
        rc = decide(w, got);
    got->call = w->s.call;
    return rc;
}

enum desk_rc desk_text_arrive(struct desk_db *db, struct desk_arena *a,
                              const struct desk_text_new *in, struct desk_text_got *got)
{
    struct desk_text_work w = {.db = db, .a = a, .in = in};
    *got = (struct desk_text_got){.repeat = false};
    enum desk_rc rc = DESK_TX_BEGIN(db);
    if (!rc)
        rc = desk_tx_end(db, arrive(&w, got));
    if (!rc)
        desk_log(DESK_LOG_INFO, "text.in", "call=%s made=%s state=%s repeat=%d", got->call.id,
                 got->row.made, got->row.state, got->repeat);
    return rc;
}
