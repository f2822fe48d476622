/* POST /voice/turn?n=N: what the caller said or keyed in the turn-based talk. With &w=W: sent round
 * by ourselves, because the answer to it took longer. */
#include "cgi-bin/hook/hook.h"

enum desk_rc hook_voice_turn(struct desk_request *req)
{
    struct desk_call c;
    const struct desk_value *n = desk_param(req, "n"), *w = desk_param(req, "w");
    enum desk_rc rc = hook_call_ensure(req, &c, NULL);
    if (rc == DESK_ENOTFOUND)
        return hook_answer_unknown(req);
    if (rc)
        return rc;
    if (hook_caller_gone(req, &c))
        return hook_answer_nothing(req);
    bool told = false;
    const char *said = NULL;
    rc = hook_told_heard(req, &c);
    if (!rc)
        rc = hook_told(req, &c, &told, &said);
    if (rc || told)
        return rc ? rc : hook_answer_next(req, &c, said);
    return hook_talk_turn(req, &c, n->given && !n->error ? n->num : -1,
                          w->given && !w->error ? w->num : 0, hook_text(req, "Digits"),
                          hook_text(req, "SpeechResult"));
}
