/* Inside of the page of reports: what is told, the charts of it, and the tables, which are the same
 * numbers on the page and in the files. */
#ifndef ADMIN_REPORTS_H
#define ADMIN_REPORTS_H

#include "cgi-bin/admin/admin.h"
#include "core/report.h"

struct told {
    struct desk_request *req;
    struct desk_arena *a;                  /* of the reports: more room than a request has */
    const struct desk_report *r, *before;  /* before: what it is compared with */
    const struct desk_report_waits *waits; /* of each day */
    int days;                              /* of each of the two */
    bool running;                          /* it is not over yet */
    int64_t now;
};

/* ---- tables (reports_sheet.c) ---------------------------------------------------------------- */

#define SHEET_COLS 25

struct sheet_row {
    const char *cell[SHEET_COLS]; /* NULL: empty */
    struct sheet_row *next;
};
struct sheet {
    struct desk_arena *a;
    bool csv; /* for programs: days as "2026-11-20", money as "0.042", numbers as +1… */
    size_t cols;
    struct sheet_row *first, *last; /* the first one is the heading */
    bool failed;
};

struct report_sheet {
    const char *name, *title; /* "hours", "Calls by hour and weekday" */
    void (*fill)(const struct told *t, struct sheet *s);
};
extern const struct report_sheet report_sheets[]; /* ended by name NULL */

/* Tables.<name> of all of them. DESK_ENOMEM. */
DESK_MUST enum desk_rc report_sheets_view(const struct told *t, struct desk_view *v);
/* One of them into the reply, as a file. */
DESK_MUST enum desk_rc report_sheet_csv(const struct told *t, const struct report_sheet *sheet);

/* ---- money (money.c) ------------------------------------------------------------------------- */

/* Money.{Words, Meter, Spent, Limit, Hour, None}, whatever time is shown. Blocks on the database.
 */
DESK_MUST enum desk_rc admin_money(struct desk_request *req, struct desk_view *v);

/* ---- charts and sentences (reports_chart.c) -------------------------------------------------- */

void report_charts(const struct told *t, struct desk_view *v);

#endif
