/* frontdesk db backup: all that must not be lost, into a folder. */
#ifndef CLI_BACKUP_H
#define CLI_BACKUP_H

/* argv[0] is "backup". Returns the exit status. */
int cli_backup(int argc, char **argv);

#endif
