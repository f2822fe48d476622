/* Forms with files. First byte: how long the boundary is, which follows; then the body. What is
 * found is in the body, and written again it is read as the same. */
#include "wire/multipart.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BOUNDARY "5d1f0f6bd2ae4dd0a9d5e1a3f7c2b8e4"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int truth)
{
    if (!truth)
        abort();
}

static void again(const struct desk_multipart *m)
{
    struct desk_multipart back;
    struct desk_buf out;
    desk_buf_init(&out, 1000000);
    for (size_t i = 0; i < m->n; i++)
        desk_multipart_add(&out, BOUNDARY, "name", m->parts[i].file ? "f" : NULL, NULL,
                           m->parts[i].data, m->parts[i].len);
    desk_multipart_end(&out, BOUNDARY);
    if (desk_buf_ok(&out) && m->n) {
        must(!desk_multipart_parse("multipart/form-data; boundary=" BOUNDARY, out.p, out.len,
                                   &back));
        must(back.n == m->n);
        for (size_t i = 0; i < m->n; i++)
            must(back.parts[i].len == m->parts[i].len &&
                 memcmp(back.parts[i].data, m->parts[i].data, m->parts[i].len) == 0);
    }
    desk_buf_clear(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct desk_multipart m;
    char type[300];
    if (!size)
        return 0;
    size_t n = data[0] % 90 < size - 1 ? data[0] % 90 : size - 1;
    snprintf(type, sizeof type, "multipart/form-data; boundary=%.*s", (int)n,
             (const char *)data + 1);
    const char *body = (const char *)data + 1 + n, *end = (const char *)data + size;
    if (desk_multipart_parse(type, body, (size_t)(end - body), &m))
        return 0;
    for (size_t i = 0; i < m.n; i++) {
        must(m.parts[i].data >= body && m.parts[i].len <= (size_t)(end - m.parts[i].data));
        must(strlen(m.parts[i].name) < DESK_MULTIPART_NAME);
    }
    if (!memmem(body, (size_t)(end - body), BOUNDARY,
                sizeof BOUNDARY - 1)) /* the writer's promise */
        again(&m);
    return 0;
}
