/* A document against the schema and the rules. See business.h. */
#include "talk/business.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/paths.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SCHEMA "businesses/schema.json"

enum desk_rc desk_business_schema(json_t **schema, desk_business_told *told, void *ctx)
{
    struct desk_buf text;
    char path[DESK_PATH_LEN], sentence[DESK_PATH_LEN + 100];
    *schema = NULL;
    desk_buf_init(&text, DESK_MAX_BUSINESS_FILE);
    if (desk_file_read(&text, desk_path_share(path, SCHEMA))) {
        *schema = json_loadb(desk_buf_cstr(&text), text.len, 0, NULL);
        if (!*schema)
            told(ctx, 0, "its schema, " SCHEMA " of the share folder, is broken");
    } else {
        snprintf(sentence, sizeof sentence, "%s cannot be read: %s", path, strerror(errno));
        told(ctx, 0, sentence);
    }
    desk_buf_clear(&text);
    return *schema ? DESK_OK : DESK_EINTERNAL;
}

enum desk_rc desk_business_check(const json_t *doc, desk_business_told *told, void *ctx)
{
    struct desk_business_rules rules = {.zone_known = desk_business_zone_known};
    json_t *same = NULL;
    char *text = json_dumps(doc, 0);
    enum desk_rc rc = text ? desk_business_schema(&rules.schema, told, ctx) : DESK_ENOMEM;
    if (!rc && strlen(text) > DESK_MAX_BUSINESS_FILE) {
        told(ctx, 0, "the profile is larger than a profile may be");
        rc = DESK_EINVAL;
    }
    if (!rc)
        rc = desk_business_file_read(&same, text, strlen(text), &rules, told, ctx);
    json_decref(same);
    json_decref(rules.schema);
    free(text);
    return rc;
}
