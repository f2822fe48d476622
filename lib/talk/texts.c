#include "talk/texts.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/utf8.h"
#include "core/phone.h"
#include "store/outbox.h"
#include "talk/template.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VALUES (DESK_SMS_VARS + 2)

/* What is filled in: the values as people read them, and the house's own. */
struct filling {
    struct desk_sms_value v[VALUES];
    size_t n;
    char phone[VALUES][40];
};

static enum desk_rc fill_one(struct filling *f, const struct desk_business *b,
                             const struct desk_sms_template *t, const struct desk_sms_value *v,
                             char *why, size_t n)
{
    const struct desk_sms_var *var = desk_sms_var_find(t, v->name);
    if (!v->value || !*v->value)
        return DESK_OK;
    if (b->phi && var->private && !(var->needed && t->flags & DESK_SMS_OWNER)) {
        if (!var->needed)
            return DESK_OK;
        snprintf(why, n, "The text %s tells of a caller's health: %s does not text that.", t->name,
                 b->name);
        return DESK_EINVAL;
    }
    const char *value = v->value;
    if (var->kind == DESK_SMS_PHONE) { /* its no-break space would make the text UCS-2 */
        value = desk_phone_plain(f->phone[f->n], sizeof f->phone[0], value);
    }
    f->v[f->n++] = (struct desk_sms_value){v->name, value};
    return DESK_OK;
}

static enum desk_rc by_template(struct desk_buf *out, const char *name, const struct filling *f)
{
    char file[80];
    struct desk_view *v = desk_view_new();
    if (!v)
        return DESK_ENOMEM;
    for (size_t i = 0; i < f->n; i++)
        desk_view_set(v, f->v[i].name, f->v[i].value);
    snprintf(file, sizeof file, "%s%s.cs", "sms/", name);
    enum desk_rc rc = desk_view_render(v, file, DESK_ESCAPE_NONE, out);
    desk_view_free(v);
    return rc;
}

/* On one line, without spaces at its ends. */
static const char *tidy(struct desk_arena *a, const struct desk_buf *words)
{
    char *text = desk_arena_strdup(a, desk_buf_cstr(words)), *to = text;
    for (const char *p = text; p && *p; p++) {
        bool space = (unsigned char)*p <= ' ';
        if (!space)
            *to++ = *p;
        else if (to > text && to[-1] != ' ')
            *to++ = ' ';
    }
    while (to > text && to[-1] == ' ')
        to--;
    if (text)
        *to = '\0';
    return text;
}

static enum desk_rc words_of(struct desk_buf *out, const struct desk_business *b,
                             const struct desk_sms_template *t, const struct filling *f)
{
    char wrong[200];
    const char *own = desk_business_sms(b, t->name);
    if (own && !desk_sms_wording_check(t, own, wrong, sizeof wrong)) {
        desk_sms_wording_fill(out, own, f->v, f->n);
        return DESK_OK;
    }
    if (own) /* written by an older version: the house's words will do */
        desk_log(DESK_LOG_WARN, "texts.wording", "business=%s text=%s why=\"%s\"", b->slug, t->name,
                 wrong);
    return by_template(out, t->name, f);
}

static enum desk_rc fill(struct filling *f, const struct desk_business *b,
                         const struct desk_sms_template *t, const struct desk_sms_value *v,
                         size_t n_values, char *why, size_t n)
{
    enum desk_rc rc = desk_sms_values_check(t, v, n_values, why, n);
    for (size_t i = 0; !rc && i < n_values && f->n < DESK_SMS_VARS; i++)
        rc = fill_one(f, b, t, &v[i], why, n);
    f->v[f->n++] = (struct desk_sms_value){"business", b->name};
    f->v[f->n++] = (struct desk_sms_value){"owner", *b->owner->name ? b->owner->name : NULL};
    return rc;
}

enum desk_rc desk_text_render(struct desk_arena *a, const struct desk_business *b, const char *name,
                              const struct desk_sms_value *v, size_t n_values, const char **text,
                              char *why, size_t n)
{
    const struct desk_sms_template *t = desk_sms_template_find(name);
    struct filling f = {.n = 0};
    struct desk_buf words;
    *text = NULL;
    if (!t) {
        snprintf(why, n, "There is no text \"%.40s\"; `frontdesk sms list` shows them.",
                 name ? name : "");
        return DESK_EINVAL;
    }
    enum desk_rc rc = fill(&f, b, t, v, n_values, why, n);
    if (rc)
        return rc;
    desk_buf_init(&words, 8 * DESK_MAX_TEXT);
    rc = words_of(&words, b, t, &f);
    if (!rc && !desk_buf_ok(&words))
        rc = DESK_ELIMIT;
    if (!rc)
        *text = tidy(a, &words);
    desk_buf_clear(&words);
    if (!rc && !*text)
        return DESK_ENOMEM;
    if (!rc && desk_utf8_count(*text, strlen(*text)) > DESK_MAX_TEXT)
        rc = DESK_ELIMIT;
    if (rc)
        snprintf(why, n, "The text %s %s.", name,
                 rc == DESK_ELIMIT ? "is longer than 1600 characters" : "could not be made");
    return rc;
}

/* ---- values ---------------------------------------------------------------------------------- */

const char *desk_text_line(struct desk_arena *a, const char *text, size_t most, bool end)
{
    size_t at = 0, used = 0, room = strlen(text) * 3 + 1;
    char *line = desk_arena_alloc(a, room);
    if (!line)
        return "";
    desk_utf8_clean_str(line, room, text);
    for (char *p = line; *p; p++)
        if ((unsigned char)*p < ' ')
            *p = ' ';
    size_t len = strlen(line);
    while (len && line[len - 1] == ' ')
        line[--len] = '\0';
    size_t n = desk_utf8_count(line, len);
    size_t cut = n > most ? n - most : 0;
    for (size_t i = 0, keep = end ? cut : most; cut && i < keep; i++, at += used)
        desk_utf8_next(line + at, len - at, &used);
    if (end)
        return line + at;
    if (cut)
        line[at] = '\0';
    return line;
}

/* ---- the outbox ------------------------------------------------------------------------------ */

static const char *key_of(struct desk_arena *a, const struct desk_text *t,
                          const struct desk_sms_template *row)
{
    if (t->key)
        return t->key;
    if (!t->call_id || !t->name)
        return NULL;
    return desk_arena_fmt(a, "text:%s:%s",
                          row && row->flags & DESK_SMS_AFTER ? "after_call" : t->name, t->call_id);
}

enum desk_rc desk_text_queue(struct desk_db *db, struct desk_arena *a, const struct desk_text *t)
{
    const struct desk_sms_template *row = desk_sms_template_find(t->name);
    bool urgent = row && row->flags & DESK_SMS_URGENT;
    const char *key = key_of(a, t, row);
    if (!key)
        return t->call_id && t->name ? DESK_ENOMEM : DESK_EINVAL;
    json_t *root = json_pack("{s:s, s:s, s:s, s:s*, s:b}", "from", t->from, "to", t->to, "body",
                             t->body, "text", t->name, "answers", t->answers);
    char *payload = root ? json_dumps(root, JSON_COMPACT) : NULL;
    const struct desk_outbox_new new = {.tenant_id = t->tenant_id,
                                        .call_id = t->call_id,
                                        .kind = DESK_OUTBOX_SMS,
                                        .dedupe = key,
                                        .payload = payload,
                                        .to = t->to,
                                        .wait_ms = t->wait_ms,
                                        .priority = t->priority ? t->priority
                                                    : urgent    ? DESK_OUTBOX_ALERT
                                                                : DESK_OUTBOX_NORMAL};
    enum desk_rc rc = payload ? desk_outbox_add(db, &new) : DESK_ENOMEM;
    json_decref(root);
    free(payload);
    return rc;
}
