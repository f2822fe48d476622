/* Kind "calendar_import": a calendar at an address (ICS) is read, so that what stands there is not
 * offered to callers. One row of the outbox for each address, which is never done: it waits for the
 * next time. What was read last counts until something else could be read; what an owner must see
 * to (the address leads nowhere any more) ends it, after a while.
 *
 * A whole reading is put in place of the one before in one transaction, at least once a day, since
 * the days ahead move on. Our own visits, which the owner may have over there by our feed or from
 * Google, are left out: our rows say when those are. */
#include "base/clock.h"
#include "base/config.h"
#include "base/limits.h"
#include "base/log.h"
#include "out/address.h"
#include "out/http.h"
#include "store/appointments.h"
#include "store/calendar_events.h"
#include "store/calendar_sources.h"
#include "talk/business.h"
#include "wire/ics_busy.h"
#include "worker/kinds.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define DAY_MS    (24LL * 3600 * 1000)
#define AHEAD_MS  (400 * DAY_MS)
#define WAIT_MOST (6LL * 3600 * 1000)
#define PATIENCE  8 /* times that something an owner must see to is tried all the same */
#define TIMES     100000
#define ARENA     (96 * 1024 * 1024)
#define LOOK      (256 * 1024)
#define HOPS      5
#define READ_MS   60000

struct span {
    int64_t start, end;
};

struct import {
    const struct outbox_work *w;
    struct desk_arena *arena, *look;
    struct desk_calendar_source source;
    struct desk_business business;
    int64_t begun;
    struct span *v;
    size_t n;
    bool lost;    /* more than can be kept */
    bool forever; /* what is wrong is the owner's to see to */
    char why[300];
};

/* ---- what is taken --------------------------------------------------------------------------- */

/* "ap_…@frontdesk" by our feed, "fd…@google.com" by Google. Not known: then it counts. */
static bool is_ours(struct import *im, const char *uid)
{
    struct desk_appointment row;
    struct desk_calendar_event e;
    const char *at = strchr(uid, '@'), *tenant = im->source.tenant_id;
    if (!at || at - uid > 64 || (strcmp(at, "@frontdesk") != 0 && strcmp(at, "@google.com") != 0))
        return false;
    desk_arena_reset(im->look);
    const char *id = desk_arena_strndup(im->look, uid, (size_t)(at - uid));
    if (!id)
        return false;
    return strcmp(at, "@frontdesk") == 0
               ? !desk_appointment_get(im->w->db, im->look, tenant, id, &row)
               : !desk_calendar_event_find(im->w->db, im->look, tenant, id, &e);
}

static bool collect(void *ctx, const struct desk_ics_busy *b)
{
    struct import *im = ctx;
    struct span *last = im->n ? &im->v[im->n - 1] : NULL;
    if (is_ours(im, b->uid))
        return true;
    if (last && b->start >= last->start && b->start <= last->end) { /* each minute: one span */
        last->end = b->end > last->end ? b->end : last->end;
        return true;
    }
    im->lost = im->n == TIMES || !im->v;
    if (im->lost)
        return false;
    im->v[im->n++] = (struct span){b->start, b->end};
    return true;
}

static int by_start(const void *a, const void *b)
{
    const struct span *x = a, *y = b;
    return x->start < y->start ? -1 : x->start > y->start;
}

/* What overlaps or touches is one. */
static void merge(struct import *im)
{
    size_t kept = 0;
    if (im->n)
        qsort(im->v, im->n, sizeof *im->v, by_start);
    for (size_t i = 0; i < im->n; i++) {
        struct span *last = kept ? &im->v[kept - 1] : NULL;
        if (!last || im->v[i].start > last->end)
            im->v[kept++] = im->v[i];
        else if (im->v[i].end > last->end)
            last->end = im->v[i].end;
    }
    im->n = kept;
}

/* False: im->why says why. */
static bool read_file(struct import *im, struct desk_buf *body)
{
    struct desk_ics_found found;
    const struct desk_ics_ask ask = {.from = im->begun - DAY_MS,
                                     .to = im->begun + AHEAD_MS,
                                     .tz = im->business.zone,
                                     .zone = desk_tz_load,
                                     .each = collect,
                                     .ctx = im};
    char *text = desk_arena_strndup(im->arena, desk_buf_cstr(body), body->len);
    im->v = desk_arena_alloc(im->arena, TIMES * sizeof *im->v);
    enum desk_rc rc =
        text && im->v ? desk_ics_busy(im->arena, text, strlen(text), &ask, &found) : DESK_ENOMEM;
    if (!rc)
        merge(im);
    if (!rc && im->n > DESK_MAX_BUSY)
        rc = DESK_ELIMIT;
    if (!rc)
        desk_log(DESK_LOG_DEBUG, "calendar.read", "source=%s events=%zu odd=%zu times=%zu",
                 im->source.id, found.events, found.odd, im->n);
    im->forever = rc == DESK_EINVAL || rc == DESK_ELIMIT;
    if (rc)
        snprintf(im->why, sizeof im->why, "%s",
                 rc == DESK_EINVAL ? "What is at that address is no calendar (or not a whole one)."
                 : rc == DESK_ELIMIT ? "There is more in that calendar than Frontdesk can read."
                                     : "Frontdesk has no memory to read that calendar.");
    return !rc;
}

/* In a transaction. */
static enum desk_rc replace(struct import *im)
{
    char key[40];
    struct desk_db *db = im->w->db;
    enum desk_rc rc = DESK_OK;
    for (size_t i = 0; !rc && i < im->n; i++) {
        snprintf(key, sizeof key, "%lld", (long long)im->v[i].start);
        rc = desk_calendar_busy_put(db, &im->source, key, im->v[i].start, im->v[i].end, im->begun);
    }
    return rc ? rc : desk_calendar_busy_unseen(db, &im->source, im->begun);
}

/* ---- asking ---------------------------------------------------------------------------------- */

static void could_not_reach(struct import *im, const struct desk_http_reply *reply)
{
    im->forever = reply->fail == DESK_HTTP_PRIVATE || reply->fail == DESK_HTTP_BAD_URL ||
                  reply->fail == DESK_HTTP_TOO_BIG;
    snprintf(im->why, sizeof im->why, "%s",
             reply->fail == DESK_HTTP_PRIVATE
                 ? "That address leads into this machine's own network, which is not allowed."
             : reply->fail == DESK_HTTP_TOO_BIG
                 ? "There is more in that calendar than Frontdesk can read."
                 : "That address could not be reached.");
}

static void refused(struct import *im, int status)
{
    im->forever = status >= 300 && status < 500 && status != 408 && status != 429;
    snprintf(im->why, sizeof im->why,
             im->forever ? "That address gives no calendar (any more): it answers %d."
                         : "That address has no calendar for us at the moment: it answers %d.",
             status);
}

static const char *header(struct import *im, const char *name, const char *value)
{
    return value && *value ? desk_arena_fmt(im->arena, "%s: %s", name, value) : NULL;
}

/* Of "webcal://x" "https://x": so browsers and phones say that a program for calendars is meant. */
static const char *url_of(struct import *im)
{
    static const char webcal[] = "webcal://";
    const char *url = im->source.address;
    return strncasecmp(url, webcal, sizeof webcal - 1) == 0
               ? desk_arena_fmt(im->arena, "https://%s", url + sizeof webcal - 1)
               : url;
}

/* *changed: there is something new in reply->body. False: im->why says why not. */
static bool ask(struct import *im, struct desk_http_reply *reply, bool *changed)
{
    static const char *const want[] = {"ETag", "Last-Modified", NULL};
    const char *headers[4] = {"Accept: text/calendar, text/plain;q=0.5, */*;q=0.1"};
    struct desk_calendar_source *s = &im->source;
    bool whole = im->begun - s->full_at > DAY_MS;
    size_t n = 1;
    const char *tag = whole ? NULL : header(im, "If-None-Match", s->etag);
    const char *since = whole || tag ? NULL : header(im, "If-Modified-Since", s->modified);
    if (tag || since)
        headers[n++] = tag ? tag : since;
    const struct desk_http_request req = {.url = url_of(im),
                                          .headers = headers,
                                          .want = want,
                                          .timeout_ms = READ_MS,
                                          .max_body = DESK_MAX_ICS_READ,
                                          .max_redirects = HOPS,
                                          .public_only = desk_address_guarded(),
                                          .stop = im->w->stop,
                                          .stop_ctx = im->w->stop_ctx};
    enum desk_rc rc = desk_http_send(&req, reply);
    *changed = !rc && reply->status == 200;
    if (rc)
        could_not_reach(im, reply);
    else if (!*changed && !(reply->status == 304 && n > 1))
        refused(im, reply->status);
    return !*im->why;
}

/* ---- one reading ----------------------------------------------------------------------------- */

static int64_t period_ms(void)
{
    return 1000 * (int64_t)desk_setting_int(DESK_S_CALENDAR_IMPORT_S);
}

/* In a transaction. */
static enum desk_rc keep(struct import *im, const struct desk_http_reply *reply, bool changed)
{
    struct desk_calendar_source *s = &im->source;
    enum desk_rc rc = changed ? replace(im) : DESK_OK;
    if (changed) {
        s->etag = *reply->got[0] ? desk_arena_strdup(im->arena, reply->got[0]) : NULL;
        s->modified = *reply->got[1] ? desk_arena_strdup(im->arena, reply->got[1]) : NULL;
        s->full_at = im->begun;
    }
    s->synced_at = im->begun;
    return rc ? rc : desk_calendar_source_synced(im->w->db, s);
}

/* Later again, and longer the longer it goes. */
static void could_not(struct import *im, const struct desk_http_reply *reply,
                      struct desk_outbox_result *r)
{
    const struct desk_calendar_source *s = &im->source;
    struct desk_db *db = im->w->db;
    int64_t for_ms = s->failing_since ? desk_now_ms() - s->failing_since : 0;
    enum desk_rc rc = DESK_TX_BEGIN(db);
    if (!rc)
        rc = desk_tx_end(db, desk_calendar_source_failed(db, s, im->why));
    desk_log(DESK_LOG_WARN, "calendar.unread", "source=%s status=%d fail=%s rc=%s", s->id,
             reply->status, desk_http_fail_name(reply->fail), desk_rc_name(rc));
    bool over = im->forever && for_ms > PATIENCE * period_ms();
    int64_t asked = desk_outbox_wait_ms(reply->retry_after), wait = for_ms / 2;
    wait = wait > WAIT_MOST ? WAIT_MOST : wait;
    wait = wait > period_ms() ? wait : period_ms();
    desk_outbox_ended(r, over ? DESK_END_FAILED : DESK_END_LATER, "%s%s", im->why,
                      over ? " What was read there last still counts." : "");
    /* what will end is not waited for longer and longer */
    r->wait_ms = im->forever ? period_ms() : asked > wait ? asked : wait;
}

static void run(struct import *im, struct desk_outbox_result *r)
{
    struct desk_http_reply reply;
    bool changed = false;
    im->begun = desk_now_ms();
    if (!ask(im, &reply, &changed) || (changed && !read_file(im, &reply.body))) {
        could_not(im, &reply, r);
        desk_http_reply_clear(&reply);
        return;
    }
    enum desk_rc rc = DESK_TX_BEGIN(im->w->db);
    if (!rc)
        rc = desk_tx_end(im->w->db, keep(im, &reply, changed));
    desk_http_reply_clear(&reply);
    *r = (struct desk_outbox_result){.end = DESK_END_LATER, .wait_ms = period_ms()};
    if (rc)
        outbox_again(r, rc);
}

void deliver_calendar_import(const struct outbox_work *w, struct desk_outbox_result *r)
{
    const char *id = outbox_payload(w, "source"), *tenant = w->row->tenant_id;
    struct import im = {.w = w, .arena = desk_arena_new(ARENA), .look = desk_arena_new(LOOK)};
    *r = (struct desk_outbox_result){.end = DESK_END_FAILED};
    enum desk_rc rc = !id ? DESK_EINVAL
                      : !im.arena || !im.look
                          ? DESK_ENOMEM
                          : desk_calendar_source_get(w->db, w->arena, tenant, id, &im.source);
    if (!rc)
        rc = desk_business_load(w->db, w->arena, tenant, NULL, &im.business);
    if (!rc)
        run(&im, r);
    else if (rc == DESK_ENOTFOUND) /* not read any more */
        *r = (struct desk_outbox_result){.end = DESK_END_SENT};
    else if (rc == DESK_EINVAL)
        outbox_fail(r, "The row does not say which calendar.");
    else
        outbox_again(r, rc);
    desk_arena_free(im.look);
    desk_arena_free(im.arena);
}
