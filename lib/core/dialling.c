#include "core/dialling.h"
#include "core/calling_place.h"
#include "core/phone.h"

#include <string.h>

/* ISO code → country calling code (ITU-T E.164). Numbers of North America share one: see
 * is_island(). */
static const struct {
    const char *iso, *code;
} countries[] = {
    {"US", "1"},   {"CA", "1"},   {"GB", "44"},  {"IE", "353"}, {"FR", "33"},  {"DE", "49"},
    {"AT", "43"},  {"CH", "41"},  {"NL", "31"},  {"BE", "32"},  {"LU", "352"}, {"DK", "45"},
    {"SE", "46"},  {"NO", "47"},  {"FI", "358"}, {"IT", "39"},  {"ES", "34"},  {"PT", "351"},
    {"PL", "48"},  {"CZ", "420"}, {"AU", "61"},  {"NZ", "64"},  {"MX", "52"},  {"BR", "55"},
    {"AR", "54"},  {"CL", "56"},  {"CO", "57"},  {"ZA", "27"},  {"IN", "91"},  {"SG", "65"},
    {"JP", "81"},  {"IL", "972"}, {"GR", "30"},  {"HU", "36"},  {"RO", "40"},  {"EE", "372"},
    {"LV", "371"}, {"LT", "370"}, {"SK", "421"}, {"SI", "386"}, {"HR", "385"}, {"IS", "354"},
};

static bool of_country(const char *e164, const char *iso)
{
    for (size_t i = 0; i < sizeof countries / sizeof *countries; i++)
        if (strcmp(countries[i].iso, iso) == 0)
            return strncmp(e164 + 1, countries[i].code, strlen(countries[i].code)) == 0;
    return false;
}

/* North America shares one calling code with islands where a call costs dollars a minute: those
 * must be allowed by name. What tells no place (toll-free, an area code newer than our table) is
 * taken for the mainland's: nobody there is paid for being rung. */
static bool is_island(const char *e164, const char **country)
{
    struct desk_calling_place place;
    desk_calling_place(e164, &place);
    *country = place.country;
    return e164[1] == '1' && place.country && strcmp(place.country, "US") != 0 &&
           strcmp(place.country, "CA") != 0;
}

bool desk_may_dial(const struct desk_business *b, const char *e164)
{
    char out[DESK_PHONE_LEN];
    const char *country, *own = *b->country ? b->country : "US";
    if (!e164 || e164[0] != '+' || desk_phone_parse(e164, NULL, out) != DESK_PHONE_OK ||
        strcmp(out, e164) != 0)
        return false;
    bool island = is_island(e164, &country);
    for (size_t i = 0; i < b->transfer.countries.n; i++) {
        const char *iso = b->transfer.countries.v[i];
        if (island ? strcmp(country, iso) == 0 : of_country(e164, iso))
            return true;
    }
    return b->transfer.countries.n == 0 &&
           (island ? strcmp(country, own) == 0 : of_country(e164, own));
}

bool desk_may_call_out(const struct desk_business *b, const char *e164)
{
    struct desk_calling_place place;
    if (!desk_may_dial(b, e164))
        return false;
    desk_calling_place(e164, &place);
    return e164[1] != '1' || place.n > 0;
}
