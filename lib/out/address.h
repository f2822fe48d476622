/* Which addresses are of the public internet.
 *
 * An address that an owner types in (a webhook, a calendar to import) may lead, by its name or by a
 * redirect, to this machine or its network: the front's own loopback ports, a router, a cloud's
 * metadata service. What is not public is refused when the connection is opened
 * (desk_http_request.public_only), after the name was resolved: so a name that answers differently
 * the second time gains nothing.
 *
 * Source: IANA's registries of special-purpose IPv4 and IPv6 addresses (RFC 6890 and those it
 * names), IPv6 multicast and unassigned space (RFC 4291). */
#ifndef DESK_OUT_ADDRESS_H
#define DESK_OUT_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

/* An IPv4 address inside of an IPv6 one (mapped, NAT64, 6to4) counts as that. Other families are
 * never public. Does not block. */
bool desk_address_public(const struct sockaddr *to);

/* Must addresses that owners type in be public? Yes, unless ALLOW_PRIVATE_ADDRESSES is set. */
bool desk_address_guarded(void);

#endif
