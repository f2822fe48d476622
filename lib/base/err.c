#include "base/err.h"
#include "base/log.h"

static const struct desk_rc_info rc_table[DESK_RC__MAX] = {
    [DESK_OK] = {"ok", 200, "Done.", DESK_LOG_DEBUG},
    [DESK_DONE] = {"done", 200, "Nothing more to do.", DESK_LOG_DEBUG},
    [DESK_EINVAL] = {"invalid", 422, "Something in the request is not right.", DESK_LOG_INFO},
    [DESK_EAUTH] = {"unauthorized", 401, "Sign in or send a valid token.", DESK_LOG_NOTICE},
    [DESK_EFORBID] = {"forbidden", 403, "This is not allowed.", DESK_LOG_NOTICE},
    [DESK_ENOTFOUND] = {"not_found", 404, "There is no such thing here.", DESK_LOG_INFO},
    [DESK_EMETHOD] = {"method_not_allowed", 405, "This address does not do that.", DESK_LOG_INFO},
    [DESK_EMEDIA] = {"unsupported_media", 415, "This kind of content is not read here.",
                     DESK_LOG_INFO},
    [DESK_ECONFLICT] = {"conflict", 409, "It exists already or has changed.", DESK_LOG_INFO},
    [DESK_ESTALE] = {"stale", 412, "It has changed since you read it.", DESK_LOG_INFO},
    [DESK_EBUSY] = {"busy", 503, "Too busy just now. Try again in a moment.", DESK_LOG_WARN},
    [DESK_ELIMIT] = {"too_large", 413, "That is more than is allowed.", DESK_LOG_NOTICE},
    [DESK_ERATE] = {"too_many", 429, "Too many requests. Wait a moment.", DESK_LOG_NOTICE},
    [DESK_EUPSTREAM] = {"upstream", 502, "A service we rely on did not answer.", DESK_LOG_WARN},
    [DESK_ENOMEM] = {"no_memory", 503, "Out of memory. Try again in a moment.", DESK_LOG_ERROR},
    [DESK_EINTERNAL] = {"internal", 500, "Something went wrong on our side.", DESK_LOG_ERROR},
};

const struct desk_rc_info *desk_rc_info(enum desk_rc rc)
{
    if ((unsigned)rc >= DESK_RC__MAX)
        rc = DESK_EINTERNAL;
    return &rc_table[rc];
}

const char *desk_rc_name(enum desk_rc rc)
{
    return desk_rc_info(rc)->name;
}
