/* See dictionary.h. An open-addressing table of line numbers' places in the mapped file. */
#include "speech/dictionary.h"

#include "base/log.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_FILE   (64 * 1024 * 1024) /* places are 32 bits wide, and this is plenty */
#define MAX_WORD   80
#define MAX_PHONES 400
#define MAX_WAYS   9 /* pronunciations of one word */

struct desk_dictionary {
    const char *text;
    size_t n;
    uint32_t *rows; /* place of a line + 1; 0 = free */
    size_t cap;     /* a power of two, more than there are lines */
};

static size_t word_length(const char *line, const char *end)
{
    const char *p = line;
    while (p < end && *p != ' ' && *p != '\t' && *p != '\n')
        p++;
    return (size_t)(p - line);
}

/* The row of a word, or the free one where it would be. */
static uint32_t *row_of(const struct desk_dictionary *d, const char *word, size_t n)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < n; i++)
        h = (h ^ (unsigned char)word[i]) * 16777619u;
    for (size_t i = h & (d->cap - 1);; i = (i + 1) & (d->cap - 1)) {
        const char *line = d->text + d->rows[i] - 1;
        if (!d->rows[i] || (word_length(line, d->text + d->n) == n && memcmp(line, word, n) == 0))
            return &d->rows[i];
    }
}

static bool index_make(struct desk_dictionary *d)
{
    const char *end = d->text + d->n, *line = d->text;
    size_t lines = 1;
    for (size_t i = 0; i < d->n; i++)
        lines += d->text[i] == '\n';
    for (d->cap = 16; d->cap < lines * 3 / 2;)
        d->cap *= 2;
    d->rows = calloc(d->cap, sizeof *d->rows);
    while (d->rows && line < end) {
        const char *stop = memchr(line, '\n', (size_t)(end - line));
        size_t n = word_length(line, end);
        if (n > 0)
            *row_of(d, line, n) = (uint32_t)(line - d->text) + 1;
        line = stop ? stop + 1 : end;
    }
    return d->rows != NULL;
}

static bool map(struct desk_dictionary *d, const char *path)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool ok = fd >= 0 && fstat(fd, &st) == 0 && st.st_size > 0 && st.st_size < MAX_FILE;
    void *text = ok ? mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0) : MAP_FAILED;
    if (fd >= 0)
        close(fd);
    if (text == MAP_FAILED)
        return false;
    d->text = text;
    d->n = (size_t)st.st_size;
    return true;
}

struct desk_dictionary *desk_dictionary_open(const char *path)
{
    struct desk_dictionary *d = calloc(1, sizeof *d);
    if (d && map(d, path) && index_make(d))
        return d;
    desk_log_errno(DESK_LOG_ERROR, "stt.no_dictionary", "path=%s", path);
    desk_dictionary_close(d);
    return NULL;
}

void desk_dictionary_close(struct desk_dictionary *d)
{
    if (!d)
        return;
    if (d->text)
        munmap((void *)(uintptr_t)d->text, d->n);
    free(d->rows);
    free(d);
}

size_t desk_dictionary_find(const struct desk_dictionary *d, const char *word,
                            void (*said)(void *ctx, const char *name, const char *phones),
                            void *ctx)
{
    char name[MAX_WORD + 8], phones[MAX_PHONES];
    const char *end = d->text + d->n;
    size_t ways = 0;
    if (strlen(word) > MAX_WORD || strpbrk(word, " \t\n("))
        return 0;
    for (int n = snprintf(name, sizeof name, "%s", word); ways < MAX_WAYS;
         n = snprintf(name, sizeof name, "%s(%zu)", word, ways + 1)) {
        uint32_t row = *row_of(d, name, (size_t)n);
        if (!row)
            break;
        const char *from = d->text + row - 1 + n;
        while (from < end && (*from == ' ' || *from == '\t'))
            from++;
        const char *stop = memchr(from, '\n', (size_t)(end - from));
        snprintf(phones, sizeof phones, "%.*s", (int)((stop ? stop : end) - from), from);
        said(ctx, name, phones);
        ways++;
    }
    return ways;
}
