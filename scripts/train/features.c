/* The features of texts for scripts/train-linear.mjs, so that training and judging read alike.
 * stdin: label TAB text [TAB tags] a line. stdout: a line of hash:value pairs for each. */
#include "core/linear.h"
#include "core/emergency_read.h"

#include <stdio.h>
#include <stdlib.h>
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
    static struct desk_emergency_read r;
    while (fgets(line, sizeof line, stdin)) {
        char *rest = line;
        line[strcspn(line, "\r\n")] = '\0';
        strsep(&rest, "\t");
        const char *text = strsep(&rest, "\t");
        char *list = strsep(&rest, "\t");
        desk_emergency_read(&r, list, text);
        if (getenv("TAGS")) {
            for (size_t i = 0; i < r.n_tags; i++)
                printf("%s ", r.tag[i]);
            putchar('\n');
            continue;
        }
        desk_linear_features(&r.words, r.tag, r.n_tags, print_feature, NULL);
        putchar('\n');
    }
    return 0;
}
