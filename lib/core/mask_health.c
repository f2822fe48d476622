/* Diagnoses, medicines and allergies. What somebody calls a dentist for stays: a log of "[health]
 * hurts" helps nobody. */
#include "core/mask_text.h"

#include <string.h>

static const char *const phrases[] = {
    "heart attack",       "heart condition",  "heart disease",   "heart murmur",
    "heart failure",      "heart surgery",    "heart problems",  "heart problem",
    "heart valve",        "blood pressure",   "blood thinner",   "blood thinners",
    "blood clot",         "blood clots",      "blood sugar",     "bone density",
    "panic attack",       "panic attacks",    "anxiety attack",  "sleep apnea",
    "birth control",      "mental health",    "hip replacement", "knee replacement",
    "joint replacement",  "kidney disease",   "kidney failure",  "liver disease",
    "presion alta",       "presion arterial", "del corazon",     "multiple sclerosis",
    "has aids",           "have aids",        "anticoagulantes", "immune disorder",
    "autoimmune disease", "substance abuse",
};

/* Ends of the names of medicines. */
static const char *const endings[] = {
    "cillin",   "mycin",   "statin", "prazole",    "oxetine", "azepam", "zolam", "sartan",
    "floxacin", "cycline", "codone", "triptyline", "azine",   "formin", "caine", "dronate",
    "parin",    "xaban",   "umab",   "thyroxine",  "formina", "cilina", "micina"};

static bool medicine(const struct desk_mask_tok *t)
{
    size_t n = strlen(t->w);
    if (t->type != DESK_TOK_WORD || n < 7 || (t->lex & (DESK_LEX_COMMON | DESK_LEX_FUNCTION)))
        return false;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t len = strlen(endings[i]);
        if (n > len && strcmp(t->w + n - len, endings[i]) == 0)
            return true;
    }
    return false;
}

/* "allergic to penicillin and latex" */
static void allergy(struct desk_mask_text *m, size_t i)
{
    static const char *const cues[] = {"allergic to",    "allergy to",    "allergies to",
                                       "alergico a",     "alergica a",    "alergia a",
                                       "diagnosed with", "intolerant to", "suffers from",
                                       "suffer from",    "allergies are", "prescribed"};
    static const char before[] = "a la el los las the some any all ";
    for (size_t c = 0; c < sizeof cues / sizeof *cues; c++) {
        size_t k = i + desk_mask_phrase(m, i, cues[c]);
        if (k == i)
            continue;
        while (k < m->n && desk_mask_in(before, m->tok[k].w))
            k++;
        for (size_t words = 0; words < 2 && !desk_mask_breaks(m, k); words++, k++) {
            if (desk_mask_has(m, k, DESK_LEX_FUNCTION | DESK_LEX_ACRONYM))
                return;
            desk_mask_tokens(m, k, k, DESK_MASK_HEALTH);
            if (desk_mask_is(m, k + 1, "and") || desk_mask_is(m, k + 1, "or"))
                k++;
        }
    }
}

void desk_mask_rule_health(struct desk_mask_text *m)
{
    for (size_t i = 0; i < m->n; i++) {
        bool engine = desk_mask_is(m, i, "stroke") && i && m->tok[i - 1].num != DESK_NUM_NONE;
        if ((desk_mask_has(m, i, DESK_LEX_HEALTH) && !engine) || medicine(&m->tok[i]))
            desk_mask_tokens(m, i, i, DESK_MASK_HEALTH);
        for (size_t p = 0; p < sizeof phrases / sizeof *phrases; p++) {
            size_t n = desk_mask_phrase(m, i, phrases[p]);
            if (n)
                desk_mask_tokens(m, i, i + n - 1, DESK_MASK_HEALTH);
        }
        allergy(m, i);
    }
}
