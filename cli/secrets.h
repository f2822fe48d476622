/* The secrets of a place elsewhere (out/vault.h), for this process and for those that it starts. */
#ifndef CLI_SECRETS_H
#define CLI_SECRETS_H

#include "base/err.h"

#include <stddef.h>

/* Read them, if SECRETS_FROM says so, into the settings of this process. Blocks on the network;
 * before threads. why (n bytes) says what went wrong. */
DESK_MUST enum desk_rc cli_secrets_load(char *why, size_t n);

/* The same, and for every program that this process starts later: each secret in memory of its own
 * (memfd), named to them by NAME_FILE in the environment; on no disk, and gone with this process.
 * What opened the place is taken out of the environment. */
DESK_MUST enum desk_rc cli_secrets_hand_on(char *why, size_t n);

#endif
