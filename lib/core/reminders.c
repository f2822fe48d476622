#include "core/reminders.h"

#include <stdlib.h>
#include <string.h>

int desk_reminders_parse(const char *text, int hours[DESK_REMINDERS])
{
    int n = 0;
    if (strcmp(text, "none") == 0)
        return 0;
    for (const char *p = text + strspn(text, " "); *p; p += strspn(p, " ")) {
        char *end;
        long h = strtol(p, &end, 10);
        if (end == p || (*end && *end != ' ') || h < 1 || h > DESK_REMINDER_MAX ||
            n == DESK_REMINDERS)
            return -1;
        hours[n++] = (int)h;
        p = end;
    }
    return n;
}
