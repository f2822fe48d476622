/* Which numbers a call may be put through to: real ones, in the countries the business allows. */
#ifndef DESK_CORE_DIALLING_H
#define DESK_CORE_DIALLING_H

#include "core/business.h"

#include <stdbool.h>

/* Whole E.164 that can be rung: no emergency, short, premium or impossible number, and of one of
 * the countries in transfer.countries (none given: of the business's own). The islands that share
 * North America's code count as countries of their own, the US and Canada as one. Pure. */
bool desk_may_dial(const struct desk_business *b, const char *e164);

/* May a machine call it of its own accord? As above, and of a place that is known: its hours must
 * be. So no toll-free number either: no customer lives there. Pure. */
bool desk_may_call_out(const struct desk_business *b, const char *e164);

#endif
