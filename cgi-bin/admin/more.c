/* GET /more: what does not fit into the bar of a phone. The layout knows the pages. */
#include "cgi-bin/admin/admin.h"

enum desk_rc admin_more(struct desk_request *req)
{
    struct desk_view *v = desk_page_begin(req, "More");
    return v ? desk_page_send(req, v, 0) : DESK_ENOMEM;
}
