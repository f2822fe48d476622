/* The floor of a webhook: a FastCGI program of as many threads as ours has that reads the request
 * and answers with nothing, whatever was asked. Listens on fd 0, as ours do (tests/web/serve.c). */
#include <fcgiapp.h>
#include <pthread.h>
#include <stddef.h>

#define THREADS 4

static void *serve(void *ctx)
{
    char body[8192];
    FCGX_Request r;
    (void)ctx;
    FCGX_InitRequest(&r, 0, 0);
    while (FCGX_Accept_r(&r) == 0) {
        while (FCGX_GetStr(body, sizeof body, r.in) == (int)sizeof body)
            ;
        FCGX_PutS("Content-Type: text/xml\r\nContent-Length: 11\r\n\r\n<Response/>", r.out);
        FCGX_Finish_r(&r);
    }
    return NULL;
}

int main(void)
{
    pthread_t t[THREADS];
    if (FCGX_Init())
        return 1;
    for (int i = 0; i < THREADS; i++)
        if (pthread_create(&t[i], NULL, serve, NULL))
            return 1;
    for (int i = 0; i < THREADS; i++)
        pthread_join(t[i], NULL);
    return 0;
}
