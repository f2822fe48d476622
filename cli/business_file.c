#include "cli/business_file.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/paths.h"
#include "talk/business.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* A file's text; what hinders it is told. */
static enum desk_rc read_text(struct desk_buf *text, const char *path, const char *what,
                              desk_business_told *told, void *ctx)
{
    char sentence[DESK_PATH_LEN + 100];
    desk_buf_init(text, DESK_MAX_BUSINESS_FILE);
    if (desk_file_read(text, path))
        return DESK_OK;
    snprintf(sentence, sizeof sentence, "%s cannot be read: %s", what, strerror(errno));
    told(ctx, 0, sentence);
    return DESK_ENOTFOUND;
}

enum desk_rc cli_business_read(json_t **doc, const char *path, desk_business_told *told, void *ctx)
{
    struct desk_business_rules rules = {.zone_known = desk_business_zone_known};
    struct desk_buf text;
    *doc = NULL;
    enum desk_rc rc = read_text(&text, path, "it", told, ctx);
    if (!rc)
        rc = desk_business_schema(&rules.schema, told, ctx);
    if (!rc)
        rc = desk_business_file_read(doc, desk_buf_cstr(&text), text.len, &rules, told, ctx);
    json_decref(rules.schema);
    desk_buf_clear(&text);
    return rc;
}

struct first {
    char *why;
    size_t n;
    bool said;
};

static void keep_first(void *ctx, int line, const char *sentence)
{
    struct first *f = ctx;
    if (!f->said && line)
        snprintf(f->why, f->n, "line %d: %s", line, sentence);
    else if (!f->said)
        snprintf(f->why, f->n, "%s", sentence);
    f->said = true;
}

enum desk_rc cli_business_read_why(json_t **doc, const char *path, char *why, size_t n)
{
    struct first f = {why, n, false};
    snprintf(why, n, "there is no memory for it");
    return cli_business_read(doc, path, keep_first, &f);
}
