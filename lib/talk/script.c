#include "talk/script.h"

#include <stddef.h>
#include <string.h>

#define SCRIPT(stem, text)                                                                         \
    {                                                                                              \
#stem, "prompts/" #stem ".cs", text                                                        \
    }
const struct desk_script desk_scripts[] = {
    SCRIPT(general_incoming, "a caller whose wish is not known yet"),
    SCRIPT(known_client_support, "a client who needs support"),
    SCRIPT(sales_inquiry, "somebody who may become a client"),
    SCRIPT(after_hours, "outside opening hours"),
    SCRIPT(vendor_call, "a supplier, a carrier or another firm"),
    SCRIPT(appointment_reminder, "we call to remind of an appointment"),
    SCRIPT(concierge_screening, "one person's own number: who and why, before anybody is rung"),
    SCRIPT(trades_intake, "work for a trade: problem, address, window"),
    SCRIPT(dental_desk, "a dental practice: appointments and privacy"),
    SCRIPT(dispatcher, "jobs for a handyman dispatcher"),
    SCRIPT(emergency, "somebody is in danger, or damage is done now"),
    {NULL, NULL, NULL},
};

const struct desk_script *desk_script_find(const char *name)
{
    for (const struct desk_script *s = desk_scripts; name && s->name; s++)
        if (strcmp(s->name, name) == 0)
            return s;
    return desk_scripts;
}
