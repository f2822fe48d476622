#include "talk/script.h"

#include <stddef.h>
#include <string.h>

#define SCRIPT(stem, text)                                                                         \
    {                                                                                              \
#stem, "prompts/" #stem ".cs", text                                                        \
    }
const struct desk_script desk_scripts[] = {
    {"general_incoming", "prompts/general_incoming.cs", "a caller whose wish is not known yet"},
    {"known_client_support", "prompts/known_client_support.cs", "a client who needs support"},
    {"sales_inquiry", "prompts/sales_inquiry.cs", "somebody who may become a client"},
    {"after_hours", "prompts/after_hours.cs", "outside opening hours"},
    {"vendor_call", "prompts/vendor_call.cs", "a supplier, a carrier or another firm"},
    {"appointment_reminder", "prompts/appointment_reminder.cs",
     "we call to remind of an appointment"},
    {"concierge_screening", "prompts/concierge_screening.cs",
     "one person's own number: who and why, before anybody is rung"},
    {"trades_intake", "prompts/trades_intake.cs", "work for a trade: problem, address, window"},
    {"dental_desk", "prompts/dental_desk.cs", "a dental practice: appointments and privacy"},
    {"dispatcher", "prompts/dispatcher.cs", "jobs for a handyman dispatcher"},
    {"emergency", "prompts/emergency.cs", "somebody is in danger, or damage is done now"},
    {NULL, NULL, NULL},
};

const struct desk_script *desk_script_find(const char *name)
{
    for (const struct desk_script *s = desk_scripts; name && s->name; s++)
        if (strcmp(s->name, name) == 0)
            return s;
    return desk_scripts;
}
