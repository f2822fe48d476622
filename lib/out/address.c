#include "out/address.h"
#include "base/config.h"

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct range4 {
    uint32_t net;
    int bits;
};

#define IP4(a, b, c, d) ((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (d))

static const struct range4 not_public4[] = {
    {IP4(0, 0, 0, 0), 8},       /* this network; Linux takes 0.0.0.0 for itself */
    {IP4(10, 0, 0, 0), 8},      /* private */
    {IP4(100, 64, 0, 0), 10},   /* carrier's NAT */
    {IP4(127, 0, 0, 0), 8},     /* loopback */
    {IP4(169, 254, 0, 0), 16},  /* link-local: the metadata of clouds */
    {IP4(172, 16, 0, 0), 12},   /* private */
    {IP4(192, 0, 0, 0), 24},    /* protocols; Oracle's metadata */
    {IP4(192, 0, 2, 0), 24},    /* documentation */
    {IP4(192, 88, 99, 0), 24},  /* 6to4 relays */
    {IP4(192, 168, 0, 0), 16},  /* private */
    {IP4(198, 18, 0, 0), 15},   /* benchmarks */
    {IP4(198, 51, 100, 0), 24}, /* documentation */
    {IP4(203, 0, 113, 0), 24},  /* documentation */
    {IP4(224, 0, 0, 0), 3},     /* multicast, reserved, broadcast */
};

static bool public4(uint32_t a)
{
    for (size_t i = 0; i < sizeof not_public4 / sizeof *not_public4; i++)
        if ((a ^ not_public4[i].net) >> (32 - not_public4[i].bits) == 0)
            return false;
    return true;
}

static uint32_t read4(const unsigned char *p)
{
    return IP4(p[0], p[1], p[2], p[3]);
}

static bool starts(const unsigned char a[16], const unsigned char *net, int bits)
{
    int whole = bits / 8, rest = bits % 8;
    return memcmp(a, net, (size_t)whole) == 0 &&
           (!rest || (a[whole] ^ net[whole]) >> (8 - rest) == 0);
}

/* The first that fits decides. */
static const struct range6 {
    unsigned char net[16];
    int bits;
    int inside; /* where an IPv4 address stands in it that decides; -1 = not public */
} ranges6[] = {
    {{[10] = 0xff, [11] = 0xff}, 96, 12}, /* ::ffff:0:0/96, mapped */
    {{0x00, 0x64, 0xff, 0x9b}, 96, 12},   /* 64:ff9b::/96, NAT64 */
    {{0x20, 0x01, 0x00}, 23, -1},         /* protocols: Teredo, ORCHID, benchmarks */
    {{0x20, 0x01, 0x0d, 0xb8}, 32, -1},   /* documentation */
    {{0x20, 0x02}, 16, 2},                /* 6to4 */
    {{0x3f, 0xff, 0x00}, 20, -1},         /* documentation */
    {{0x5f, 0x00}, 16, -1},               /* segment routing */
};
static const unsigned char global6[16] = {0x20}; /* 2000::/3: all that is assigned to the world */

static bool public6(const unsigned char a[16])
{
    for (size_t i = 0; i < sizeof ranges6 / sizeof *ranges6; i++)
        if (starts(a, ranges6[i].net, ranges6[i].bits))
            return ranges6[i].inside >= 0 && public4(read4(a + ranges6[i].inside));
    return starts(a, global6, 3);
}

bool desk_address_public(const struct sockaddr *to)
{
    struct sockaddr_in in4;
    struct sockaddr_in6 in6;
    if (to->sa_family == AF_INET) {
        memcpy(&in4, to, sizeof in4);
        return public4(ntohl(in4.sin_addr.s_addr));
    }
    if (to->sa_family != AF_INET6)
        return false;
    memcpy(&in6, to, sizeof in6);
    return public6(in6.sin6_addr.s6_addr);
}

bool desk_address_guarded(void)
{
    return !desk_setting_bool(DESK_S_ALLOW_PRIVATE_ADDRESSES);
}
