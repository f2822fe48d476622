/* Settings pages over what a business may set for itself beside its document (store/settings.h):
 * each page is a table of fields, every field a row of the settings table and how a person types
 * it. */
#ifndef ADMIN_SET_OWN_H
#define ADMIN_SET_OWN_H

#include "cgi-bin/admin/set.h"
#include "base/config.h"

enum own_kind {
    OWN_DOLLARS, /* kept in dollars; empty is no limit, 0 */
    OWN_CENTS,   /* typed in dollars, kept in cents; the same */
    OWN_NUMBER,
    OWN_TICK,
    OWN_CHOICE,
    OWN_LINE,
    OWN_HOURS /* "48 3": core/reminders.h */
};

struct own_field {
    enum desk_setting_id id;
    enum own_kind kind;
    const char *label, *help;         /* help NULL: as the settings table says */
    const struct set_choice *choices; /* of OWN_CHOICE */
};

struct own_section {
    const char *title, *intro;
    const struct own_field *fields; /* ended by label NULL */
};

struct own_page {
    const char *slug, *title, *intro, *save;
    const struct own_section *sections; /* ended by title NULL */
    bool money;                         /* what is spent stands above */
};
extern const struct own_page own_pages[]; /* ended by slug NULL (set_own_pages.c) */

#endif
