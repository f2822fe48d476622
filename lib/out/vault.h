/* Secrets kept elsewhere: read once at a start from HashiCorp Vault (KV version 2, by a token or an
 * AppRole) or from Azure Key Vault (by the managed identity of the machine), as SECRETS_FROM says
 * (facts/integrations.md 7).
 *
 * Only settings that are secrets are looked for: in HashiCorp Vault by their names, in Azure's,
 * whose names take no underscore, as twilio-auth-token. One that is not there is left as it is set
 * otherwise. No secret, and no token, is in a log or a sentence. */
#ifndef DESK_OUT_VAULT_H
#define DESK_OUT_VAULT_H

#include "base/config.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

/* Is there such a place? (SECRETS_FROM) */
bool desk_vault_wanted(void);

/* One secret as it was found; what is not DESK_OK ends the reading. */
typedef enum desk_rc desk_vault_take(void *ctx, enum desk_setting_id id, const char *value);

/* All there are. Blocks: VAULT_TIMEOUT_S for a question, which is asked three times with seconds
 * between when it is not answered, or answered with 408, 429 or 5xx. DESK_EINVAL: what is set does
 * not suffice; DESK_EFORBID: refused; DESK_ENOTFOUND: none is there; DESK_EUPSTREAM: no answer, or
 * none that can be read; or what take said. why (n bytes) tells people what to do. */
DESK_MUST enum desk_rc desk_vault_read(desk_vault_take *take, void *ctx, char *why, size_t n);

#endif
