/* After a call: what it cost. */
#include "talk/after_set.h"
#include "base/config.h"
#include "core/price.h"
#include "store/prices.h"
#include "store/recordings.h"
#include "wire/gsm7.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MINUTE_MS 60000LL

struct bill {
    const struct after *f;
    struct desk_price_row *prices;
    size_t n;
    char day[16];
    json_t *lines;
    int64_t nanos;
    const char *unpriced;
};

static enum desk_rc load_prices(struct bill *k)
{
    struct desk_price *rows;
    struct desk_local_time t;
    enum desk_rc rc = desk_price_list(k->f->db, k->f->a, k->f->call->tenant_id, &rows, &k->n);
    k->prices = rc ? NULL : desk_arena_alloc(k->f->a, (k->n + 1) * sizeof *k->prices);
    if (!k->prices)
        return rc ? rc : DESK_ENOMEM;
    for (size_t i = 0; i < k->n; i++)
        k->prices[i] =
            (struct desk_price_row){.model = rows[i].model,
                                    .unit = rows[i].unit,
                                    .from_day = rows[i].from_day,
                                    .nanos = rows[i].nanos,
                                    .own = strcmp(rows[i].tenant_id, DESK_PRICE_ALL) != 0};
    desk_tz_local(k->f->b.zone, k->f->call->started_at, &t);
    snprintf(k->day, sizeof k->day, "%04d-%02d-%02d", t.year % 10000, t.month, t.day);
    return DESK_OK;
}

static enum desk_rc add(struct bill *k, const char *part, const struct desk_cost_item *item)
{
    int64_t nanos;
    bool known = desk_cost_of(k->prices, k->n, item, k->day, &nanos);
    k->nanos += nanos;
    if (!known && !strstr(k->unpriced, item->model))
        k->unpriced =
            desk_arena_fmt(k->f->a, "%s%s%s", k->unpriced, *k->unpriced ? ", " : "", item->model);
    json_t *line = json_pack("{s:s, s:s, s:I, s:b}", "part", part, "model", item->model, "nanos",
                             (json_int_t)nanos, "priced", (int)known);
    return k->unpriced && line && json_array_append_new(k->lines, line) == 0 ? DESK_OK
                                                                             : DESK_ENOMEM;
}

static enum desk_rc add_usage(struct bill *k, const struct desk_usage *u)
{
    const struct desk_cost_item item = {.model = u->model,
                                        .amount = {[DESK_UNIT_TEXT_IN] = u->text_in,
                                                   [DESK_UNIT_TEXT_CACHED] = u->text_cached,
                                                   [DESK_UNIT_TEXT_OUT] = u->text_out,
                                                   [DESK_UNIT_AUDIO_IN] = u->audio_in,
                                                   [DESK_UNIT_AUDIO_CACHED] = u->audio_cached,
                                                   [DESK_UNIT_AUDIO_OUT] = u->audio_out,
                                                   [DESK_UNIT_MINUTE] = u->heard_ms}};
    return add(k, u->part, &item);
}

/* The line, where Twilio brought the call: a call of the simulator, or by chat, costs none. */
static enum desk_rc add_telephone(struct bill *k)
{
    const struct desk_call *c = k->f->call;
    struct desk_cost_item item = {.model = "telephone"};
    if (c->channel || !*desk_setting(DESK_S_TWILIO_ACCOUNT_SID) || c->duration_ms <= 0)
        return DESK_OK;
    bool in = strcmp(c->direction, "inbound") == 0;
    item.amount[in ? DESK_UNIT_MINUTE_IN : DESK_UNIT_MINUTE_OUT] = c->duration_ms;
    if (c->stream_started_at && c->stream_ended_at > c->stream_started_at) {
        bool relay = c->engine && strncmp(c->engine, "ConversationRelay", 17) == 0;
        item.amount[relay ? DESK_UNIT_MINUTE_RELAY : DESK_UNIT_MINUTE_STREAM] =
            c->stream_ended_at - c->stream_started_at;
    }
    return add(k, "telephone", &item);
}

static int64_t segments_of(const char *text)
{
    struct desk_sms_size size;
    if (!text || !*text)
        return 0;
    desk_sms_size(text, strlen(text), &size);
    return (int64_t)size.segments;
}

/* Of the texts of this call that went out, or are on their way: to the caller and to the owner. */
static int64_t segments_out(const struct after *f)
{
    static const char *const none[] = {DESK_OUTBOX_FAILED, DESK_OUTBOX_REFUSED,
                                       DESK_OUTBOX_OPTED_OUT, DESK_OUTBOX_DROPPED};
    int64_t n = 0;
    for (size_t i = 0; i < f->n_sent; i++) {
        const struct desk_outbox *o = &f->sent[i];
        bool text =
            strcmp(o->kind, DESK_OUTBOX_SMS) == 0 || strcmp(o->kind, DESK_OUTBOX_OWNER_TEXT) == 0;
        for (size_t k = 0; k < sizeof none / sizeof *none; k++)
            text = text && strcmp(o->state, none[k]) != 0;
        json_t *p = text ? json_loads(o->payload ? o->payload : "", 0, NULL) : NULL;
        n += segments_of(json_string_value(json_object_get(p, "body")));
        json_decref(p);
    }
    return n;
}

/* Of a conversation by text: what they wrote. */
static int64_t segments_in(const struct after *f)
{
    int64_t n = 0;
    if (!f->call->channel || strcmp(f->call->channel, DESK_CHANNEL_TEXT) != 0)
        return 0;
    for (size_t i = 0; i < f->n_turns; i++)
        if (strcmp(f->turns[i].who, DESK_WHO_CALLER) == 0)
            n += segments_of(f->turns[i].text);
    return n;
}

/* What Twilio recorded: each recording's begun minutes. */
static enum desk_rc recorded_ms(const struct after *f, int64_t *ms)
{
    struct desk_recording *rows;
    size_t n = 0;
    enum desk_rc rc =
        desk_recording_by_call(f->db, f->a, f->call->tenant_id, f->call->id, &rows, &n);
    *ms = 0;
    for (size_t i = 0; !rc && i < n; i++)
        if (strcmp(rows[i].kind, DESK_REC_OWN) != 0 && rows[i].ms > 0)
            *ms += (rows[i].ms + MINUTE_MS - 1) / MINUTE_MS * MINUTE_MS;
    return rc;
}

static enum desk_rc add_texts(struct bill *k)
{
    struct desk_cost_item item = {.model = "telephone"};
    int64_t ms = 0;
    if (!*desk_setting(DESK_S_TWILIO_ACCOUNT_SID))
        return DESK_OK;
    enum desk_rc rc = recorded_ms(k->f, &ms);
    if (!rc && ms) {
        item.amount[DESK_UNIT_MINUTE_RECORD] = ms;
        rc = add(k, "recording", &item);
    }
    item = (struct desk_cost_item){.model = "telephone"};
    item.amount[DESK_UNIT_SEGMENT_IN] = segments_in(k->f);
    item.amount[DESK_UNIT_SEGMENT_OUT] = segments_out(k->f);
    bool any = item.amount[DESK_UNIT_SEGMENT_IN] || item.amount[DESK_UNIT_SEGMENT_OUT];
    return rc || !any ? rc : add(k, "texts", &item);
}

enum desk_rc desk_after_cost(struct after *f)
{
    struct bill k = {.f = f, .unpriced = "", .lines = json_array()};
    enum desk_rc rc = k.lines ? load_prices(&k) : DESK_ENOMEM;
    if (!rc)
        rc = add_telephone(&k);
    if (!rc)
        rc = add_texts(&k);
    for (size_t i = 0; !rc && i < f->n_usage; i++)
        rc = add_usage(&k, &f->usage[i]);
    if (!rc && f->spent.asks)
        rc = add_usage(&k, &f->spent);
    char *text = rc ? NULL : json_dumps(k.lines, JSON_COMPACT);
    f->row.nanos = k.nanos;
    f->row.unpriced = k.unpriced;
    f->row.cost = text ? desk_arena_strdup(f->a, text) : NULL;
    free(text);
    json_decref(k.lines);
    return rc ? rc : f->row.cost ? DESK_OK : DESK_ENOMEM;
}
