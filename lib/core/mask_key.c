/* What programs write: forms and logs (From=%2B1303…, name="…"), JSON ("phone":"…"), headers
 * (Authorization: …). The name of a value says whether it may be shown. */
#include "core/mask_text.h"

#include <ctype.h>
#include <string.h>

#define KEY_MOST 32

static const struct {
    const char *names; /* small letters, without _ - and . */
    enum desk_mask_kind kind;
    unsigned digits; /* only a value with so many of them */
} keys[] = {
    {"from to caller called fromnumber tonumber callernumber phone phonenumber cell cellphone "
     "mobile "
     "tel telephone forwardedfrom msisdn callback callbacknumber ani number contactnumber owner "
     "ownerphone e164 recipient sender ",
     DESK_MASK_PHONE, 5},
    {"callername calledname name firstname lastname fullname surname customer customername contact "
     "patient patientname displayname username user login ",
     DESK_MASK_NAME, 0},
    {"body speechresult unstablespeechresult stablespeechresult transcript transcription "
     "transcriptiontext voiceprompt text utterance ",
     DESK_MASK_TEXT, 0},
    {"token accesstoken refreshtoken authtoken password passwd pwd secret clientsecret apikey "
     "xapikey auth authorization signature sig xtwiliosignature cookie setcookie pin digits otp "
     "cvv "
     "csrf sessiontoken credential credentials digit ",
     DESK_MASK_SECRET, 0},
    {"address street streetaddress serviceaddress city fromcity tocity callercity calledcity zip "
     "fromzip tozip callerzip calledzip postcode postalcode lat lon lng latitude longitude ",
     DESK_MASK_PLACE, 0},
    {"email mail emailaddress ", DESK_MASK_MAIL, 0},
    {"dob birthdate birthday dateofbirth ", DESK_MASK_DATE, 0},
    {"ssn socialsecuritynumber account accountnumber iban memberid insuranceid policynumber "
     "licensenumber ",
     DESK_MASK_ID, 0},
    {"card cardnumber pan cc ", DESK_MASK_CARD, 4},
    {"allergies medications conditions diagnosis ", DESK_MASK_HEALTH, 0},
};

/* The header lines whose whole value goes. */
static const char headers[] = "authorization proxyauthorization cookie setcookie xtwiliosignature "
                              "xapikey apikey ";

static bool key_char(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '-' || c == '.';
}

/* The name that ends before byte `end`, plain; false = none, or too long. */
static bool key_before(const struct desk_mask_text *m, size_t end, char out[KEY_MOST])
{
    size_t from = end, n = 0;
    while (from > 0 && key_char(m->s[from - 1]) && end - from < KEY_MOST)
        from--;
    for (size_t i = from; i < end && n + 1 < KEY_MOST; i++)
        if (isalnum((unsigned char)m->s[i]))
            out[n++] = (char)tolower((unsigned char)m->s[i]);
    out[n] = '\0';
    return n > 0 && end - from < KEY_MOST;
}

static size_t quoted_end(const struct desk_mask_text *m, size_t i, char quote)
{
    while (i < m->len && m->s[i] != quote)
        i += m->s[i] == '\\' && i + 1 < m->len ? 2 : 1;
    return i < m->len ? i : m->len;
}

static size_t plain_end(const struct desk_mask_text *m, size_t i, const char *ends)
{
    while (i < m->len && (unsigned char)m->s[i] >= 0x20 && !strchr(ends, m->s[i]))
        i++;
    return i;
}

static unsigned count_digits(const struct desk_mask_text *m, size_t from, size_t to)
{
    unsigned n = 0;
    for (size_t i = from; i < to; i++)
        n += isdigit((unsigned char)m->s[i]) != 0;
    return n;
}

static void mark_value(struct desk_mask_text *m, const char *key, size_t from, size_t to)
{
    static const char nothing[] = "null true false none - ";
    char value[8] = "";
    if (to - from < sizeof value)
        memcpy(value, m->s + from, to - from);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (desk_mask_in(keys[i].names, key) && to > from && !desk_mask_in(nothing, value) &&
            count_digits(m, from, to) >= keys[i].digits)
            desk_mask_bytes(m, from, to, keys[i].kind);
}

/* key=value or key="value", '=' at i */
static void assigned(struct desk_mask_text *m, size_t i)
{
    char key[KEY_MOST];
    size_t from = i + 1;
    if (!key_before(m, i, key) || from >= m->len)
        return;
    bool quoted = m->s[from] == '"' || m->s[from] == '\'';
    size_t to = quoted ? quoted_end(m, from + 1, m->s[from]) : plain_end(m, from, "& \t;,)}]\"");
    mark_value(m, key, quoted ? from + 1 : from, to);
}

/* "key": value, the quote before ':' at i; or Header: value */
static void named(struct desk_mask_text *m, size_t i)
{
    char key[KEY_MOST];
    size_t from = i + 1;
    bool json = i > 0 && m->s[i - 1] == '"';
    if (!key_before(m, json ? i - 1 : i, key))
        return;
    while (from < m->len && m->s[from] == ' ')
        from++;
    if (from >= m->len)
        return;
    if (json && m->s[from] == '"')
        mark_value(m, key, from + 1, quoted_end(m, from + 1, '"'));
    else if (json)
        mark_value(m, key, from, plain_end(m, from, ",}] "));
    else if (desk_mask_in(headers, key))
        desk_mask_bytes(m, from, plain_end(m, from, ""), DESK_MASK_SECRET);
}

/* Keys of the services we use, wherever they stand. */
static void known_secrets(struct desk_mask_text *m, size_t i)
{
    static const char *const starts[] = {"sk-", "Bearer ", "ghp_", "xoxb-", "eyJ"};
    if (i && key_char(m->s[i - 1]))
        return;
    for (size_t k = 0; k < sizeof starts / sizeof *starts; k++) {
        size_t n = strlen(starts[k]);
        size_t to = i + n;
        if (to >= m->len || strncmp(m->s + i, starts[k], n) != 0)
            continue;
        while (to < m->len && (key_char(m->s[to]) || strchr("+/=~", m->s[to])))
            to++;
        if (to - i - n >= 16)
            desk_mask_bytes(m, starts[k][n - 1] == ' ' ? i + n : i, to, DESK_MASK_SECRET);
    }
}

void desk_mask_rule_keys(struct desk_mask_text *m)
{
    for (size_t i = 0; i < m->len; i++) {
        if (m->s[i] == '=')
            assigned(m, i);
        else if (m->s[i] == ':')
            named(m, i);
        else
            known_secrets(m, i);
    }
}
