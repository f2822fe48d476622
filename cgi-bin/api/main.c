/* api.fcgi: JSON for REST clients and health checks. */
#include "cgi-bin/api/api.h"
#include "store/open.h"

int main(int argc, char **argv)
{
    const struct desk_server server = {.web = &api_web, .db_zone = DESK_ZONE_API, .busy_ms = 5000};
    return desk_server_main(&server, argc, argv);
}
