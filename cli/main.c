/* frontdesk: one command for the machine's admin. This file knows the subcommands and nothing else.
 */
#include "cli/cli.h"
#include "cli/judge.h"
#include "cli/secrets.h"
#include "base/config.h"
#include "base/log.h"

#include <stdbool.h>
#include <string.h>

static const struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *help;         /* one line */
    const char *details;      /* the page of `frontdesk help NAME`, or NULL */
    void (*print)(FILE *out); /* the same, when it is made from a table, or NULL */
    bool unset;               /* runs with settings that do not fit, too */
    bool bare;                /* needs no secrets of a vault, or reads them by itself */
} commands[] = {
    {.name = "run",
     .run = cmd_run,
     .bare = true,
     .help = "start the whole front desk in the foreground; Ctrl-C stops it",
     .details =
         "  --quiet    output of the programs goes to run/log in the data folder\n\n"
         "At first start it makes the data folder, the data key, the database, an example "
         "business\n"
         "and the owner's login, and says so once. A program that dies is started again.\n"
         "SIGHUP makes nginx read its files again. `frontdesk settings show`: what is set.\n"},
    {.name = "demo",
     .run = cmd_demo,
     .bare = true,
     .help = "start everything in a temporary folder, place one call, show it, stop",
     .details = "  --keep          keep the folder (database, key, logs)\n"
                "  --script FILE   what the caller does (default tests/audio/demo.script)\n"},
    {.name = "call",
     .run = cmd_call,
     .help = "place a practice call: a phone simulator that plays Twilio and the caller",
     .print = cmd_call_help},
    {.name = "practice",
     .run = cmd_practice,
     .help = "practice FILE|FOLDER: scripted callers talk to a copy of the business",
     .details =
         "  --business SLUG   whose copy, when there are several businesses\n"
         "  --filter WORD     only callers with it in their id, title or tags\n"
         "  --json            one line of JSON for each: facts, words, and what is not right\n"
         "  --keep            keep the folder: a data folder for each caller\n"
         "  --voice           by telephone: the whole stack, spoken words, the offline engine's "
         "ear\n"
         "  --model           the text model that is set up may think; else the rules do, "
         "offline\n\n"
         "Each caller (a JSON file; tests/eval/README.md tells the format) talks to a copy of the\n"
         "business's settings at a set time, and what the copy holds afterwards is compared with\n"
         "what the file expects. Where there is no database, the example business that the file\n"
         "names is played. Nothing is sent, and nothing of the business changes. Exit 0: all of\n"
         "them end as they should.\n"},
    {.name = "check",
     .run = cmd_check,
     .unset = true,
     .help = "check [NAME …]: is everything well? settings, database, network, Twilio, model, disk",
     .details =
         "  --json       as JSON\n"
         "  --limit S    no check takes longer than S seconds\n\n"
         "settings   every value fits            signature  a signed webhook is taken\n"
         "database   whole, ours, up to date     stream     audio reaches the bridge\n"
         "disk       room in the data folder     model      the voice would answer\n"
         "clock      against the world's         twilio     account and token\n"
         "public     name, certificate, pages    webhooks   numbers point here\n\n"
         "Says what is wrong and what to do. Exit 0: nothing fails (warnings may be), 1: something "
         "does.\n"},
    {.name = "doctor",
     .run = cmd_doctor,
     .help = "doctor signature: does a webhook's Twilio signature hold, and if not, why",
     .details =
         "frontdesk doctor signature --url URL --signature SIG [--body-file FILE] [--token TOKEN]\n"
         "                           [--method GET|POST] [--content-type TYPE]\n\n"
         "  --url           the address as it is written at Twilio, with its query\n"
         "  --signature     value of the header X-Twilio-Signature\n"
         "  --body-file     raw body as it came (- = standard input); without it a GET\n"
         "  --token         auth token; default TWILIO_AUTH_TOKEN and the secondary one\n"
         "  --content-type  default: a form; JSON when the query has bodySHA256\n\n"
         "Prints every form of the address that was tried. Exit 0: genuine, 1: not.\n"},
    {.name = "db",
     .run = cmd_db,
     .help = "db check: integrity, schema, key; db migrate: bring the schema up to date; db backup",
     .details =
         "  check                    file, integrity, schema, key, sealed values, recordings\n"
         "  migrate                  the schema up to date; makes what is missing\n"
         "  backup FOLDER [--keep N] the database as it is now, and recordings and pictures, "
         "while\n"
         "                           all goes on. Nothing is opened: what is sealed stays sealed,\n"
         "                           and data.key is not in it. Older than the newest N (14) go\n\n"
         "Back from a backup: stop Frontdesk; put one of its frontdesk-….db into the data folder "
         "as\n"
         "frontdesk.db (and no frontdesk.db-wal beside it), the folders recordings and pictures "
         "with\n"
         "it, and data.key; then `frontdesk db check`.\n"},
    {.name = "business",
     .run = cmd_business,
     .help = "business add|check|update FILE, list, show, except, pin: who is answered for",
     .details =
         "  add FILE       a new business out of its file; businesses/*.json are some to copy\n"
         "  check FILE…    says line by line what does not fit businesses/schema.json\n"
         "  update FILE    the business of the same slug gets what the file says; calls stay\n"
         "  list           slugs, names and numbers\n"
         "  show [SLUG]    what is known of it and holds now; --json: the file to update it with\n"
         "  except SLUG    a dated exception, which ends by itself:\n"
         "    --from 2026-10-12 [--to 2026-10-18]   which days\n"
         "    --closed, or --open 10:00-14:00       which hours\n"
         "    --away NAME                           who is not rung\n"
         "    --label TEXT, --branch NAME           why; at one branch only\n"
         "    --remove                              takes away what begins on --from\n"
         "  pin [SLUG]     a new PIN that the owner's own calls are asked for, shown once\n"
         "    --pin-stdin                           take it from standard input: 4 to 8 digits\n"
         "    --remove                              the owner is answered like anybody\n"},
    {.name = "numbers",
     .run = cmd_numbers,
     .help = "numbers sync: point a business's numbers at Twilio to this front desk",
     .details = "  --business SLUG    whose, when there are several businesses\n"
                "  --dry-run          show what differs, change nothing\n"
                "  --yes              do not ask\n"
                "  --no-probe         also when PUBLIC_BASE_URL does not answer (yet)\n\n"
                "Finds or makes a TwiML application named after the host of PUBLIC_BASE_URL, and "
                "points\n"
                "the business's numbers (calls, texts, reports, fallback) at it and at our "
                "addresses.\n"
                "Other numbers of the account are not touched. The second time there is nothing "
                "to do.\n"},
    {.name = "contact",
     .run = cmd_contact,
     .help = "contact list, show, add, set, merge, consent, import, export: what is remembered",
     .details =
         "  list [WORD]             last seen first; only those in whom WORD is found\n"
         "  show ID|NUMBER          all that is known, and who said it; --json\n"
         "  add NUMBER --name …     somebody who has not called yet\n"
         "  set ID|NUMBER --name …  write it down by hand: no caller's word replaces it; \"\" "
         "takes "
         "it away\n"
         "  merge KEEP GONE         two are one: calls, callbacks and the rest go over to KEEP\n"
         "  consent NUMBER calls|greetings yes|no   may a machine call them? may they be greeted "
         "on\n                          birthdays and anniversaries (VIP_GREETINGS)?\n"
         "  import FILE.csv         by the numbers in the column \"phone\"; known ones are "
         "changed,\n"
         "                          so it may be run again; --dry-run: only say what would be\n"
         "  export [FILE.csv]       a new file, or to the standard output\n\n"
         "  --name --company --email --birthday --anniversary (1980-05-14, or 05-14)\n"
         "  --preferred call|text|email   --language es   --standing vip|vendor|blocked|none   "
         "--address TEXT\n"
         "  --systems --tags --crm (lists with commas)   --notes TEXT\n"
         "  --business SLUG         whose, when there are several businesses\n"},
    {.name = "user",
     .run = cmd_user,
     .help = "user add|password|role|reset-totp LOGIN, user list: who may sign in",
     .details = "  --business SLUG     whose, when there are several businesses\n"
                "  --password-stdin    take the password from standard input; else one is made\n"},
    {.name = "token",
     .run = cmd_token,
     .help = "token new NAME: a secret for a REST client",
     .details = "  --scope \"WORD …\"    what it may do: read, write, and personal: names, numbers "
                "and\n                     words of people (default \"read personal\")\n"
                "  --business SLUG    whose, when there are several businesses\n"},
    {.name = "outbox",
     .run = cmd_outbox,
     .help =
         "outbox list: what could not be sent; outbox retry ID, outbox drop ID: again, or never",
     .details =
         "  list    what was given up, and what may have been sent or not; --all: everything\n"
         "  retry   --anyway: also when it may have been sent before\n"
         "  drop    not to be sent any more\n"
         "  --business SLUG    whose, when there are several businesses\n"},
    {.name = "sms",
     .run = cmd_sms,
     .help = "sms list, render NAME k=v, send --to NUMBER NAME k=v, stop NUMBER: the texts we send",
     .details =
         "  list      the texts by name, and the values that each takes\n"
         "  render    show the words, how they are encoded, and in how many segments they go\n"
         "  send      put it into the outbox, from which it is sent\n"
         "  --from NUMBER      ours; the business's first one is the default\n"
         "  --key KEY          the same key a second time sends nothing\n"
         "  --business SLUG    whose, when there are several businesses\n"},
    {.name = "calendar",
     .run = cmd_calendar,
     .help = "calendar list|slots|book|move|cancel|feed: appointments",
     .details =
         "  list [--from 2026-10-12] [--days N] [--all]   what stands; --all: what was given up, "
         "too\n"
         "  slots --service NAME [--when WORDS]           free times, like \"tuesday "
         "afternoon\"\n"
         "  book --service NAME --at \"2026-10-14 14:00\" --name NAME\n"
         "       [--number +1…] [--address TEXT] [--notes TEXT]\n"
         "  move ID --at \"2026-10-15 09:00\"\n"
         "  cancel ID, done ID\n"
         "  feed [SLUG]    a new secret address of the whole calendar, in place of the old one;\n"
         "                 --off: none any more\n"
         "  --with NAME            who comes, where staff have calendars of their own\n"
         "  --anyway               outside of hours, too; never over another appointment\n"
         "  --business SLUG, --branch NAME    whose, when there are several\n"},
    {.name = "callbacks",
     .run = cmd_callbacks,
     .help = "callbacks [list|done ID|ring ID]: who was promised a call back, and when it is due",
     .details = "  --missed           only those that are overdue\n"
                "  ring ID            your phone is rung; press 1 to be put through to them\n"
                "  --business SLUG    whose, when there are several businesses\n\n"
                "A call back is done when somebody of the business is put through to that number "
                "by\nFrontdesk, texts it (frontdesk sms send), or takes their next call.\n"},
    {.name = "telegram",
     .run = cmd_telegram,
     .help = "telegram link, list, unlink ID: who may ask the Telegram bot",
     .details =
         "  link               a code, used once, that makes a private chat with the bot yours:\n"
         "                     it answers /callbacks, /search, /digest, /status, /hours, /mute\n"
         "                     and questions in plain words; nobody else is answered at all\n\n"
         "  --user LOGIN       whose chat it is, when several people may sign in\n"
         "  --business SLUG    whose, when there are several businesses\n"},
    {.name = "dtools",
     .run = cmd_dtools,
     .help = "dtools try LEAD: what a lead would become in D-Tools Cloud",
     .details = "  --look             look there whether it is known already; nothing is written\n"
                "  --business SLUG    whose, when there are several businesses\n"},
    {.name = "webhooks",
     .run = cmd_webhooks,
     .help = "webhooks [list|add URL|test ID|…]: who is told of what happens, by HTTPS",
     .details =
         "  add URL            the secret that it is signed with is shown only then\n"
         "  set ID, on ID, off ID, remove ID\n"
         "  test ID            send it a test event; also to one that is off\n"
         "  sent ID            what was sent to it, newest first, and what came of it\n"
         "  again ID DELIVERY  one of them once more, under the same webhook-id\n"
         "  rotate ID          a new secret; the one before signs, too, for a day\n\n"
         "  --events NAMES     those that it wants, a space between (`webhooks events` names "
         "them);\n"
         "                     else all\n"
         "  --format flat      all in one level, for Zapier and Make; else standard\n"
         "  --personal yes     names, numbers and words of people are sent, too\n"
         "  --business SLUG    whose, when there are several businesses\n\n"
         "By Standard Webhooks (standardwebhooks.com). https to public addresses only; "
         "WEBHOOK_ALLOW\n"
         "names exceptions. One that fails for three days is switched off, and you are told.\n"},
    {.name = "reminders",
     .run = cmd_reminders,
     .help = "reminders [calls]: send those before appointments that are due now; the calls made",
     .details = "  --dry-run          only say which\n"
                "  calls              who was called, and what came of it\n"
                "  --business SLUG    whose, when there are several businesses\n"},
    {.name = "recording",
     .run = cmd_recording,
     .help = "recording list, recording export ID FILE, recording erase ID: recorded calls",
     .details = "  --business SLUG   whose, when there are several businesses\n"
                "  FILE              a new WAV: caller left, receptionist right; - = standard "
                "output\n"
                "  --force           erase one that seems to be still being made\n\n"
                "Whole calls are recorded where RECORD_CALLS says so and CONSENT_RULE lets it.\n"},
    {.name = "settings",
     .run = cmd_settings,
     .bare = true,
     .help = "settings show: what is set, secrets hidden; settings example: all there are",
     .details =
         "frontdesk settings set BUSINESS NAME VALUE     for one business\n"
         "frontdesk settings unset BUSINESS NAME         as the machine's again\n"
         "frontdesk settings apply                       TWILIO_PHONE_NUMBER and\n"
         "                   OWNER_CELL_NUMBER to the business, as `run` does at its start\n"},
    {.name = "secrets",
     .run = cmd_secrets,
     .bare = true,
     .help = "secrets check: which secrets HashiCorp Vault or Azure Key Vault has for us",
     .details =
         "  check           by name, never their values\n"
         "  fetch FOLDER    each into a file of its own, and their names into FOLDER/env: what\n"
         "                  frontdesk-setup.service does for the other programs\n\n"
         "SECRETS_FROM and the settings after it (.env.example) say where they are. `frontdesk "
         "run`\n"
         "reads them at its start and hands them to its programs in memory.\n"},
    {.name = "reindex",
     .run = cmd_reindex,
     .help = "reindex: make all that was said and written searchable anew; may run beside the rest",
     .details = "  --business SLUG    whose, when there are several businesses\n\n"
                "What comes in is searchable at once; this is for what was there before, and after "
                "a\nchange of how words are cut. Newest first, in small steps; once more does no "
                "harm.\n"},
    {.name = "route",
     .run = cmd_route,
     .help = "route --from NUMBER: what would happen with a call, and why",
     .details =
         "  --from NUMBER       who calls, like +14155550134; withheld: hides the number\n"
         "  --at TIME           like \"2026-11-20 10:15\" where the business is; default now\n"
         "  --text WORDS        the first words that are said\n"
         "  --verstat WORD      the carrier's word for the number: TN-Validation-Passed-A …\n"
         "  --outbound          a call that we make\n"
         "  --business SLUG     whose, when there are several businesses\n"
         "  --branch NAME       which of its branches; default the main one\n"
         "  --json              as JSON\n\n"
         "Decided as a live call is, by what the database knows now of the number: contact,\n"
         "exceptions, blocked numbers, habits. Nothing is written.\n"},
    {.name = "judge",
     .run = cmd_judge,
     .bare = true,
     .help = "judge SET FILE.jsonl: what each line of an evaluation set comes to",
     .print = cmd_judge_help},
    {.name = "latency",
     .run = cmd_latency,
     .help = "how long callers waited for an answer, by day",
     .details = "  --days N            the last N days (default 7)\n"
                "  --business SLUG     whose, when there are several businesses\n"},
    {.name = "report",
     .run = cmd_report,
     .help = "what happened: calls, outcomes, when they call, callbacks, waits; and the digests",
     .details =
         "  --days N            the last N days (default 7)\n"
         "  --month 2026-11     that month\n"
         "  --branch NAME       of one branch only\n"
         "  --digest daily|weekly   as the owner would be told of the latest one\n"
         "  --sent              the digests that were written (with --digest weekly: those)\n"
         "  --json              as JSON\n"
         "  --business SLUG     whose, when there are several businesses\n"},
    {.name = "prices",
     .run = cmd_prices,
     .help = "what models and the telephone line cost; each from a day on",
     .details = "  list                US dollars: for a million tokens, for a minute\n"
                "  set MODEL UNIT DOLLARS    like: set gpt-6-luna text_in 0.10 --from 2026-12-01\n"
                "  remove MODEL UNIT   with --from: the price of that very day\n"
                "  --from DAY          from which day on (default today)\n"
                "  --source WORDS      where the figure is from\n"
                "  --all               for all businesses; else for this one\n"
                "  --business SLUG     whose, when there are several businesses\n\n"
                "Calls that are over keep the cost that was reckoned for them.\n"},
    {.name = "exceptions",
     .run = cmd_exceptions,
     .help = "exceptions [list|add|check|remove]: who is put through at once, over the REST API",
     .details =
         "  add NUMBER NAME [CATEGORY]   category: family, friends, work …\n"
         "  check NUMBER                 exit 0: it is on the list, 1: it is not\n"
         "  remove NUMBER\n\n"
         "Without a word it asks what to do. In .env or the environment: BASE_URL, the front "
         "desk,\nand API_TOKEN, of \"frontdesk token new exceptions --scope \"read write "
         "personal\"\".\n"},
    {.name = "export",
     .run = cmd_export,
     .help = "export calls: a CSV file for spreadsheets",
     .details = "  calls --days N      calls of the last N days (default 30)\n"
                "  calls --month 2026-11\n"
                "  --out FILE.csv      a new file; else to the standard output\n"
                "  --business SLUG     whose, when there are several businesses\n\n"
                "Contacts: frontdesk contact export.\n"},
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
    char why[400] = "";

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
    if (desk_settings_load(NULL, why, sizeof why) != DESK_OK && !cmd->unset) {
        fprintf(stderr, "frontdesk: %s\n", why);
        return 2;
    }
    desk_log_init("cli", desk_log_level_parse(desk_setting(DESK_S_LOG_LEVEL)));
    if (!cmd->bare && cli_secrets_load(why, sizeof why)) {
        fprintf(stderr, "frontdesk: %s\n", why);
        if (!cmd->unset)
            return 1;
    }
    return cmd->run(argc - 1, argv + 1);
}
