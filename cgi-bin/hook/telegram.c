/* POST /telegram/update: Telegram brings what was written to the bot. It is kept, once; the worker
 * answers it. A stranger's gets the same 204 as the owner's, so that Telegram does not bring it
 * again; what could not be kept gets none (fail.c), and comes again. */
#include "cgi-bin/hook/hook.h"
#include "base/clock.h"
#include "base/log.h"
#include "talk/telegram_in.h"

enum desk_rc hook_telegram(struct desk_request *req)
{
    json_error_t error;
    json_t *update = json_loadb(req->body ? req->body : "", req->body_len, 0, &error);
    if (!update) { /* once more it would be no better */
        desk_log(DESK_LOG_WARN, "telegram.unreadable", "bytes=%zu", req->body_len);
        return hook_answer_done(req);
    }
    enum desk_rc rc = desk_telegram_arrive(req->db, req->arena, update, desk_now_ms());
    json_decref(update);
    return rc && rc != DESK_DONE ? rc : hook_answer_done(req);
}
