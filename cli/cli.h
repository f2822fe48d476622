/* The frontdesk command: its subcommands. Each is one row in main.c and one function here. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdio.h>

/* argv[0] is the subcommand's name. Returns the exit status: 0 well, 1 not, 2 wrongly asked. */
int cmd_call(int argc, char **argv);
void cmd_call_help(FILE *out); /* the page of `frontdesk help call` */

int cmd_run(int argc, char **argv);
int cmd_demo(int argc, char **argv);
int cmd_doctor(int argc, char **argv);
int cmd_db(int argc, char **argv);
int cmd_business(int argc, char **argv);
int cmd_contact(int argc, char **argv);
int cmd_user(int argc, char **argv);
int cmd_token(int argc, char **argv);
int cmd_outbox(int argc, char **argv);
int cmd_sms(int argc, char **argv);
int cmd_settings(int argc, char **argv);
int cmd_calendar(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_prices(int argc, char **argv);
int cmd_exceptions(int argc, char **argv);
int cmd_export(int argc, char **argv);
int cmd_callbacks(int argc, char **argv);
int cmd_reindex(int argc, char **argv);
int cmd_reminders(int argc, char **argv);
int cmd_latency(int argc, char **argv);
int cmd_recording(int argc, char **argv);
int cmd_route(int argc, char **argv);
int cmd_judge(int argc, char **argv);
int cmd_numbers(int argc, char **argv);
int cmd_webhooks(int argc, char **argv);
int cmd_telegram(int argc, char **argv);
int cmd_dtools(int argc, char **argv);
int cmd_secrets(int argc, char **argv);
int cmd_practice(int argc, char **argv);
int cmd_check(int argc, char **argv);

#endif
