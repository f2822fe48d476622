#include "ws-bridge/story.h"
#include "base/limits.h"
#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t length(const char *s)
{
    return s ? strlen(s) : 0;
}

static size_t size(const struct story_line *l)
{
    return sizeof *l + length(l->name) + length(l->text) + length(l->result);
}

static void line_free(struct story_line *l)
{
    free(l->name);
    free(l->text);
    free(l->result);
    free(l);
}

static void take_out(struct story *s, struct story_line **at)
{
    struct story_line *l = *at;
    *at = l->next;
    s->lines--;
    s->bytes -= size(l);
    line_free(l);
}

void story_clear(struct story *s)
{
    while (s->first)
        take_out(s, &s->first);
    *s = (struct story){.first = NULL};
}

static struct story_line **place(struct story *s, const char *key)
{
    struct story_line **at = &s->first;
    while (*at && strncmp((*at)->key, key, STORY_KEY - 1) != 0)
        at = &(*at)->next;
    return at;
}

struct story_line *story_find(const struct story *s, const char *key)
{
    struct story_line *l = s->first;
    while (l && strncmp(l->key, key, STORY_KEY - 1) != 0)
        l = l->next;
    return l;
}

const struct story_line *story_last(const struct story *s)
{
    const struct story_line *l = s->first;
    while (l && l->next)
        l = l->next;
    return l;
}

bool story_forget(struct story *s, const char *key)
{
    struct story_line **at = place(s, key);
    if (!*at)
        return false;
    take_out(s, at);
    return true;
}

static char *cut(const char *text)
{
    return strndup(text, desk_utf8_cut(text, strlen(text), DESK_MAX_STORY_LINE));
}

/* The oldest go. The newest line always fits: it is cut to less than all. */
static void bound(struct story *s)
{
    while (s->first && s->first->next &&
           (s->bytes > DESK_MAX_STORY || s->lines > DESK_MAX_STORY_LINES)) {
        take_out(s, &s->first);
        s->left_out++;
    }
}

/* Behind all that began no later. */
static void put_in(struct story *s, struct story_line *l)
{
    struct story_line **at = &s->first;
    while (*at && (*at)->at_ms <= l->at_ms)
        at = &(*at)->next;
    l->next = *at;
    *at = l;
    s->lines++;
    s->bytes += size(l);
    bound(s);
}

static void set_text(struct story *s, char **slot, const char *text)
{
    char *copy = cut(text);
    if (!copy)
        return;
    s->bytes += strlen(copy);
    s->bytes -= length(*slot);
    free(*slot);
    *slot = copy;
    bound(s);
}

static struct story_line *line_new(enum story_kind kind, const char *key, int64_t at_ms)
{
    struct story_line *l = calloc(1, sizeof *l);
    if (!l)
        return NULL;
    l->kind = kind;
    l->at_ms = at_ms;
    snprintf(l->key, sizeof l->key, "%s", key);
    return l;
}

void story_said(struct story *s, enum story_kind kind, const char *key, const char *text,
                int64_t at_ms)
{
    struct story_line *l = story_find(s, key);
    if (l) {
        set_text(s, &l->text, text);
        return;
    }
    l = line_new(kind, key, at_ms);
    if (l && (l->text = cut(text)))
        put_in(s, l);
    else if (l)
        line_free(l);
}

void story_tool(struct story *s, const char *call_id, const char *name, const char *arguments,
                int64_t at_ms)
{
    struct story_line *l = line_new(STORY_TOOL, call_id, at_ms);
    if (!l)
        return;
    l->name = cut(name);
    l->text = cut(arguments);
    if (l->name && l->text && !story_find(s, call_id))
        put_in(s, l);
    else
        line_free(l);
}

void story_result(struct story *s, const char *call_id, const char *result)
{
    struct story_line *l = story_find(s, call_id);
    if (l && l->kind == STORY_TOOL)
        set_text(s, &l->result, result);
}
