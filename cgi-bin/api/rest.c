#include "cgi-bin/api/rest.h"
#include "cgi-bin/api/session.h"
#include "base/clock.h"
#include "base/limits.h"
#include "store/api_replies.h"
#include "store/users.h"

#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- lists ----------------------------------------------------------------------------------- */

/* "<when>.<id>" of the last row seen; "" = from the top. */
static bool read_place(const char *text, struct desk_place *p)
{
    char *end = NULL;
    *p = (struct desk_place){INT64_MAX, ""};
    if (!*text)
        return true;
    if (*text < '0' || *text > '9')
        return false;
    p->when = strtoll(text, &end, 10);
    if (*end == '.')
        p->id = end + 1;
    return *end == '\0' || (*end == '.' && *p->id);
}

enum desk_rc rest_cursor(struct desk_request *req, struct desk_place *after, size_t *max)
{
    const struct desk_value *limit = desk_param(req, "limit");
    *max = limit->num ? (size_t)limit->num : REST_LIST_USUAL;
    if (read_place(desk_param(req, "before")->text, after))
        return DESK_OK;
    req->detail = "\"before\" is not a place in this list: take it from the next link.";
    return DESK_EINVAL;
}

/* The same list behind that place. NULL: no memory. */
static const char *next_path(struct desk_request *req, const struct desk_place *p)
{
    const struct desk_value *limit = desk_param(req, "limit"), *state = desk_param(req, "state");
    const char *more = "";
    if (state->given) { /* letters only: see rest_state() */
        more = desk_arena_fmt(req->arena, "&state=%s", state->text);
        if (!more)
            return NULL;
    }
    return desk_arena_fmt(req->arena, "%s?before=%lld.%s&limit=%lld%s", req->route->path,
                          (long long)p->when, p->id,
                          (long long)(limit->num ? limit->num : REST_LIST_USUAL), more);
}

enum desk_rc rest_reply_list(struct desk_request *req, const char *name, json_t *list,
                             const struct desk_place *next)
{
    const char *path = next ? next_path(req, next) : NULL;
    const char *link = path ? desk_arena_fmt(req->arena, "<%s>; rel=\"next\"", path) : NULL;
    if (next && !link) {
        json_decref(list);
        return DESK_ENOMEM;
    }
    if (link)
        desk_reply_header(req, "Link", link);
    return desk_reply_json(req, 200,
                           list ? json_pack("{s:o, s:s?}", name, list, "next", path) : NULL);
}

json_t *rest_rows_json(const struct desk_fields *f, const void *rows, size_t n)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < n; i++)
        if (json_array_append_new(list, desk_fields_json(f, (const char *)rows + i * f->size))) {
            json_decref(list);
            return NULL;
        }
    return list;
}

/* The states are words of ours: anything else has no rows, and does not get into a link. */
enum desk_rc rest_state(struct desk_request *req, const char **state)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
    *state = desk_param(req, "state")->text;
    if (strspn(*state, letters) == strlen(*state))
        return DESK_OK;
    req->detail = "\"state\" is one word.";
    return DESK_EINVAL;
}

enum desk_rc rest_list(struct desk_request *req)
{
    const struct desk_page *p = req->route->of;
    struct desk_place after, last;
    const char *state;
    size_t max, n = 0;
    void *rows = NULL;
    enum desk_rc rc = rest_cursor(req, &after, &max);
    if (!rc)
        rc = rest_state(req, &state);
    if (!rc)
        rc = desk_page_read(req->db, req->arena, p, req->tenant.id, &after, state, max + 1, &rows,
                            &n);
    if (rc)
        return rc;
    bool more = n > max;
    n = more ? max : n;
    if (more)
        last = desk_page_place(p, (const char *)rows + (n - 1) * p->fields->size);
    return rest_reply_list(req, p->name, rest_rows_json(p->fields, rows, n), more ? &last : NULL);
}

/* ---- one row --------------------------------------------------------------------------------- */

/* A strong tag of what is answered: another word in it is another tag. */
static enum desk_rc tag_of(const json_t *root, char out[REST_TAG_LEN])
{
    unsigned char sum[SHA256_DIGEST_LENGTH];
    char *text = json_dumps(root, JSON_COMPACT | JSON_SORT_KEYS);
    if (!text)
        return DESK_ENOMEM;
    SHA256((const unsigned char *)text, strlen(text), sum);
    free(text);
    char *p = out;
    *p++ = '"';
    for (size_t i = 0; i < 16; i++)
        p += snprintf(p, 3, "%02x", sum[i]);
    *p++ = '"';
    *p = '\0';
    return DESK_OK;
}

/* Is tag in a list of tags ("a", "b" or *)? Weak ones are none of ours. */
static bool names_tag(const char *list, const char *tag)
{
    size_t n = strlen(tag);
    if (list[strspn(list, " ")] == '*')
        return true;
    for (const char *p = list; (p = strstr(p, tag)) != NULL; p += n)
        if (p == list || p[-1] == ' ' || p[-1] == ',')
            return true;
    return false;
}

enum desk_rc rest_tag(struct desk_request *req, const json_t *root, bool *same)
{
    char tag[REST_TAG_LEN];
    bool get = req->method & (DESK_GET | DESK_HEAD);
    enum desk_rc rc = root ? tag_of(root, tag) : DESK_ENOMEM;
    if (!rc)
        desk_reply_header(req, "ETag", tag);
    *same = !rc && get && req->if_none_match && names_tag(req->if_none_match, tag);
    return rc;
}

enum desk_rc rest_match(const struct desk_request *req, const json_t *root)
{
    char tag[REST_TAG_LEN];
    if (!req->if_match || !*req->if_match)
        return DESK_OK;
    enum desk_rc rc = root ? tag_of(root, tag) : DESK_ENOMEM;
    return rc ? rc : names_tag(req->if_match, tag) ? DESK_OK : DESK_ESTALE;
}

enum desk_rc rest_reply_one(struct desk_request *req, json_t *root)
{
    bool same;
    enum desk_rc rc = rest_tag(req, root, &same);
    if (rc || same)
        json_decref(root);
    if (rc)
        return rc;
    if (same) {
        req->reply.status = 304;
        return DESK_OK;
    }
    return desk_reply_json(req, req->route->status ? req->route->status : 200, root);
}

/* The row as this token may see it; *root is the caller's. */
static enum desk_rc row_json(struct desk_request *req, const char *id, json_t **root)
{
    const struct desk_page *p = req->route->of;
    bool get = req->method & (DESK_GET | DESK_HEAD); /* dispatch has sealed already */
    bool seal = !get && !desk_token_may(req, "personal");
    void *row = desk_arena_alloc(req->arena, p->fields->size);
    *root = NULL;
    if (!row)
        return DESK_ENOMEM;
    if (seal)
        desk_db_sealed(req->db, true);
    enum desk_rc rc = desk_page_one(req->db, req->arena, p, req->tenant.id, id, row);
    if (seal)
        desk_db_sealed(req->db, false);
    if (!rc)
        *root = desk_fields_json(p->fields, row);
    return rc || *root ? rc : DESK_ENOMEM;
}

enum desk_rc rest_reply_row(struct desk_request *req, const char *id)
{
    json_t *root;
    enum desk_rc rc = row_json(req, id, &root);
    return rc ? rc : rest_reply_one(req, root);
}

enum desk_rc rest_reply_made(struct desk_request *req, const char *id)
{
    const char *at = desk_arena_fmt(req->arena, "%s/%s", req->route->path, id);
    if (!at)
        return DESK_ENOMEM;
    desk_reply_header(req, "Location", at);
    return rest_reply_row(req, id);
}

enum desk_rc rest_get(struct desk_request *req)
{
    return rest_reply_row(req, desk_param(req, "id")->text);
}

enum desk_rc rest_check_match(struct desk_request *req, const char *id)
{
    json_t *root;
    enum desk_rc rc = row_json(req, id, &root);
    if (!rc)
        rc = rest_match(req, root);
    json_decref(root);
    return rc;
}

/* ---- writes ---------------------------------------------------------------------------------- */

static const struct desk_param *param_of(const struct desk_route *r, const char *name)
{
    for (const struct desk_param *p = r->params; p && p->name; p++)
        if (!(p->flags & DESK_P_PATH) && strcmp(p->name, name) == 0)
            return p;
    return NULL;
}

static const char *wrong_member(struct desk_request *req, const char *key, const json_t *v)
{
    const struct desk_param *p = param_of(req->route, key);
    if (!p)
        return "There is no such thing to set.";
    if (p->kind == DESK_P_WORDS && json_is_array(v))
        return NULL;
    return json_is_object(v) || json_is_array(v) || json_is_real(v) || json_is_null(v)
               ? desk_arena_fmt(req->arena, "%s must be a text, a whole number or true or false.",
                                key)
               : NULL;
}

/* A JSON body with a member that is not in the table, or is of no kind that dispatch takes. */
static enum desk_rc check_members(struct desk_request *req)
{
    const char *key;
    json_t *v, *root = json_loadb(req->body ? req->body : "", req->body_len, 0, NULL);
    enum desk_rc rc = DESK_OK;
    json_object_foreach(root, key, v)
    {
        const char *why = rc ? NULL : wrong_member(req, key, v);
        if (why)
            rc = session_wrong(req, desk_arena_fmt(req->arena, "#/%.60s", key), why);
    }
    json_decref(root);
    return rc;
}

/* The same request has been answered: DESK_DONE. Else DESK_OK. */
static enum desk_rc answer_again(struct desk_request *req, const struct desk_vs_key *key)
{
    struct desk_api_reply r;
    enum desk_rc rc = desk_api_reply_get(req->db, req->arena, req->tenant.id, key->key, &r);
    if (rc)
        return rc == DESK_ENOTFOUND ? DESK_OK : rc;
    if (strcmp(r.asked, key->body) != 0) {
        req->detail = "This Idempotency-Key came with another body before.";
        req->reason = "idempotency_key";
        return DESK_EINVAL;
    }
    req->reply.status = (int)r.status;
    req->reply.type = *r.body ? "application/json" : NULL;
    desk_buf_str(&req->reply.body, r.body);
    desk_buf_str(&req->reply.headers, r.headers);
    desk_reply_header(req, "Idempotent-Replayed", "true");
    return DESK_DONE;
}

static enum desk_rc keep_answer(struct desk_request *req, const struct desk_vs_key *key)
{
    const struct desk_api_reply r = {.id = key->key,
                                     .tenant_id = req->tenant.id,
                                     .asked = key->body,
                                     .status = req->reply.status ? req->reply.status : 200,
                                     .headers = desk_buf_cstr(&req->reply.headers),
                                     .body = desk_buf_cstr(&req->reply.body),
                                     .created_at = desk_now_ms()};
    return desk_api_reply_add(req->db, &r);
}

/* Who changed what: not again when the same answer is given again. */
static enum desk_rc keep_audit(struct desk_request *req)
{
    struct desk_audit row;
    enum desk_rc rc = desk_audit_request(req, &row);
    return rc ? rc : desk_audit_write(req->db, &row);
}

static enum desk_rc in_transaction(struct desk_request *req, desk_handler *fn,
                                   const struct desk_vs_key *key)
{
    enum desk_rc rc = key->key ? answer_again(req, key) : DESK_OK;
    if (rc)
        return rc;
    rc = fn(req);
    if (!rc)
        rc = keep_audit(req);
    return rc || !key->key ? rc : keep_answer(req, key);
}

enum desk_rc rest_write(struct desk_request *req, desk_handler *fn)
{
    struct desk_vs_key key;
    char method[64];
    const char *what =
        desk_arena_fmt(req->arena, "%s %s %s", req->token.id,
                       desk_methods_text(req->method, method, sizeof method), req->path);
    enum desk_rc rc = what ? DESK_OK : DESK_ENOMEM;
    if (!rc && req->route->strict)
        rc = check_members(req);
    if (!rc)
        rc = session_key(req, what, &key);
    if (!rc)
        rc = DESK_TX_BEGIN(req->db);
    return rc ? rc : desk_tx_end(req->db, in_transaction(req, fn, &key));
}

int64_t rest_day_start(const struct desk_tz *tz, int64_t day)
{
    int y, m, d;
    desk_civil_from_days(day, &y, &m, &d);
    return desk_tz_day_start(tz, y, m, d);
}

enum desk_rc rest_wrong(struct desk_request *req, const char *name, const char *why)
{
    const struct desk_param *p = req->route->params;
    for (size_t i = 0; p && p[i].name && i < DESK_PARAMS_MAX; i++)
        if (strcmp(p[i].name, name) == 0) {
            req->values[i].error = why;
            req->bad_values++;
        }
    req->detail = why;
    return DESK_EINVAL;
}

enum desk_rc rest_one_of(struct desk_request *req, const char *name, const char *const *words)
{
    const struct desk_value *v = desk_param(req, name);
    struct desk_buf all;
    if (!v->given)
        return DESK_OK;
    desk_buf_init(&all, 400);
    for (size_t i = 0; words[i]; i++) {
        if (strcmp(words[i], v->text) == 0) {
            desk_buf_clear(&all);
            return DESK_OK;
        }
        desk_buf_fmt(&all, "%s%s", i ? ", " : "", words[i]);
    }
    const char *why = desk_arena_fmt(req->arena, "%s is one of: %s.", name, desk_buf_cstr(&all));
    desk_buf_clear(&all);
    return session_wrong(req, desk_arena_fmt(req->arena, "#/%s", name), why);
}
