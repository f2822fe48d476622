/* api.fcgi: JSON for REST clients, conversations of other mouths, and health checks. */
#include "cgi-bin/api/api.h"
#include "cgi-bin/api/session.h"
#include "store/open.h"

int main(int argc, char **argv)
{
    const struct desk_server server = {.web = &api_web,
                                       .db_zone = DESK_ZONE_API,
                                       .busy_ms = 5000,
                                       .threads = API_THREADS,
                                       .stopping = api_session_stop};
    return desk_server_main(&server, argc, argv);
}
