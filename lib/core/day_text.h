/* Days and times of day as profiles write them. Pure. */
#ifndef DESK_CORE_DAY_TEXT_H
#define DESK_CORE_DAY_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* "2026-12-24" → days since 1970-01-01. False: NULL, another form, or no day of the calendar. */
bool desk_day_parse(const char *text, int32_t *days);

/* And back; n ≥ 11 bytes for years up to 9999. Returns out. */
const char *desk_day_text(char *out, size_t n, int32_t days);

/* "08:30" → minutes since midnight, "24:00" included; -1: NULL or another form. */
int desk_clock_parse(const char *text);

/* "mon" → 1; 0 = Sunday; -1: no such day. */
int desk_weekday_parse(const char *text);

#endif
