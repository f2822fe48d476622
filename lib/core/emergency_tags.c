/* What was read as tags for the classifier. Changing a tag means training again. */
#include "core/emergency_read.h"

#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const char *const concept_names[] = {
    "",
#define X(name) #name,
#include "core/emergency_concepts.inc"
#undef X
};
static const char *const how_names[DESK_HOW__MAX] = {"live", "was", "asked", "hypo",
                                                     "over", "neg", ""};
/* who or what else it may be about: given to the classifier beside the rules */
static const uint8_t frames[] = {
    C_QUOTE,     C_NEWWORK,    C_SCHEDULE, C_BILL,   C_VENDOR,    C_SCAM,     C_JOB,
    C_TV,        C_THIRD,      C_JOKE,     C_IDIOM,  C_DRILL,     C_HARMLESS, C_THANKS,
    C_CHAT,      C_FALSEALARM, C_REPAIRED, C_NORUSH, C_CONTAINED, C_MINOR,    C_ONE,
    C_ASKNORMAL, C_PASTTIME,   C_WORRY,    C_SURVEY, C_CAUSE,     C_CALM,     C_URGENT,
    C_NOW,       C_UNSTOP,     C_CONFIRM,  C_WORSE,  C_EVACUATE,  C_FRAIL,    C_WHOLE,
};
static char *append(char *to, const char *end, const char *s)
{
    while (*s && to < end)
        *to++ = *s++;
    return to;
}

static void add_tag(struct desk_emergency_read *r, const char *a, const char *b, const char *c,
                    const char *d)
{
    char *start = r->text + r->used, *to = start;
    const char *end = r->text + sizeof r->text - 1;
    if (r->n_tags >= COUNT(r->tag))
        return;
    to = append(append(append(append(to, end, a), end, b), end, c), end, d);
    *to++ = '\0';
    if (to > end)
        return;
    r->used += (size_t)(to - start);
    r->tag[r->n_tags++] = start;
}

/* each concept with the ways in which it is said; live ones with the kind of business, too */
static void tag_concepts(struct desk_emergency_read *r, const char *kind)
{
    uint8_t seen[C__MAX] = {0};
    for (size_t i = 0; i < r->n_hits; i++) {
        const struct desk_emergency_hit *h = &r->hit[i];
        const char *name = concept_names[h->concept];
        if (seen[h->concept] & 1u << h->how)
            continue;
        add_tag(r, name, ":", how_names[h->how], "");
        if (h->how <= DESK_HOW_WAS && !(seen[h->concept] & 3))
            add_tag(r, kind, ":", name, "");
        seen[h->concept] |= (uint8_t)(1u << h->how);
    }
}

/* two live concepts in one clause */
static void tag_pairs(struct desk_emergency_read *r)
{
    uint8_t seen[C__MAX][(C__MAX + 7) / 8];
    memset(seen, 0, sizeof seen);
    for (size_t i = 0; i < r->n_hits; i++)
        for (size_t j = 0; j < r->n_hits; j++) {
            const struct desk_emergency_hit *a = &r->hit[i], *b = &r->hit[j];
            if (a->concept >= b->concept || a->clause != b->clause || a->how > DESK_HOW_WAS ||
                b->how > DESK_HOW_WAS || (seen[a->concept][b->concept / 8] & 1u << b->concept % 8))
                continue;
            seen[a->concept][b->concept / 8] |= (uint8_t)(1u << b->concept % 8);
            add_tag(r, concept_names[a->concept], "&", concept_names[b->concept], "");
        }
}

/* the verdict of the rules, and with it whatever else it may be about */
static void tag_verdicts(struct desk_emergency_read *r)
{
    const struct desk_emergency_state *s = &r->state;
    static const char *const tops[] = {"top none", "top P3", "top P2", "top P1"};
    size_t top = 0;
    for (size_t i = 1; i < COUNT(r->verdict); i++) {
        const struct desk_emergency_verdict *v = &r->verdict[i];
        if (!v->rule)
            continue;
        add_tag(r, desk_severity_name((enum desk_severity)i), ":", how_names[v->how], "");
        top = v->how <= DESK_HOW_WAS ? i : top;
        for (size_t f = 0; f < COUNT(frames); f++) {
            if (s->any[frames[f]] >= DESK_HOW_NEG)
                continue;
            char said[16], *end = said + sizeof said - 1;
            *append(append(append(said, end, desk_severity_name((enum desk_severity)i)), end, ":"),
                    end, how_names[v->how]) = '\0';
            add_tag(r, said, "&", concept_names[frames[f]],
                    s->last[frames[f]] > v->clause ? ">" : "");
        }
    }
    add_tag(r, tops[top], "", "", "");
}

void desk_emergency_tags(struct desk_emergency_read *r, const char *kind)
{
    r->n_tags = r->used = 0;
    add_tag(r, kind, "", "", "");
    tag_concepts(r, kind);
    tag_verdicts(r);
    tag_pairs(r);
}
