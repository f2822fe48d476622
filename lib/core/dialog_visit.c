/* The dialog's part about visits: which kind, when, whose, in the caller's words. What the tools of
 * the calendar make of it is in dialog_book.c. See dialog_step.h. */
#include "core/dialog_step.h"

#include "base/limits.h"
#include "core/dates_fields.h"
#include "core/intent.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool of_calendar(enum desk_wish w)
{
    return w == DESK_WISH_VISIT || w == DESK_WISH_MOVE || w == DESK_WISH_CANCEL ||
           w == DESK_WISH_STATUS;
}

bool desk_step_by_tools(const struct step *s)
{
    const struct desk_dialog *d = s->d;
    return s->p->books && s->p->n_visits && !d->by_hand && !d->urgent && of_calendar(d->wish);
}

void desk_step_drop_offers(struct desk_dialog *d)
{
    d->n_offers = d->pick = 0;
    d->leave_asked = false;
}

void desk_step_forget_visit(struct desk_dialog *d)
{
    desk_step_drop_offers(d);
    d->service[0] = d->when_fields[0] = d->was_fields[0] = '\0';
    d->finds = d->back = 0;
    d->by_hand = d->found = d->answering = d->elsewhere = false;
    d->place_asked = d->place_known = false;
    d->others[0] = '\0';
}

/* ---- when ------------------------------------------------------------------------------------ */

/* How a time is said back: the words of days and hours in the sentence, else all of it. */
static void keep_words(char out[DESK_DIALOG_TEXT], const char *said)
{
    char days[DESK_DIALOG_TEXT];
    desk_words_days(said, days, NULL);
    desk_step_keep(out, DESK_DIALOG_TEXT, days[0] ? days : said);
}

/* More of the same wish; false: it says nothing that can be kept. */
static bool merge_when(struct desk_dialog *d, const struct desk_when *said)
{
    char fields[DESK_WHEN_JSON];
    struct desk_when all;
    if (!d->when_fields[0] || desk_when_from_fields(&all, d->when_fields, NULL, 0))
        desk_when_init(&all);
    desk_when_merge(&all, said, d->answering);
    if (!desk_when_to_fields(&all, fields))
        return false;
    if (strcmp(fields, d->when_fields) != 0)
        desk_step_drop_offers(d);
    KEEP(d->when_fields, fields);
    d->answering = false;
    return true;
}

/* An answer about when; sets when and its fields. */
static void take_time(struct step *s, const char *words)
{
    struct desk_when said;
    desk_when_read(&said, words, false);
    if (merge_when(s->d, &said))
        keep_words(s->d->when, words);
    else if (s->d->when[0] && !s->d->when_fields[0]) /* "asap" by a key */
        KEEP(s->d->when_fields, "{\"date_ref\":\"earliest\"}");
}

/* What was keyed or said at "when" has been kept as words: now as fields, too. */
void desk_step_take_time(struct step *s)
{
    if (s->m.said[0])
        take_time(s, s->m.said);
    else
        take_time(s, s->d->when);
}

/* A wish for another day and the day it is on, of one sentence. */
static bool split_move(const char *plain, char was[], char when[], size_t n)
{
    static const char *const to[] = {
        " to ",           " can we do ", " could we do ", " can i do ",    " can i come ",
        " could i come ", " how about ", " make it ",     " do you have ", " can you do ",
        " could you do ", " is there ",  " instead on ",  " can i get ",   " rather ",
        " until ",        NULL};
    static const char *const for_that[] = {" instead of ", " rather than ", NULL};
    struct desk_when w;
    for (size_t i = 0; for_that[i]; i++) {
        const char *at = strstr(plain, for_that[i]);
        if (at) {
            snprintf(when, n, "%.*s", (int)(at - plain), plain);
            snprintf(was, n, "%s", at + strlen(for_that[i]));
            return true;
        }
    }
    const char *last = NULL;
    for (size_t i = 0; to[i]; i++)
        for (const char *at = strstr(plain, to[i]); at; at = strstr(at + 1, to[i])) {
            desk_when_read(&w, at + strlen(to[i]), false);
            if (at > last && (desk_when_has_day(&w) || desk_when_has_time(&w)))
                last = at;
        }
    snprintf(was, n, "%.*s", (int)(last ? last - plain : (long)strlen(plain)), plain);
    snprintf(when, n, "%s", last ? last + 1 : "");
    return last != NULL;
}

static bool future(const struct desk_when *w)
{
    bool past = w->day.which == DESK_WHICH_LAST || (w->day.ref == DESK_DAY_IN_DAYS && w->day.n < 0);
    return desk_when_has_day(w) && !past;
}

static void keep_was(struct desk_dialog *d, const char *words)
{
    struct desk_when w;
    char fields[DESK_WHEN_JSON];
    desk_when_read(&w, words, false);
    if (!future(&w) || w.earliest || !desk_when_to_fields(&w, fields))
        return;
    KEEP(d->was_fields, fields);
    keep_words(d->was, words);
}

void desk_step_take_was_day(struct step *s)
{
    keep_was(s->d, s->m.said);
}

static void wish_times(struct desk_dialog *d, const char *said)
{
    char plain[DESK_DIALOG_TEXT], was[DESK_DIALOG_TEXT], when[DESK_DIALOG_TEXT];
    struct desk_when w;
    desk_words_plain(plain, sizeof plain, said);
    if (d->wish == DESK_WISH_MOVE)
        (void)split_move(plain, was, when, sizeof was);
    else
        snprintf(d->wish == DESK_WISH_VISIT ? when : was, sizeof when, "%s", plain);
    d->was[0] = d->was_fields[0] = '\0';
    if (d->wish != DESK_WISH_VISIT)
        keep_was(d, was);
    if (d->wish != DESK_WISH_VISIT && d->wish != DESK_WISH_MOVE)
        return;
    d->when[0] = d->when_fields[0] = '\0';
    desk_when_read(&w, d->wish == DESK_WISH_VISIT ? said : when, false);
    if (future(&w) && merge_when(d, &w))
        keep_words(d->when, when);
}

/* ---- which kind of visit --------------------------------------------------------------------- */

/* The service that the words mean; where work is done at the caller's place, what is told without
 * one is of the usual kind. */
static void choose_service(const struct desk_dialog_profile *p, struct desk_dialog *d,
                           const char *words, bool told)
{
    const char *name = desk_words_service(p, words);
    if (!name && told && p->asks_problem && !d->service[0])
        name = desk_words_usual_service(p);
    if (!name || strcmp(d->service, name) == 0)
        return;
    desk_step_drop_offers(d);
    KEEP(d->service, name);
}

/* After hours a project is for the owner to call back about, unless a visit was asked for. */
static bool for_the_owner(const struct desk_dialog_profile *p, const struct desk_meaning *m)
{
    struct desk_intent_judged wish;
    desk_intent_judge(m->said, NULL, 0, &wish);
    return !p->open_now && wish.kind == DESK_INTENT_SALES && !m->visit;
}

void desk_step_wish_facts(const struct desk_dialog_profile *p, struct desk_dialog *d,
                          const struct desk_meaning *m)
{
    struct desk_heard h;
    const char *words = m->said[0] ? m->said : m->value;
    desk_step_forget_visit(d);
    desk_words_hear(p, words, &h);
    if (h.elsewhere)
        d->elsewhere = d->place_asked = true;
    if (d->wish == DESK_WISH_CALLBACK && (h.service[0] || m->dated) && !m->callback && !p->vendor)
        d->wish = DESK_WISH_VISIT;
    if (d->wish == DESK_WISH_VISIT && for_the_owner(p, m))
        d->wish = DESK_WISH_CALLBACK;
    if (h.name[0]) {
        KEEP(d->name, h.name);
        d->name_said = true;
    }
    if (h.number[0])
        KEEP(d->number, h.number);
    if (!of_calendar(d->wish))
        return;
    if (h.address[0])
        KEEP(d->address, h.address);
    if (d->wish == DESK_WISH_VISIT)
        choose_service(p, d, words, d->problem_asked);
    wish_times(d, words);
}

void desk_step_take_service(struct step *s)
{
    choose_service(s->p, s->d, s->m.said[0] ? s->m.said : s->m.value, true);
    if (!s->d->service[0] && s->p->n_visits && s->m.token == DESK_T_SERVICE)
        choose_service(s->p, s->d, s->m.value, true);
}

/* ---- facts beside an answer ------------------------------------------------------------------ */

static bool hear_name(struct step *s, const struct desk_heard *h)
{
    char plain[DESK_MAX_TURN_TEXT], name[DESK_DIALOG_TEXT];
    struct desk_dialog *d = s->d;
    desk_words_plain(plain, sizeof plain, s->m.said);
    if (!d->name[0] && !h->name[0])
        return false;
    bool spelled = !h->name[0] && desk_words_spelled(plain, d->name, name, sizeof name);
    if (h->name[0])
        KEEP(name, h->name);
    else if (!spelled)
        return false;
    if (spelled) /* also the one that was understood: it is read back */
        KEEP(d->name, name);
    if (spelled)
        return true;
    bool changed = strcmp(name, d->name) != 0;
    bool anew = !d->name[0] || h->corrects || !h->name[0];
    if (changed && anew)
        KEEP(d->name, name);
    d->name_said = d->name_said || anew;
    return changed && anew;
}

static bool hear_place(struct step *s, const struct desk_heard *h)
{
    struct desk_dialog *d = s->d;
    bool other = d->address[0] && (h->corrects || h->elsewhere);
    if (!h->address[0]) {
        if (!h->elsewhere || d->elsewhere)
            return false;
        d->elsewhere = d->place_asked = true;
        d->place_known = false;
        desk_step_drop_address(s);
        return true;
    }
    d->place_known = false;
    if (strcmp(h->address, d->address) == 0 || (d->address[0] && !other))
        return false;
    KEEP(d->address, h->address);
    d->address_lost = false;
    return true;
}

static bool hear_time(struct step *s, const struct desk_heard *h, bool time_only)
{
    struct desk_dialog *d = s->d;
    struct desk_when w;
    char before[DESK_DIALOG_FIELDS];
    desk_when_read(&w, s->m.said, false);
    bool told = future(&w) || (time_only && h->corrects && desk_when_has_time(&w));
    if (!told || (w.earliest && d->when[0]) || (d->when[0] && !h->corrects && !time_only))
        return false;
    if (d->wish != DESK_WISH_VISIT && d->wish != DESK_WISH_MOVE)
        return false;
    KEEP(before, d->when_fields);
    if (!merge_when(d, &w))
        return false;
    bool same = strcmp(before, d->when_fields) == 0;
    if (same && !(d->pick > 0 && h->corrects))
        return false;
    desk_step_drop_offers(d); /* also of the same wish, where another time was taken for it */
    keep_words(d->when, s->m.said);
    d->finds = 0;
    return true;
}

static bool hear_service(struct step *s, const struct desk_heard *h)
{
    struct desk_dialog *d = s->d;
    if (d->wish != DESK_WISH_VISIT || !h->corrects || !h->service[0] ||
        strcmp(h->service, d->service) == 0)
        return false;
    desk_step_drop_offers(d);
    KEEP(d->service, h->service);
    return true;
}

/* What a question listens for itself is not heard beside it. */
bool desk_step_overhear(struct step *s)
{
    struct desk_heard h;
    enum desk_dialog_expect e = s->out->expect;
    if (!desk_step_by_tools(s) || !s->m.said[0])
        return false;
    desk_words_hear(s->p, s->m.said, &h);
    bool changed = false, confirm = s->d->n_offers > 0;
    if (e != DESK_EXPECT_NAME)
        changed = hear_name(s, &h) || changed;
    if (e != DESK_EXPECT_ADDRESS)
        changed = hear_place(s, &h) || changed;
    if (e != DESK_EXPECT_WHEN && e != DESK_EXPECT_NUMBER && e != DESK_EXPECT_ADDRESS &&
        e != DESK_EXPECT_NAME)
        changed = hear_time(s, &h, confirm) || changed;
    if (confirm)
        changed = hear_service(s, &h) || changed;
    if (h.wrong_name && s->d->name[0] && !changed && e != DESK_EXPECT_NAME) {
        desk_step_drop_name(s);
        changed = true;
    }
    return changed;
}

/* ---- taking ---------------------------------------------------------------------------------- */

/* A name for the visit; who tells of several wants one for each of them. */
void desk_step_take_names(struct step *s)
{
    char plain[DESK_MAX_TURN_TEXT];
    struct desk_dialog *d = s->d;
    desk_words_plain(plain, sizeof plain, s->m.said);
    (void)desk_words_people(plain, d->name, d->others, sizeof d->others);
}

void desk_step_take_spelling(struct step *s)
{
    char plain[DESK_MAX_TURN_TEXT], name[DESK_DIALOG_TEXT];
    struct desk_dialog *d = s->d;
    desk_words_plain(plain, sizeof plain, s->m.said);
    if (desk_words_spelled(plain, d->name, name, sizeof name))
        KEEP(d->name, name);
}

void desk_step_take_under(struct step *s)
{
    KEEP(s->d->name, s->m.value);
    s->d->name_said = true;
}

/* None of the times: other ones are asked for. */
void desk_step_take_other(struct step *s)
{
    struct desk_dialog *d = s->d;
    desk_step_drop_offers(d);
    d->when[0] = d->when_fields[0] = '\0';
    if (s->m.token == DESK_T_WHEN)
        desk_step_take_time(s);
}

void desk_step_take_ask(struct step *s)
{
    KEEP(s->d->topic, s->m.value);
    s->d->back = s->d->state;
}
