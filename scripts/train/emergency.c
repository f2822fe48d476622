/* As features.c, for the emergency model: the tags column is the kind of business, and what the
 * rules make of the text is added as core/emergency.c does. With an argument the tags are printed.
 */
#include "core/emergency_read.h"
#include "core/linear.h"

#include <stdio.h>
#include <string.h>

#define MAX_LINE 16384

static void print_feature(void *ctx, uint32_t hash, int value)
{
    (void)ctx;
    printf("%x:%d ", (unsigned)hash, value);
}

int main(int argc, char **argv)
{
    static char line[MAX_LINE];
    static struct desk_emergency_read r;
    (void)argv;
    while (fgets(line, sizeof line, stdin)) {
        char *rest = line;
        line[strcspn(line, "\r\n")] = '\0';
        strsep(&rest, "\t");
        const char *text = strsep(&rest, "\t");
        const char *kind = strsep(&rest, "\t");
        desk_emergency_read(&r, kind ? kind : "", text);
        if (argc == 1)
            desk_linear_features(&r.words, r.tag, r.n_tags, print_feature, NULL);
        for (size_t i = 0; argc > 1 && i < r.n_tags; i++)
            printf("%s ", r.tag[i]);
        putchar('\n');
    }
    return 0;
}
