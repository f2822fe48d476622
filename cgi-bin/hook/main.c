/* hook.fcgi: every webhook of Twilio. */
#include "cgi-bin/hook/talk.h"
#include "store/open.h"

#define THINK_STOP_MS 5000

static void stopping(void)
{
    think_stop(THINK_STOP_MS);
    keep_stop();
}

int main(int argc, char **argv)
{
    const struct desk_server server = {.web = &hook_web,
                                       .db_zone = DESK_ZONE_HOOK,
                                       .busy_ms = HOOK_BUSY_MS,
                                       .threads = HOOK_THREADS,
                                       .started = keep_start,
                                       .stopping = stopping};
    return desk_server_main(&server, argc, argv);
}
