/* Commands of `frontdesk calendar` about calendars outside of ours (calendar_outside.c). */
#ifndef CLI_CALENDAR_H
#define CLI_CALENDAR_H

int calendar_google(int argc, char **argv);
int calendar_import(int argc, char **argv);

#endif
