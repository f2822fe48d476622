#include "soak.h"
int soak(struct world *w, long seconds)
{
    (void)w;
    (void)seconds;
    return 1;
}
