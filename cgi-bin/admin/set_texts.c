/* GET /settings/texts: every text that is sent, in the business's words or the house's. GET and
 * POST /settings/texts/NAME: one of them, filled with example values, with how many texts it costs.
 * The words are the profile's ("sms"), checked and kept by the same functions as an owner's file.
 */
#include "cgi-bin/admin/admin.h"
#include "cgi-bin/admin/set.h"
#include "core/sms.h"
#include "talk/business.h"
#include "talk/texts.h"
#include "wire/gsm7.h"

#include <stdio.h>
#include <string.h>

/* One of every name, so that a text reads as a caller would get it. */
static const struct {
    const char *name, *value;
} example[] = {
    {"name", "Dana"},
    {"when", "Friday 20 November, 3:00 pm"},
    {"service", "repair"},
    {"address", "40 Mill Lane"},
    {"caller", "Dana Whitfield"},
    {"summary", "the water heater leaks, the water is off"},
    {"because", "water is pouring"},
    {"severity", "P1"},
    {"opens", "Monday 8:00 am"},
    {"reason", "leaking heater"},
    {"todo", "Call Dana back by 2:30 pm."},
    {"period", "Friday 20 November"},
};

static const char *example_of(const struct desk_sms_var *var)
{
    for (size_t i = 0; i < sizeof example / sizeof *example; i++)
        if (strcmp(example[i].name, var->name) == 0)
            return example[i].value;
    return var->kind == DESK_SMS_PHONE   ? "+18605550134"
           : var->kind == DESK_SMS_LINK  ? "https://example.com/a"
           : var->kind == DESK_SMS_COUNT ? "3"
                                         : var->name;
}

/* The text as it would be sent. words NULL: by the house's own. */
static enum desk_rc render(struct desk_request *req, const struct desk_business *b,
                           const struct desk_sms_template *t, const char *words, const char **text,
                           char *why, size_t n)
{
    struct desk_sms_value v[DESK_SMS_VARS];
    const struct desk_sms_row own = {t->name, words};
    struct desk_business as = *b;
    size_t n_values = 0;
    as.sms = &own;
    as.n_sms = words && *words ? 1 : 0;
    for (const struct desk_sms_var *var = t->vars; var->name; var++)
        v[n_values++] = (struct desk_sms_value){var->name, example_of(var)};
    return desk_text_render(req->arena, &as, t->name, v, n_values, text, why, n);
}

static const char *parts_words(struct desk_arena *a, const char *text)
{
    struct desk_sms_size s;
    desk_sms_size(text, strlen(text), &s);
    if (s.segments == 1)
        return desk_arena_fmt(a, "1 text, %zu characters left", (s.ucs2 ? 70 : 160) - s.units);
    return desk_arena_fmt(a, "%zu texts, each is paid for%s", s.segments,
                          s.ucs2 ? ": it has a letter or sign that needs more room" : "");
}

/* ---- pages ----------------------------------------------------------------------------------- */

enum desk_rc admin_texts(struct desk_request *req)
{
    char why[300];
    struct desk_business b;
    const char *text;
    struct desk_view *v = desk_page_begin(req, "Texts");
    enum desk_rc rc =
        v ? desk_business_load(req->db, req->arena, req->tenant.id, NULL, &b) : DESK_ENOMEM;
    for (size_t i = 0; !rc && desk_sms_templates[i].name; i++) {
        const struct desk_sms_template *t = &desk_sms_templates[i];
        const char *own = desk_business_sms(&b, t->name);
        desk_view_setf(v, t->name, "Rows.%zu.Name", i);
        desk_view_setf(v, t->purpose, "Rows.%zu.Purpose", i);
        desk_view_setf(v, own ? "1" : "", "Rows.%zu.Own", i);
        if (!render(req, &b, t, own, &text, why, sizeof why))
            desk_view_setf(v, text, "Rows.%zu.Text", i);
    }
    return rc ? rc : desk_page_send(req, v, 0);
}

struct text_page {
    const struct desk_sms_template *t;
    struct desk_business b;
    const char *own; /* "" = the house's words */
};

static enum desk_rc load(struct desk_request *req, struct text_page *p)
{
    p->t = desk_sms_template_find(desk_param(req, "name")->text);
    if (!p->t)
        return DESK_ENOTFOUND;
    enum desk_rc rc = desk_business_load(req->db, req->arena, req->tenant.id, NULL, &p->b);
    p->own = rc ? NULL : desk_business_sms(&p->b, p->t->name);
    p->own = p->own ? p->own : "";
    return rc;
}

static enum desk_rc show(struct desk_request *req, const struct text_page *p, const char *words,
                         const char *wrong)
{
    char why[300] = "";
    const char *text = NULL;
    const char *title = desk_arena_fmt(req->arena, "%sText %s", wrong ? "Error: " : "", p->t->name);
    struct desk_view *v = title ? desk_page_begin(req, title) : NULL;
    size_t n = 0;
    if (!v)
        return DESK_ENOMEM;
    if (!wrong && render(req, &p->b, p->t, words, &text, why, sizeof why))
        wrong = why;
    desk_view_set(v, "Name", p->t->name);
    desk_view_set(v, "Purpose", p->t->purpose);
    desk_view_set(v, "Words", words);
    desk_view_set(v, "Seen", p->own);
    desk_view_set(v, "Tried", strcmp(words, p->own) != 0 ? "1" : "");
    desk_view_set(v, "Wrong", wrong);
    desk_view_set(v, "Text", text);
    if (text)
        desk_view_set(v, "Parts", parts_words(req->arena, text));
    desk_view_setf(v, "business", "Vars.%zu.Name", n++);
    desk_view_setf(v, "owner", "Vars.%zu.Name", n++);
    for (const struct desk_sms_var *var = p->t->vars; var->name; var++)
        desk_view_setf(v, var->name, "Vars.%zu.Name", n++);
    if (wrong)
        desk_page_error(v, "Nothing was saved.");
    return desk_page_send(req, v, wrong ? 422 : 0);
}

enum desk_rc admin_text(struct desk_request *req)
{
    struct text_page p;
    enum desk_rc rc = load(req, &p);
    return rc ? rc : show(req, &p, p.own, NULL);
}

struct problem {
    struct desk_request *req;
    const char *name, *sentence;
};

/* "sms.missed_call names {wen}, …" → "It names {wen}, …" */
static void told(void *ctx, int line, const char *sentence)
{
    struct problem *p = ctx;
    const char *what = strchr(sentence, ' ');
    (void)line;
    if (!p->sentence)
        p->sentence = strncmp(sentence, "sms.", 4) == 0 && what
                          ? desk_arena_fmt(p->req->arena, "It%s.", what)
                          : desk_arena_fmt(p->req->arena, "%s.", sentence);
}

static enum desk_rc with_words(json_t *doc, const char *name, const char *words)
{
    json_t *sms = json_object_get(doc, "sms");
    if (!sms && json_object_set_new(doc, "sms", json_object()))
        return DESK_ENOMEM;
    sms = json_object_get(doc, "sms");
    if (*words)
        return json_object_set_new(sms, name, json_string(words)) ? DESK_ENOMEM : DESK_OK;
    json_object_del(sms, name);
    if (!json_object_size(sms))
        json_object_del(doc, "sms");
    return DESK_OK;
}

/* In a transaction, on the document as it is there. */
static enum desk_rc write(struct desk_request *req, const json_t *was, json_t *doc, char *why,
                          size_t n)
{
    json_t *now = NULL;
    enum desk_rc rc = desk_business_export(req->db, req->arena, req->tenant.id, &now);
    if (!rc && !json_equal(now, was))
        rc = DESK_ESTALE;
    json_decref(now);
    return rc ? rc : set_save(req, doc, "texts", "Text saved", why, n);
}

enum desk_rc admin_text_save(struct desk_request *req)
{
    char why[300] = "";
    struct text_page p;
    json_t *was = NULL, *doc = NULL;
    struct problem wrong = {req, NULL, NULL};
    const struct desk_value *typed = desk_param(req, "words");
    enum desk_rc rc = load(req, &p);
    if (rc)
        return rc;
    const char *words = typed->text;
    if (typed->error)
        return show(req, &p, words, typed->error);
    rc = desk_business_export(req->db, req->arena, req->tenant.id, &was);
    if (!rc)
        rc = (doc = json_deep_copy(was)) ? with_words(doc, p.t->name, words) : DESK_ENOMEM;
    if (!rc)
        rc = desk_business_check(doc, told, &wrong);
    bool try = !rc && desk_param(req, "try")->num;
    if (!rc && !try && strcmp(desk_param(req, "seen")->text, p.own) != 0)
        rc = DESK_ESTALE;
    if (!rc && !try)
        rc = DESK_TX_BEGIN(req->db);
    if (!rc && !try)
        rc = desk_tx_end(req->db, write(req, was, doc, why, sizeof why));
    json_decref(doc);
    json_decref(was);
    if (rc == DESK_EINVAL && wrong.sentence)
        return show(req, &p, words, wrong.sentence);
    if (rc == DESK_ESTALE)
        return show(req, &p, words,
                    "Somebody else changed this text meanwhile. Save again to replace it.");
    if (!rc && try)
        return show(req, &p, words, NULL);
    if (!rc)
        desk_reply_redirect(req, desk_arena_fmt(req->arena, "/settings/texts/%s", p.t->name));
    return rc;
}
