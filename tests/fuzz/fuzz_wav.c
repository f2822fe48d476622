/* WAV files as clients and speech services send them: what is read of one is in the file, and any
 * of it becomes sound. */
#include "core/resample.h"
#include "core/utterance.h"
#include "wire/wav.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int truth)
{
    if (!truth)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct desk_wav w;
    const char *why = NULL;
    if (desk_wav_parse(data, size, &w, &why)) {
        must(why != NULL);
        return 0;
    }
    must(w.data >= data && w.frames * w.bytes * w.channels <= (size_t)(data + size - w.data));
    size_t n = w.frames < 2000 ? w.frames : 2000, len = desk_resample_len(n, w.rate, 8000);
    int16_t *mono = malloc((n + 1) * sizeof *mono), *out = malloc((len + 1) * sizeof *out);
    must(mono && out);
    desk_wav_mono(&w, w.frames - n, n, mono); /* up to the very end */
    desk_resample(mono, n, w.rate, 8000, out);
    must(desk_utterance_next(out, len) <= len);
    free(mono);
    free(out);
    return 0;
}
