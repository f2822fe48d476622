/* admin.fcgi: the owner's dashboard. */
#include "cgi-bin/admin/admin.h"
#include "store/open.h"

int main(int argc, char **argv)
{
    static const struct desk_server server = {
        .web = &admin_web, .db_zone = DESK_ZONE_ADMIN, .busy_ms = 5000};
    return desk_server_main(&server, argc, argv);
}
