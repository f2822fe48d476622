/* "url NUL body": what is signed for a URL verifies for that URL; with another token it does not.
 */
#include "wire/twilio_sig.h"

#include "base/limits.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const right[] = {"token"}, *const wrong[] = {"tokem"};
    char *url = malloc(size + 1), sig[DESK_TWILIO_SIG_LEN];
    struct desk_arena *arena = desk_arena_new(DESK_MAX_REQUEST_ARENA);
    struct desk_twilio_tried tried[DESK_TWILIO_CANDIDATES];
    struct desk_form form = {NULL, 0};
    size_t n;
    if (!url || !arena)
        goto out;
    if (size)
        memcpy(url, data, size);
    url[size] = '\0';
    size_t len = strlen(url);
    if (len < size && desk_form_parse(&form, arena, url + len + 1, size - len - 1) == DESK_ENOMEM)
        goto out;
    bool plain = strstr(url, "://") && !strpbrk(url, "#@") && strncasecmp(url, "wss:", 4) != 0;
    if (desk_twilio_sign(url, &form, right[0], sig) != DESK_OK)
        goto out;
    struct desk_twilio_check check = {.method = "POST",
                                      .url = url,
                                      .form = &form,
                                      .signature = sig,
                                      .tokens = right,
                                      .n_tokens = 1};
    enum desk_rc rc = desk_twilio_verify(&check, tried, DESK_TWILIO_CANDIDATES, &n);
    if (plain && len < 16000 && rc != DESK_OK)
        abort();
    check.tokens = wrong;
    if (desk_twilio_verify(&check, NULL, 0, NULL) == DESK_OK)
        abort();
out:
    desk_arena_free(arena);
    free(url);
    return 0;
}
