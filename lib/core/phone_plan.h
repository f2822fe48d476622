/* Between phone.c, phone_words.c and mask.c only. */
#ifndef DESK_CORE_PHONE_PLAN_H
#define DESK_CORE_PHONE_PLAN_H

#include "core/phone.h"

#include <stdint.h>

/* One code point as lower-case ASCII: other digits as digits, odd dashes and spaces as a space,
 * letters of Latin-1 without their accents, anything else that is no ASCII as '?'. */
char desk_phone_fold(uint32_t c);

/* Dialled digits → E.164. plus: digits begin with a country code. False: could not be called. */
bool desk_phone_dialled(const char *digits, bool plus, const char *country,
                        char out[DESK_PHONE_LEN]);

#endif
