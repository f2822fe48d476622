/* Which numbers a call may be put through to: real ones, in the countries the business allows. */
#ifndef DESK_CORE_DIALLING_H
#define DESK_CORE_DIALLING_H

#include "core/business.h"

#include <stdbool.h>

/* Whole E.164 that can be rung: no emergency, short, premium or impossible number, and of one of
 * the countries in transfer.countries (none given: of the business's own). Pure. */
bool desk_may_dial(const struct desk_business *b, const char *e164);

#endif
