/* hook.fcgi: every webhook of Twilio. */
#include "cgi-bin/hook/hook.h"
#include "store/open.h"

int main(int argc, char **argv)
{
    const struct desk_server server = {
        .web = &hook_web, .db_zone = DESK_ZONE_HOOK, .busy_ms = HOOK_BUSY_MS};
    return desk_server_main(&server, argc, argv);
}
