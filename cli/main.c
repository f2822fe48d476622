/* frontdesk: one command for the machine's admin. This file knows the subcommands and nothing else. */
#include "cli/cli.h"
#include "base/config.h"
#include "base/log.h"

#include <stdbool.h>
#include <string.h>

static const struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *help;           /* one line */
    const char *details;        /* the page of `frontdesk help NAME`, or NULL */
    void (*print)(FILE *out);   /* the same, when it is made from a table, or NULL */
} commands[] = {
    {.name = "call",
     .run = cmd_call,
     .help = "place a practice call: a phone simulator that plays Twilio and the caller",
     .print = cmd_call_help},
};

#define COMMANDS (sizeof commands / sizeof commands[0])

static const struct command *command_find(const char *name)
{
    for (size_t i = 0; i < COMMANDS; i++) {
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    }
    return NULL;
}

static void usage(FILE *out)
{
    fputs("usage: frontdesk COMMAND [OPTIONS]\n\n", out);
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(out, "  %-10s %s\n", commands[i].name, commands[i].help);
    fputs("  help       this page, or help COMMAND\n", out);
}

static int help(const char *name)
{
    const struct command *cmd = name ? command_find(name) : NULL;

    if (!name) {
        usage(stdout);
        return 0;
    }
    if (!cmd) {
        fprintf(stderr, "frontdesk: no command \"%s\"\n\n", name);
        usage(stderr);
        return 2;
    }
    printf("frontdesk %s: %s\n", cmd->name, cmd->help);
    if (cmd->details)
        printf("\n%s", cmd->details);
    if (cmd->print) {
        fputc('\n', stdout);
        cmd->print(stdout);
    }
    return 0;
}

static bool is_help(const char *word)
{
    return strcmp(word, "help") == 0 || strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

int main(int argc, char **argv)
{
    const struct command *cmd;
    char why[256] = "";

    if (argc < 2) {
        usage(stderr);
        return 2;
    }
    if (is_help(argv[1]))
        return help(argc > 2 ? argv[2] : NULL);
    cmd = command_find(argv[1]);
    if (!cmd)
        return help(argv[1]);
    if (argc > 2 && (strcmp(argv[2], "--help") == 0 || strcmp(argv[2], "-h") == 0))
        return help(argv[1]);
    if (desk_settings_load(NULL, why, sizeof why) != DESK_OK) {
        fprintf(stderr, "frontdesk: %s\n", why);
        return 2;
    }
    desk_log_init("cli", desk_log_level_parse(desk_setting(DESK_S_LOG_LEVEL)));
    return cmd->run(argc - 1, argv + 1);
}
