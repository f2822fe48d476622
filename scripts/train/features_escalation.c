/* As features.c, with the facts of core/escalation_facts.h as tags. With an argument the facts are
 * printed instead, to read. */
#include "core/escalation_facts.h"
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
    static struct desk_words ws;
    (void)argv;
    while (fgets(line, sizeof line, stdin)) {
        uint8_t how[E__MAX];
        const char *tags[DESK_ESCALATION_TAGS];
        char *rest = line;
        line[strcspn(line, "\r\n")] = '\0';
        strsep(&rest, "\t");
        const char *text = strsep(&rest, "\t");
        text = text ? text : "";
        desk_words_read(&ws, text);
        desk_escalation_facts(how, &ws, text);
        size_t n = desk_escalation_tags(how, tags);
        for (size_t i = 0; argc > 1 && i < n; i++)
            printf("%s ", tags[i]);
        if (argc == 1)
            desk_linear_features(&ws, tags, n, print_feature, NULL);
        putchar('\n');
    }
    return 0;
}
