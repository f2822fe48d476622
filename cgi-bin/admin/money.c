/* This month's money and this hour's: what is spent, and the limits that hold. On the reports, and
 * above the limits themselves. */
#include "cgi-bin/admin/reports.h"
#include "cgi-bin/words.h"
#include "base/clock.h"
#include "talk/spend.h"

#define HOUR_MS 3600000LL

enum desk_rc admin_money(struct desk_request *req, struct desk_view *v)
{
    char spent[32], limit[32];
    struct desk_spend_limits l;
    struct desk_spend_facts f;
    struct desk_local_time now;
    int64_t now_ms = desk_now_ms();
    const struct desk_tz *tz = desk_page_zone(req);
    enum desk_rc rc = desk_spend_limits(req->db, req->arena, req->tenant.id, &l);
    if (!rc)
        rc = desk_spend_facts(req->db, req->tenant.id, tz, NULL, &l, true, now_ms, &f);
    if (rc)
        return rc;
    desk_tz_local(tz, now_ms, &now);
    int64_t start = desk_tz_day_start(tz, now.year, now.month, 1);
    int64_t end = desk_tz_day_start(tz, now.year, now.month + 1, 1);
    int64_t likely = (int64_t)((double)f.month * (double)(end - start) /
                               (double)(now_ms - start > HOUR_MS ? now_ms - start : HOUR_MS));
    desk_words_money(spent, sizeof spent, f.month / 1000);
    if (l.month) {
        desk_view_set(v, "Money.Meter", l.month > f.month ? "1" : "full");
        desk_view_int(v, "Money.Spent", f.month / 10000000);
        desk_view_int(v, "Money.Limit", l.month / 10000000);
        desk_words_money(limit, sizeof limit, l.month / 1000);
    }
    char by_end[32];
    desk_view_set(v, "Money.Words",
                  desk_arena_fmt(req->arena, "This month: %s%s%s, about %s by its end.", spent,
                                 l.month ? " of " : "", l.month ? limit : "",
                                 desk_words_money(by_end, sizeof by_end, likely / 1000)));
    if (l.hour)
        desk_view_set(v, "Money.Hour",
                      desk_arena_fmt(req->arena, "This hour: %s of %s.",
                                     desk_words_money(spent, sizeof spent, f.hour / 1000),
                                     desk_words_money(limit, sizeof limit, l.hour / 1000)));
    if (!l.month && !l.hour && !l.caller_day && !l.call)
        desk_view_set(v, "Money.None", "1");
    return DESK_OK;
}
