/* The owner's list of reminders before an appointment. Pure. */
#ifndef DESK_CORE_REMINDERS_H
#define DESK_CORE_REMINDERS_H

#define DESK_REMINDERS    5
#define DESK_REMINDER_MAX 336 /* hours: two weeks */

/* "48 3", "none", "" → hours before it; how many, or -1: it cannot be read. */
int desk_reminders_parse(const char *text, int hours[DESK_REMINDERS]);

#endif
