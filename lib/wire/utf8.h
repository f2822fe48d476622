/* UTF-8 lives in base, because core needs it too. */
#ifndef DESK_WIRE_UTF8_H
#define DESK_WIRE_UTF8_H

#include "base/utf8.h"

#endif
