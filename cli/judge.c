/* frontdesk judge SET FILE: one prediction per line of an evaluation set, for scoring. */
#include "cli/judge.h"
#include "cli/cli.h"
#include "cli/sub.h"
#include "base/limits.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* All that a live call would have: nothing else of a line reaches a judge. */
static const struct {
    const char *key;
    size_t offset;
} fields[] = {
#define FIELD(name)                                                                                \
    {                                                                                              \
#name, offsetof(struct judge_line, name)                                                   \
    }
    FIELD(business), FIELD(text), FIELD(local_time), FIELD(caller), FIELD(direction),
    FIELD(now),      FIELD(zone), FIELD(profile),    FIELD(input),  FIELD(default_country),
#undef FIELD
};

static void take_fields(const json_t *row, const char *file, struct judge_line *l)
{
    memset(l, 0, sizeof *l);
    l->file = file;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        *(const char **)((char *)l + fields[i].offset) =
            json_string_value(json_object_get(row, fields[i].key));
}

/* The prediction of one line as JSON, which the caller frees; NULL: why says what is wrong. */
static char *predict(const struct judge_set *set, const char *file, const char *text, size_t len,
                     char *why, size_t n)
{
    json_error_t at;
    struct judge_line l;
    char *printed = NULL;
    json_t *row = json_loadb(text, len, 0, &at);
    json_t *id = json_object_get(row, "id"), *out = json_object();
    if (!row)
        snprintf(why, n, "it is not JSON: %s", at.text);
    else if (!json_is_string(id))
        snprintf(why, n, "it has no \"id\"");
    else if (out && json_object_set(out, "id", id) == 0) {
        size_t fields_of_ours = json_object_size(out);
        take_fields(row, file, &l);
        if (set->judge(&l, out, why, n)) {
            snprintf(why, n, "the prediction cannot be written as JSON");
            if (json_object_size(out) > fields_of_ours)
                printed = json_dumps(out, JSON_COMPACT | JSON_PRESERVE_ORDER);
        }
    }
    json_decref(out);
    json_decref(row);
    return printed;
}

static bool blank(const char *text, size_t len)
{
    return strspn(text, " \t\r\n") >= len;
}

static int judge_lines(const struct judge_set *set, const char *file, FILE *in)
{
    char *text = NULL, why[300];
    size_t cap = 0;
    ssize_t len;
    int status = 0;
    for (unsigned long number = 1; (len = getline(&text, &cap, in)) >= 0; number++) {
        if (blank(text, (size_t)len))
            continue;
        snprintf(why, sizeof why, "it is longer than %d bytes", DESK_MAX_JUDGE_LINE);
        char *line = len > DESK_MAX_JUDGE_LINE
                         ? NULL
                         : predict(set, file, text, (size_t)len, why, sizeof why);
        if (line)
            puts(line);
        else
            status = cli_fail("line %lu of %s: %s", number, file, why);
        free(line);
    }
    if (ferror(in))
        status = cli_fail("%s cannot be read to its end", file);
    free(text);
    if (fflush(stdout) != 0)
        status = cli_fail("the predictions cannot be written: %s", strerror(errno));
    return status;
}

static int unknown_set(const char *name)
{
    fprintf(stderr, "frontdesk: there is no set \"%s\"; there are:", name);
    for (const struct judge_set *s = judge_sets; s->name; s++)
        fprintf(stderr, " %s", s->name);
    fputc('\n', stderr);
    return 2;
}

int cmd_judge(int argc, char **argv)
{
    if (argc != 3)
        return cli_usage("judge wants a set and a file, like: judge emergency FILE.jsonl "
                         "(- = standard input)");
    const struct judge_set *set = judge_sets;
    while (set->name && strcmp(set->name, argv[1]) != 0)
        set++;
    if (!set->name)
        return unknown_set(argv[1]);
    bool standard = strcmp(argv[2], "-") == 0;
    FILE *in = standard ? stdin : fopen(argv[2], "re");
    if (!in)
        return cli_fail("%s cannot be read: %s", argv[2], strerror(errno));
    int status = judge_lines(set, argv[2], in);
    if (!standard)
        fclose(in);
    return status;
}

void cmd_judge_help(FILE *out)
{
    fputs("  frontdesk judge SET FILE.jsonl     (- = standard input)\n\n  SET is one of:", out);
    for (const struct judge_set *s = judge_sets; s->name; s++)
        fprintf(out, " %s", s->name);
    fputs("\n\n"
          "Prints one prediction per line: the id of the line, and what the front desk would do.\n"
          "Only what a live call would have is looked at (text, business, local_time, caller,\n"
          "direction, now, zone, profile, input, default_country). A line that cannot be judged\n"
          "is named by its number, and the exit status is 1. `make judge` scores the sets in\n"
          "tests/eval.\n",
          out);
}
