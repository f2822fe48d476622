/* What is known of a person, in the words of a page. */
#include "cgi-bin/admin/people.h"
#include "cgi-bin/words.h"
#include "core/phone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const labels[DESK_FACT__MAX] = {
    [DESK_FACT_NAME] = "Name",
    [DESK_FACT_COMPANY] = "Company",
    [DESK_FACT_EMAIL] = "E-mail",
    [DESK_FACT_BIRTHDAY] = "Birthday",
    [DESK_FACT_ANNIVERSARY] = "Anniversary",
    [DESK_FACT_PREFERRED] = "Likes to be reached",
    [DESK_FACT_SYSTEMS] = "Has installed",
    [DESK_FACT_CRM] = "Customer numbers",
    [DESK_FACT_NOTES] = "Notes for Frontdesk",
    [DESK_FACT_TAGS] = "Tags",
    [DESK_FACT_LANGUAGE] = "Language",
    [DESK_FACT_STANDING] = "How Frontdesk treats them",
    [DESK_FACT_ADDRESS] = "Address",
};

/* The order on the page: not that of the table. */
static const enum desk_contact_fact order[] = {
    DESK_FACT_NAME,     DESK_FACT_COMPANY,  DESK_FACT_ADDRESS,     DESK_FACT_EMAIL,
    DESK_FACT_STANDING, DESK_FACT_TAGS,     DESK_FACT_NOTES,       DESK_FACT_PREFERRED,
    DESK_FACT_LANGUAGE, DESK_FACT_BIRTHDAY, DESK_FACT_ANNIVERSARY, DESK_FACT_SYSTEMS,
    DESK_FACT_CRM};

static const struct {
    enum desk_contact_fact f;
    const char *value, *words;
} words[] = {{DESK_FACT_PREFERRED, "call", "by phone"},
             {DESK_FACT_PREFERRED, "text", "by text"},
             {DESK_FACT_PREFERRED, "email", "by e-mail"},
             {DESK_FACT_STANDING, DESK_STANDING_VIP, "VIP: you are told at once"},
             {DESK_FACT_STANDING, DESK_STANDING_VENDOR, "Supplier"},
             {DESK_FACT_STANDING, DESK_STANDING_BLOCKED, "Blocked: calls are ended"},
             {DESK_FACT_LANGUAGE, "en", "English"},
             {DESK_FACT_LANGUAGE, "es", "Spanish"},
             {DESK_FACT_LANGUAGE, "fr", "French"},
             {DESK_FACT_LANGUAGE, "de", "German"},
             {DESK_FACT_LANGUAGE, "it", "Italian"},
             {DESK_FACT_LANGUAGE, "pt", "Portuguese"},
             {DESK_FACT_LANGUAGE, "zh", "Chinese"}};

static const struct {
    const char *source, *words;
} sources[] = {{DESK_FROM_OWNER, "written by you"},
               {DESK_FROM_IMPORT, "from your list"},
               {DESK_FROM_CALL, "said on the phone"},
               {DESK_FROM_TEXT, "said in a text"}};

const char *admin_fact_label(enum desk_contact_fact f)
{
    return labels[f];
}

/* "1980-05-14" or "--05-14" → "14 May 1980", "14 May" */
static const char *day_words(struct desk_request *req, const char *v)
{
    static const char *const months[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
    bool whole = v[0] != '-';
    const char *rest = whole ? strchr(v, '-') : v + 1;
    int year = (int)strtol(v, NULL, 10), month = rest ? (int)strtol(rest + 1, NULL, 10) : 0;
    const char *last = strrchr(v, '-');
    int day = last ? (int)strtol(last + 1, NULL, 10) : 0;
    if (month < 1 || month > 12)
        return v;
    return whole ? desk_arena_fmt(req->arena, "%d %s %d", day, months[month - 1], year)
                 : desk_arena_fmt(req->arena, "%d %s", day, months[month - 1]);
}

const char *admin_fact_words(struct desk_request *req, const struct desk_contact *c,
                             enum desk_contact_fact f)
{
    const char *v = desk_contact_fact_of(c, f);
    if (v && (f == DESK_FACT_BIRTHDAY || f == DESK_FACT_ANNIVERSARY))
        return day_words(req, v);
    for (size_t i = 0; v && i < sizeof words / sizeof *words; i++)
        if (words[i].f == f && strcmp(words[i].value, v) == 0)
            return words[i].words;
    return v;
}

static bool firm(const char *source)
{
    return strcmp(source, DESK_FROM_OWNER) == 0 || strcmp(source, DESK_FROM_IMPORT) == 0;
}

void admin_facts_list(struct desk_request *req, struct desk_view *v, const char *prefix,
                      const struct desk_contact *c)
{
    size_t n = 0;
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        enum desk_contact_fact f = order[i];
        const char *value = admin_fact_words(req, c, f);
        const char *source = desk_contact_source(req->arena, c, f);
        if (!value || !source)
            continue;
        desk_view_setf(v, labels[f], "%s.%zu.Label", prefix, n);
        desk_view_setf(v, value, "%s.%zu.Words", prefix, n);
        desk_view_setf(v, desk_contact_fact_name(f), "%s.%zu.Fact", prefix, n);
        desk_view_setf(v, desk_contact_fact_told(f) && !firm(source) ? "1" : "", "%s.%zu.Loose",
                       prefix, n);
        for (size_t s = 0; desk_contact_fact_told(f) && s < sizeof sources / sizeof *sources; s++)
            if (strcmp(sources[s].source, source) == 0)
                desk_view_setf(v, sources[s].words, "%s.%zu.From", prefix, n);
        n++;
    }
}

/* ---- who it is ------------------------------------------------------------------------------- */

enum desk_rc admin_person_by_id(struct desk_request *req, const char *id, struct admin_person *p)
{
    char w[96];
    memset(p, 0, sizeof *p);
    enum desk_rc rc = desk_contact_get(req->db, req->arena, req->tenant.id, id, &p->c);
    if (!rc)
        rc = desk_contact_numbers(req->db, req->arena, req->tenant.id, p->c.id, &p->more,
                                  &p->n_more);
    if (rc)
        return rc;
    bool named = p->c.name && *p->c.name;
    p->who = named ? p->c.name
                   : desk_arena_strdup(req->arena, desk_phone_national(w, sizeof w, p->c.number));
    p->first = named ? desk_arena_strdup(req->arena, desk_words_first_name(w, sizeof w, p->c.name))
                     : "this person";
    p->path = desk_arena_fmt(req->arena, "/people/%s", p->c.id);
    return p->who && p->first && p->path ? DESK_OK : DESK_ENOMEM;
}

enum desk_rc admin_person_load(struct desk_request *req, struct admin_person *p)
{
    return admin_person_by_id(req, desk_param(req, "id")->text, p);
}

void admin_person_view(struct desk_view *v, const struct admin_person *p)
{
    char n[64];
    desk_view_fields(v, "Person", &desk_contact_fields, &p->c);
    desk_view_set(v, "Person.Who", p->who);
    desk_view_set(v, "Person.First", p->first);
    desk_view_set(v, "Person.Path", p->path);
    desk_view_set(v, "Person.Shown", desk_phone_national(n, sizeof n, p->c.number));
    for (size_t i = 0; i < p->n_more; i++) {
        desk_view_setf(v, p->more[i].number, "Person.More.%zu.Number", i);
        desk_view_setf(v, desk_phone_national(n, sizeof n, p->more[i].number),
                       "Person.More.%zu.Shown", i);
    }
}

void admin_person_row(struct desk_request *req, struct desk_view *v, const char *prefix,
                      const struct desk_contact *c)
{
    static const struct {
        const char *standing, *word, *kind, *icon;
    } tags[] = {{DESK_STANDING_VIP, "VIP", "good", "person"},
                {DESK_STANDING_VENDOR, "Supplier", "plain", "person"},
                {DESK_STANDING_BLOCKED, "Blocked", "plain", "struck"}};
    char n[64], count[40];
    bool named = c->name && *c->name;
    const char *shown = desk_phone_national(n, sizeof n, c->number);
    const char *about = c->company ? c->company : "";
    if (c->tags && *c->tags)
        about = desk_arena_fmt(req->arena, "%s%s%s", about, *about ? " · " : "", c->tags);
    desk_view_fields(v, prefix, &desk_contact_fields, c);
    desk_view_setf(v, named ? c->name : shown, "%s.Who", prefix);
    if (named)
        desk_view_setf(v, shown, "%s.Shown", prefix);
    desk_view_setf(v, about, "%s.About", prefix);
    desk_view_setf(
        v, c->calls ? desk_words_count(count, sizeof count, c->calls, "call", "calls") : "no calls",
        "%s.Count", prefix);
    for (size_t i = 0; c->standing && i < sizeof tags / sizeof *tags; i++)
        if (strcmp(tags[i].standing, c->standing) == 0) {
            desk_view_setf(v, tags[i].word, "%s.Tag", prefix);
            desk_view_setf(v, tags[i].kind, "%s.TagKind", prefix);
            desk_view_setf(v, tags[i].icon, "%s.TagIcon", prefix);
        }
}
