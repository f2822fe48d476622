/* Laying one JSON over another (RFC 7386), and what has to be laid over to get from here to there.
 */
#include "core/business.h"

bool desk_business_apply(json_t *target, json_t *patch)
{
    const char *key;
    json_t *v;
    bool ok = true;
    json_object_foreach(patch, key, v)
    {
        json_t *mine = json_object_get(target, key);
        if (json_is_null(v)) {
            json_object_del(target, key);
        } else if (!json_is_object(v)) {
            ok = ok && json_object_set_new(target, key, json_deep_copy(v)) == 0;
        } else if (json_is_object(mine)) {
            ok = ok && desk_business_apply(mine, v);
        } else { /* into an empty one: nulls of the patch do not stay */
            json_t *fresh = json_object();
            ok = ok && fresh && desk_business_apply(fresh, v);
            ok = json_object_set_new(target, key, fresh) == 0 && ok;
        }
    }
    return ok;
}

json_t *desk_business_merge(const json_t *target, const json_t *patch)
{
    if (patch && !json_is_object(patch))
        return json_deep_copy(patch);
    json_t *out = json_is_object(target) ? json_deep_copy(target) : json_object();
    json_t *from = json_deep_copy(patch); /* jansson's loop wants it writable */
    if (out && patch && !(from && desk_business_apply(out, from))) {
        json_decref(out);
        out = NULL;
    }
    json_decref(from);
    return out;
}

static json_t *diff(json_t *from, json_t *to);

/* What makes of from the value to; NULL and *same when nothing has to. */
static json_t *diff_value(json_t *from, json_t *to, bool *same)
{
    *same = from && json_equal(from, to);
    if (*same)
        return NULL;
    return json_is_object(from) && json_is_object(to) ? diff(from, to) : json_deep_copy(to);
}

static json_t *diff(json_t *from, json_t *to)
{
    const char *key;
    json_t *v;
    bool ok = true, same;
    json_t *out = json_object();
    json_object_foreach(from, key, v)
    {
        if (!json_object_get(to, key))
            ok = ok && json_object_set_new(out, key, json_null()) == 0;
    }
    json_object_foreach(to, key, v)
    {
        json_t *change = diff_value(json_object_get(from, key), v, &same);
        ok = ok && (same || json_object_set_new(out, key, change) == 0);
    }
    if (ok)
        return out;
    json_decref(out);
    return NULL;
}

json_t *desk_business_diff(json_t *from, json_t *to)
{
    return diff(from, to);
}
