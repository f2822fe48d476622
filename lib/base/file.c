#include "base/file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

bool desk_file_read(struct desk_buf *out, const char *path)
{
    char chunk[8192];
    size_t n;
    FILE *in = fopen(path, "re");
    if (!in)
        return false;
    while (desk_buf_ok(out) && (n = fread(chunk, 1, sizeof chunk, in)) > 0)
        desk_buf_add(out, chunk, n);
    int error = ferror(in) ? errno : desk_buf_ok(out) ? 0 : EFBIG;
    fclose(in);
    errno = error;
    return !error;
}

bool desk_file_line(char *out, size_t n, const char *path)
{
    out[0] = '\0';
    FILE *in = fopen(path, "re");
    if (!in)
        return false;
    bool got = fgets(out, (int)n, in) != NULL;
    fclose(in);
    out[strcspn(out, "\r\n")] = '\0';
    return got;
}
