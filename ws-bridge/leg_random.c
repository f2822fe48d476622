/* Random bytes for libwebsockets, in the place of its own function: 4.1.6 reads /dev/urandom for the
 * mask of every frame that goes to a model (lib/roles/ws/ops-ws.c, lib/plat/unix/unix-misc.c), which
 * is a system call for each 20 ms of each call. These are the kernel's too, a page at a time, and
 * each is given out once. The dynamic linker takes a program's function before a library's; should a
 * later version not go through it, nothing changes but the cost. */
#include <libwebsockets.h>
#include <string.h>
#include <sys/random.h>

#define PAGE 4096

/* Called on the loop's thread only, as all of libwebsockets is. */
size_t lws_get_random(struct lws_context *context, void *buf, size_t len)
{
    static unsigned char page[PAGE];
    static size_t left;
    (void)context;
    if (len > PAGE)
        return 0; /* a short answer is an error to libwebsockets */
    if (len > left) {
        if (getrandom(page, PAGE, 0) != PAGE)
            return 0;
        left = PAGE;
    }
    left -= len;
    memcpy(buf, page + left, len);
    explicit_bzero(page + left, len);
    return len;
}
