/* Whatever a caller says is looked through for emergencies, as it arrives. */
#include "cgi-bin/hook/hook.h"
#include "talk/watch.h"

enum desk_rc hook_watch(struct desk_request *req, const struct desk_call *c, const char *piece)
{
    const char *said = NULL;
    struct desk_watch w = {.business = req->business, .call = c};
    enum desk_rc rc = desk_watch_said(req->db, req->arena, c, piece, &said);
    if (!rc)
        rc = desk_watch_words(req->db, req->arena, &w, said);
    return rc;
}
