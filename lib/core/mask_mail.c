/* E-mail addresses: written, and spoken ("dana dot whitfield at example dot com"). */
#include "core/mask_text.h"

#include <string.h>

/* ---- written --------------------------------------------------------------------------------- */

static void written(struct desk_mask_text *m, size_t i)
{
    size_t from = i - 1, to = i;
    bool dotted = false;
    while (from > 0 && m->tok[from].tight && m->tok[from].gap && strchr("._+-%'", m->tok[from].gap))
        from--;
    while (to + 1 < m->n && m->tok[to + 1].tight && m->tok[to + 1].gap &&
           strchr(".-", m->tok[to + 1].gap)) {
        dotted = dotted || m->tok[to + 1].gap == '.';
        to++;
    }
    if (dotted || m->tok[i].tight || desk_mask_has(m, to, DESK_LEX_MAILER))
        desk_mask_tokens(m, from, to, DESK_MASK_MAIL);
}

/* ---- spoken ---------------------------------------------------------------------------------- */

static bool dot(const struct desk_mask_text *m, size_t i)
{
    static const char words[] = "dot punto period point ";
    return i < m->n && desk_mask_in(words, m->tok[i].w);
}

static bool link_word(const struct desk_mask_text *m, size_t i)
{
    static const char words[] = "dot punto underscore dash hyphen plus guion period minus bajo ";
    return i < m->n && desk_mask_in(words, m->tok[i].w);
}

/* The last token of a host name that begins at i; 0 = none does. */
static size_t host_end(const struct desk_mask_text *m, size_t i)
{
    size_t k = i, end = 0;
    if (desk_mask_has(m, i, DESK_LEX_MAILER))
        end = i;
    for (; k < m->n && k < i + 10; k++) {
        if (dot(m, k + 1) && desk_mask_has(m, k + 2, DESK_LEX_TLD)) {
            end = k + 2;
            while (dot(m, end + 1) && desk_mask_has(m, end + 2, DESK_LEX_TLD))
                end += 2;
            return end;
        }
        /* "gmail.com" in the middle of speech */
        if (k + 1 < m->n && m->tok[k + 1].tight && m->tok[k + 1].gap == '.' &&
            desk_mask_has(m, k + 1, DESK_LEX_TLD))
            return k + 1;
        if (k > i && !link_word(m, k) && !link_word(m, k - 1) && k > i + 2)
            break;
        if (m->tok[k].lex & DESK_LEX_FUNCTION && k > i)
            break;
    }
    return end;
}

/* May this word be the whole of what stands before "at"? "look at …", "us at …" are none. */
static bool local_word(const struct desk_mask_text *m, size_t i)
{
    static const char never[] = "look looked looking website site online page web visit found saw "
                                "reach arrive arrived stay work works working meet sale only "
                                "available live store order buy ";
    const struct desk_mask_tok *t = &m->tok[i];
    if (t->num != DESK_NUM_NONE || t->type != DESK_TOK_WORD)
        return true;
    if (strlen(t->w) == 1 && t->w[0] != 'a' && t->w[0] != 'i')
        return true;
    return !(t->lex & DESK_LEX_FUNCTION) && !desk_mask_in(never, t->w);
}

/* The first token of the name before "at" at i; i = there is none. */
static size_t local_begin(const struct desk_mask_text *m, size_t i)
{
    static const char cues[] = "email e-mail mail correo address is are it's es to at electronico ";
    size_t from = i;
    while (from > 0 && i - from < 16 && !desk_mask_marked(m, from - 1) && !m->tok[from].first) {
        size_t k = from - 1;
        bool tied = link_word(m, k) || (from < i && link_word(m, from));
        if (!tied && (!local_word(m, k) || desk_mask_in(cues, m->tok[k].w)))
            break;
        /* without a dot between, three words at most, and no ordinary ones behind the first */
        bool ordinary = (m->tok[k].lex & DESK_LEX_COMMON) && m->tok[k].num == DESK_NUM_NONE;
        if (!tied && from < i && ordinary && !(m->tok[k].lex & (DESK_LEX_NAME | DESK_LEX_SURNAME)))
            break;
        from = k;
    }
    return from;
}

static void spoken(struct desk_mask_text *m, size_t i)
{
    static const char at[] = "at arroba ";
    if (!desk_mask_in(at, m->tok[i].w) || i == 0 || i + 1 >= m->n)
        return;
    size_t host = i + 1;
    if (desk_mask_is(m, host, "sign") || desk_mask_is(m, host, "symbol"))
        host++;
    size_t to = host < m->n ? host_end(m, host) : 0;
    size_t from = local_begin(m, i);
    if (to && from < i)
        desk_mask_tokens(m, from, to, DESK_MASK_MAIL);
}

void desk_mask_rule_mails(struct desk_mask_text *m)
{
    for (size_t i = 1; i < m->n; i++) {
        if (m->tok[i].gap == '@')
            written(m, i);
        else
            spoken(m, i);
    }
}
