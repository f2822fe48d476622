#include "core/dialling.h"
#include "core/phone.h"

#include <string.h>

/* ISO code → country calling code (ITU-T E.164). Numbers of North America share one: Canada and the
 * islands are told from the US by phone.c's rules only where those refuse them. */
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

bool desk_may_dial(const struct desk_business *b, const char *e164)
{
    char out[DESK_PHONE_LEN];
    if (!e164 || e164[0] != '+' || desk_phone_parse(e164, NULL, out) != DESK_PHONE_OK ||
        strcmp(out, e164) != 0)
        return false;
    for (size_t i = 0; i < b->transfer.countries.n; i++)
        if (of_country(e164, b->transfer.countries.v[i]))
            return true;
    return b->transfer.countries.n == 0 && of_country(e164, *b->country ? b->country : "US");
}
