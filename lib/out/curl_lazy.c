#include "out/curl_lazy.h"
#include "base/log.h"

#include <dlfcn.h>
#include <string.h>

#define SONAME "libcurl.so.4" /* of the headers this was built with: Debian's libcurl4 */

struct curl_lazy desk_curl;

/* A function's address, which ISO C does not let us take out of a void *. */
static bool find(void *library, const char *name, void *slot, size_t size)
{
    void *at = dlsym(library, name);
    memcpy(slot, &at, size);
    if (!at)
        desk_log(DESK_LOG_ERROR, "http.curl", "missing=%s", name);
    return at != NULL;
}

bool desk_curl_load(void)
{
    void *library = dlopen(SONAME, RTLD_NOW | RTLD_LOCAL); /* stays: curl's threads may end late */
    if (!library) {
        desk_log(DESK_LOG_ERROR, "http.curl", "why=\"%s\"", dlerror());
        return false;
    }
    bool all = true;
#define CURL_LAZY_FIND(name)                                                                       \
    all = find(library, "curl_" #name, &desk_curl.name, sizeof desk_curl.name) && all;
    CURL_LAZY(CURL_LAZY_FIND)
#undef CURL_LAZY_FIND
    return all;
}
