/* Files that go out, as /v1/exports tells of them: jobs of store/jobs.h. */
#ifndef API_EXPORTS_H
#define API_EXPORTS_H

#include "cgi-bin/api/rest.h"

struct api_export {
    const char *id, *kind, *state;
    int64_t lines; /* written so far */
    const char *words, *file;
    int64_t created_at, ended_at;
};

extern const struct desk_page api_page_exports;

#endif
