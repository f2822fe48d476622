#include "cli/call_twiml.h"
#include "base/buf.h"
#include "base/limits.h"

#include <errno.h>
#include <expat.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_DEPTH 16
#define MAX_NODES 4000

struct parse {
    XML_Parser xml;
    struct desk_arena *a;
    struct sim_node *root, *at; /* at: the open element */
    struct desk_buf *text;      /* per depth: text collected so far */
    int depth, nodes;
    enum desk_rc rc;
    const char *wrong;
};

static void give_up(struct parse *p, enum desk_rc rc, const char *wrong)
{
    if (p->rc != DESK_OK)
        return;
    p->rc = rc;
    p->wrong = wrong;
    XML_StopParser(p->xml, XML_FALSE);
}

static bool attrs_copy(struct parse *p, struct sim_node *node, const char **atts)
{
    struct sim_attr **tail = &node->attrs;

    for (; atts[0]; atts += 2) {
        struct sim_attr *one = desk_arena_alloc(p->a, sizeof *one);
        if (!one)
            return false;
        one->name = desk_arena_strdup(p->a, atts[0]);
        one->value = desk_arena_strdup(p->a, atts[1]);
        if (!one->name || !one->value)
            return false;
        *tail = one;
        tail = &one->next;
    }
    return true;
}

static void child_append(struct sim_node *parent, struct sim_node *child)
{
    struct sim_node **tail = &parent->first;

    while (*tail)
        tail = &(*tail)->next;
    *tail = child;
    child->parent = parent;
}

static void XMLCALL on_open(void *ctx, const XML_Char *name, const XML_Char **atts)
{
    struct parse *p = ctx;
    struct sim_node *node;

    if (p->depth >= MAX_DEPTH || ++p->nodes > MAX_NODES) {
        give_up(p, DESK_ELIMIT, "too many or too deeply nested elements");
        return;
    }
    node = desk_arena_alloc(p->a, sizeof *node);
    if (!node || !(node->name = desk_arena_strdup(p->a, name)) || !attrs_copy(p, node, atts)) {
        give_up(p, DESK_ENOMEM, "out of memory");
        return;
    }
    node->text = "";
    node->line = (int)XML_GetCurrentLineNumber(p->xml);
    if (!p->at) {
        p->root = node;
        if (strcmp(name, "Response") != 0)
            give_up(p, DESK_EINVAL, "the document element is not <Response>");
    } else {
        child_append(p->at, node);
    }
    p->at = node;
    desk_buf_reset(&p->text[p->depth++]);
}

/* Without leading and trailing white space, inner runs as they are. */
static char *trimmed(struct desk_arena *a, const char *s)
{
    static const char space[] = " \t\r\n";
    size_t n;

    s += strspn(s, space);
    n = strlen(s);
    while (n > 0 && strchr(space, s[n - 1]))
        n--;
    return desk_arena_strndup(a, s, n);
}

static void XMLCALL on_close(void *ctx, const XML_Char *name)
{
    struct parse *p = ctx;
    struct desk_buf *b = &p->text[--p->depth];

    (void)name;
    p->at->text = desk_buf_ok(b) ? trimmed(p->a, desk_buf_cstr(b)) : NULL;
    if (!p->at->text) {
        p->at->text = "";
        give_up(p, DESK_ENOMEM, "out of memory");
        return;
    }
    p->at = p->at->parent;
}

static void XMLCALL on_text(void *ctx, const XML_Char *s, int n)
{
    struct parse *p = ctx;

    if (p->depth > 0)
        desk_buf_add(&p->text[p->depth - 1], s, (size_t)n);
}

static void XMLCALL on_doctype(void *ctx, const XML_Char *name, const XML_Char *sysid,
                               const XML_Char *pubid, int internal)
{
    (void)name, (void)sysid, (void)pubid, (void)internal;
    give_up(ctx, DESK_EINVAL, "a DOCTYPE has no place in TwiML");
}

static enum desk_rc run(struct parse *p, const char *xml, size_t n, char *why, size_t why_n)
{
    enum XML_Status st;

    XML_SetUserData(p->xml, p);
    XML_SetElementHandler(p->xml, on_open, on_close);
    XML_SetCharacterDataHandler(p->xml, on_text);
    XML_SetStartDoctypeDeclHandler(p->xml, on_doctype);
    st = XML_Parse(p->xml, xml, (int)n, 1);
    if (st == XML_STATUS_OK && p->rc == DESK_OK)
        return DESK_OK;
    if (p->rc == DESK_OK) {
        p->rc = DESK_EINVAL;
        p->wrong = XML_ErrorString(XML_GetErrorCode(p->xml));
    }
    snprintf(why, why_n, "line %lu: %s", (unsigned long)XML_GetCurrentLineNumber(p->xml), p->wrong);
    return p->rc;
}

enum desk_rc sim_twiml_parse(struct desk_arena *a, const char *xml, size_t n,
                             struct sim_node **root, char *why, size_t why_n)
{
    struct desk_buf text[MAX_DEPTH];
    struct parse p = {.a = a, .text = text, .rc = DESK_OK};
    enum desk_rc rc;

    *root = NULL;
    if (n > DESK_MAX_TWIML) {
        snprintf(why, why_n, "%zu bytes; Twilio takes %d", n, DESK_MAX_TWIML);
        return DESK_ELIMIT;
    }
    p.xml = XML_ParserCreate(NULL);
    if (!p.xml) {
        snprintf(why, why_n, "out of memory");
        return DESK_ENOMEM;
    }
    for (size_t i = 0; i < MAX_DEPTH; i++)
        desk_buf_init(&text[i], DESK_MAX_TWIML);
    rc = run(&p, xml, n, why, why_n);
    if (rc == DESK_OK)
        *root = p.root;
    for (size_t i = 0; i < MAX_DEPTH; i++)
        desk_buf_clear(&text[i]);
    XML_ParserFree(p.xml);
    return rc;
}

const char *sim_attr(const struct sim_node *n, const char *name, const char *def)
{
    for (const struct sim_attr *a = n->attrs; a; a = a->next) {
        if (strcmp(a->name, name) == 0)
            return a->value;
    }
    return def;
}

long sim_attr_long(const struct sim_node *n, const char *name, long def, long min, long max)
{
    const char *text = sim_attr(n, name, NULL);
    char *end;
    long v;

    if (!text)
        return def;
    errno = 0;
    v = strtol(text, &end, 10);
    if (errno || end == text || *end)
        return def;
    return v < min ? min : v > max ? max : v;
}
