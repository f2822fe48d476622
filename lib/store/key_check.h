/* The row that tells whether the data key is the right one (store/open.c). */
#ifndef DESK_STORE_KEY_CHECK_H
#define DESK_STORE_KEY_CHECK_H
#include "db/fields.h"
struct desk_key_check {
    const char *id, *tenant_id, *proof;
};
extern const struct desk_fields desk_key_check_fields;
#endif
