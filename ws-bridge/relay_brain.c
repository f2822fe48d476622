/* The brains a relay may have. */
#include "ws-bridge/relay_brain.h"

#include <string.h>

const struct relay_brain_backend *const relay_brains[] = {&relay_brain_rules, &relay_brain_model,
                                                          NULL};

const struct relay_brain_backend *relay_brain_find(const char *name)
{
    for (size_t i = 0; relay_brains[i]; i++)
        if (!name || !*name || strcmp(name, relay_brains[i]->name) == 0)
            return relay_brains[i];
    return NULL;
}
