/* The table of recognisers. */
#include "speech/stt.h"

#include <string.h>

/* rows point, so that a back end's file alone knows its functions */
const struct desk_stt_backend *const desk_stt_backends[] = {&desk_stt_pocketsphinx, NULL};

const struct desk_stt_backend *desk_stt_backend_find(const char *name)
{
    for (size_t i = 0; desk_stt_backends[i]; i++)
        if (!name || !*name || strcmp(name, desk_stt_backends[i]->name) == 0)
            return desk_stt_backends[i];
    return NULL;
}
