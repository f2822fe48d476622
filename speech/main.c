/* speech: the offline engine. A Realtime server on loopback, so that calls are answered without any
 * account. See DESIGN.md, "One engine protocol". */
#include "base/config.h"
#include "base/log.h"
#include "speech/server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int usage(void)
{
    fputs("speech [--port N]   offline Realtime server on 127.0.0.1 (default port: SPEECH_PORT; 0 "
          "= any free one)\n",
          stderr);
    return 2;
}

/* a worker per core, two at least: one long utterance must not hold up the others */
static int workers(void)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    return cores < 2 ? 2 : cores > 8 ? 8 : (int)cores;
}

int main(int argc, char **argv)
{
    char why[256];
    struct desk_speech_server set = {.workers = workers(),
                                     .stt = desk_stt_backend_find(NULL),
                                     .tts = desk_tts_backend_find(NULL),
                                     .brain = desk_brain_backend_find(NULL)};
    if (desk_settings_load(NULL, why, sizeof why) != DESK_OK) {
        fprintf(stderr, "%s\n", why);
        return 2;
    }
    long port = desk_setting_int(DESK_S_SPEECH_PORT);
    if (argc == 3 && strcmp(argv[1], "--port") == 0) {
        char *end = NULL;
        port = strtol(argv[2], &end, 10);
        if (end == argv[2] || *end)
            return usage();
    } else if (argc != 1) {
        return usage();
    }
    if (port < 0 || port > 65535)
        return usage();
    set.port = (int)port;
    desk_log_init("speech", desk_log_level_parse(desk_setting(DESK_S_LOG_LEVEL)));
    desk_log_format(desk_setting(DESK_S_LOG_FORMAT));
    if (!set.tts->open())
        return 1;
    int status = desk_speech_serve(&set);
    set.tts->close();
    return status;
}
