/* The features of texts for scripts/train-linear.mjs, so that training and judging read alike.
 * stdin: label TAB text [TAB tags] a line. stdout: a line of hash:value pairs for each. */
#include "core/linear.h"

#include <stdio.h>
#include <string.h>

#define MAX_LINE 16384
#define MAX_TAGS 64

static void print_feature(void *ctx, uint32_t hash, int value)
{
    (void)ctx;
    printf("%x:%d ", (unsigned)hash, value);
}

int main(void)
{
    static char line[MAX_LINE];
    static struct desk_words ws;
    while (fgets(line, sizeof line, stdin)) {
        const char *tags[MAX_TAGS];
        size_t n = 0;
        char *rest = line;
        line[strcspn(line, "\r\n")] = '\0';
        strsep(&rest, "\t");
        const char *text = strsep(&rest, "\t");
        char *list = strsep(&rest, "\t");
        for (char *t = strsep(&list, " "); t && n < MAX_TAGS; t = strsep(&list, " "))
            if (*t)
                tags[n++] = t;
        desk_words_read(&ws, text);
        desk_linear_features(&ws, tags, n, print_feature, NULL);
        putchar('\n');
    }
    return 0;
}
