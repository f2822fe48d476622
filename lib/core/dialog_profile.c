/* What surrounds the dialog's table: reading the business's profile, saving a conversation, and the
 * words worth hearing. See dialog.h. */
#include "core/dialog.h"
#include "base/tz.h"
#include "core/dialog_words.h"

#include <jansson.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

static void copy_text(char *out, size_t n, const json_t *value)
{
    const char *s = json_string_value(value);
    size_t w = 0;
    for (; s && *s && w + 1 < n; s++)
        out[w++] = (unsigned char)*s < ' ' ? ' ' : *s;
    while (w > 0 && ((unsigned char)out[w - 1] & 0xC0) == 0x80 && s && *s)
        w--; /* never cut within a UTF-8 letter */
    out[w] = '\0';
}

static size_t copy_list(char out[][DESK_DIALOG_TEXT], const json_t *list)
{
    size_t n = 0, i;
    json_t *value;
    json_array_foreach(list, i, value)
    {
        if (n < DESK_DIALOG_ITEMS && json_string_length(value) > 0)
            copy_text(out[n++], DESK_DIALOG_TEXT, value);
    }
    return n;
}

static bool listed(const json_t *list, const char *word)
{
    size_t i;
    json_t *value;
    json_array_foreach(list, i, value)
    {
        const char *s = json_string_value(value);
        if (s && strcmp(s, word) == 0)
            return true;
    }
    return false;
}

/* What the intake asks, and what is known of this call beside its caller. */
static void read_intake(struct desk_dialog_profile *p, const json_t *root)
{
    const json_t *asks = json_object_get(root, "asks");
    const char *action = json_string_value(json_object_get(root, "action"));
    p->asks_address = listed(asks, "address");
    p->asks_problem = listed(asks, "problem");
    p->keys_zip = json_is_true(json_object_get(root, "zip"));
    p->can_text = json_is_true(json_object_get(root, "can_text"));
    p->screens = json_is_true(json_object_get(root, "screens"));
    p->notes = json_is_true(json_object_get(root, "messages"));
    p->vendor = action && strcmp(action, "log_vendor") == 0;
    if (p->vendor) /* another firm has no work done here */
        p->asks_address = p->asks_problem = false;
    p->wants_person = action && strcmp(action, "transfer_owner") == 0;
    copy_text(p->emergency, sizeof p->emergency, json_object_get(root, "emergency"));
}

static void add_also(struct desk_dialog_visit *v, const json_t *list)
{
    size_t i, n = 0;
    json_t *value;
    json_array_foreach(list, i, value)
    {
        const char *word = json_string_value(value);
        if (word && *word && n + strlen(word) + 2 < sizeof v->also)
            n += (size_t)snprintf(v->also + n, sizeof v->also - n, "%s\n", word);
    }
}

/* What can be booked. */
static void read_visits(struct desk_dialog_profile *p, const json_t *root)
{
    size_t i;
    json_t *row;
    int minute;
    const char *today = json_string_value(json_object_get(root, "today"));
    p->books = json_is_true(json_object_get(root, "books"));
    p->phi = json_is_true(json_object_get(root, "phi"));
    copy_text(p->kind, sizeof p->kind, json_object_get(root, "kind"));
    if (today && !desk_words_local(today, &p->today, &minute))
        p->today = INT32_MIN;
    json_array_foreach(json_object_get(root, "visits"), i, row)
    {
        const json_t *name = json_object_get(row, "name");
        if (json_string_length(name) == 0 || p->n_visits == DESK_DIALOG_ITEMS)
            continue;
        struct desk_dialog_visit *v = &p->visits[p->n_visits++];
        copy_text(v->name, sizeof v->name, name);
        add_also(v, json_object_get(row, "also"));
    }
}

static void profile_of_nobody(struct desk_dialog_profile *p)
{
    memset(p, 0, sizeof *p);
    p->open_now = true;
    p->today = INT32_MIN;
}

static enum desk_rc profile_read(struct desk_dialog_profile *p, const char *json, size_t flags)
{
    const json_t *caller, *open_now;
    profile_of_nobody(p);
    json_t *root = json_loads(json ? json : "", flags, NULL);
    if (!json_is_object(root)) {
        json_decref(root);
        return DESK_EINVAL;
    }
    copy_text(p->business, sizeof p->business, json_object_get(root, "business"));
    copy_text(p->greeting, sizeof p->greeting, json_object_get(root, "greeting"));
    copy_text(p->owner, sizeof p->owner, json_object_get(root, "owner"));
    copy_text(p->hours, sizeof p->hours, json_object_get(root, "hours"));
    p->n_services = copy_list(p->services, json_object_get(root, "services"));
    p->n_words = copy_list(p->words, json_object_get(root, "words"));
    p->n_people = copy_list(p->people, json_object_get(root, "people"));
    p->n_emergencies = copy_list(p->emergencies, json_object_get(root, "emergencies"));
    caller = json_object_get(root, "caller");
    copy_text(p->caller_number, sizeof p->caller_number, json_object_get(caller, "number"));
    copy_text(p->caller_name, sizeof p->caller_name, json_object_get(caller, "name"));
    p->caller_address = json_is_true(json_object_get(caller, "has_address"));
    p->can_transfer = json_is_true(json_object_get(root, "can_transfer"));
    open_now = json_object_get(root, "open_now");
    p->open_now = !open_now || json_is_true(open_now);
    p->rings = p->can_transfer && p->open_now;
    read_intake(p, root);
    read_visits(p, root);
    json_decref(root);
    return DESK_OK;
}

enum desk_rc desk_dialog_profile_parse(struct desk_dialog_profile *p, const char *json)
{
    return profile_read(p, json, 0);
}

enum desk_rc desk_dialog_profile_find(struct desk_dialog_profile *p, const char *instructions)
{
    static const char mark[] = "FACTS";
    const char *s = instructions ? instructions : "";
    profile_of_nobody(p);
    for (; (s = strstr(s, mark)) != NULL; s += sizeof mark - 1) {
        const char *rest = s + sizeof mark - 1;
        bool begins = s == instructions || s[-1] == '\n';
        rest += strspn(rest, " \t\r");
        if (begins && *rest == '\n')
            return profile_read(p, rest, JSON_DISABLE_EOF_CHECK);
    }
    return DESK_ENOTFOUND;
}

/* ---- a conversation at rest ------------------------------------------------------------------ */

#define SLOT(name) #name, offsetof(struct desk_dialog, name)
static const struct {
    const char *key;
    size_t at, size;
} texts[] = {
    {SLOT(reason), DESK_DIALOG_TEXT},
    {SLOT(name), DESK_DIALOG_TEXT},
    {SLOT(number), 32},
    {SLOT(when), DESK_DIALOG_TEXT},
    {SLOT(problem), DESK_DIALOG_TEXT},
    {SLOT(address), DESK_DIALOG_TEXT},
    {SLOT(was), DESK_DIALOG_TEXT},
    {SLOT(service), 64},
    {SLOT(when_fields), DESK_DIALOG_FIELDS},
    {SLOT(was_fields), DESK_DIALOG_FIELDS},
    {SLOT(topic), 16},
    {SLOT(language), 4},
    {SLOT(others), DESK_DIALOG_TEXT},
};
static const struct {
    const char *key;
    size_t at;
} flags[] = {
    {SLOT(urgent)},       {SLOT(name_recorded)}, {SLOT(rang)},        {SLOT(problem_asked)},
    {SLOT(was_asked)},    {SLOT(address_lost)},  {SLOT(texted)},      {SLOT(alarmed)},
    {SLOT(person_tried)}, {SLOT(orders)},        {SLOT(sorry)},       {SLOT(screen_asked)},
    {SLOT(by_hand)},      {SLOT(name_said)},     {SLOT(found)},       {SLOT(leave_asked)},
    {SLOT(answering)},    {SLOT(elsewhere)},     {SLOT(place_asked)}, {SLOT(spell_asked)},
    {SLOT(name_asked)},   {SLOT(place_known)},   {SLOT(wrong)},
};

static const struct {
    const char *key;
    size_t at;
} counts[] = {
    {SLOT(tries)}, {SLOT(turns)}, {SLOT(misses)}, {SLOT(refused)},
    {SLOT(pick)},  {SLOT(finds)}, {SLOT(back)},
};

static int *count_at(struct desk_dialog *d, size_t i)
{
    return (int *)((char *)d + counts[i].at);
}

static json_t *save_offers(const struct desk_dialog *d)
{
    json_t *list = json_array();
    for (int i = 0; i < d->n_offers; i++)
        json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "id", d->offers[i].id, "at",
                                              d->offers[i].at, "when", d->offers[i].when));
    return list;
}

static void load_offers(struct desk_dialog *d, const json_t *list)
{
    size_t i;
    json_t *row;
    json_array_foreach(list, i, row)
    {
        if (i == DESK_DIALOG_OFFERS)
            break;
        struct desk_dialog_offer *o = &d->offers[d->n_offers++];
        copy_text(o->id, sizeof o->id, json_object_get(row, "id"));
        copy_text(o->at, sizeof o->at, json_object_get(row, "at"));
        copy_text(o->when, sizeof o->when, json_object_get(row, "when"));
    }
    if (d->pick < 0 || d->pick > d->n_offers)
        d->pick = 0;
}

static const char *text_at(const struct desk_dialog *d, size_t i)
{
    return (const char *)d + texts[i].at;
}

char *desk_dialog_save(const struct desk_dialog *d)
{
    json_t *root = json_pack("{s:i, s:s, s:o}", "state", d->state, "wish", desk_wish_name(d->wish),
                             "offers", save_offers(d));
    struct desk_dialog copy = *d;
    for (size_t i = 0; root && i < sizeof counts / sizeof *counts; i++)
        json_object_set_new(root, counts[i].key, json_integer(*count_at(&copy, i)));
    for (size_t i = 0; root && i < sizeof texts / sizeof *texts; i++)
        if (json_object_set_new(root, texts[i].key, json_string(text_at(d, i)))) {
            json_decref(root);
            return NULL;
        }
    for (size_t i = 0; root && i < sizeof flags / sizeof *flags; i++)
        json_object_set_new(root, flags[i].key,
                            json_boolean(*(const bool *)((const char *)d + flags[i].at)));
    char *text = root ? json_dumps(root, JSON_COMPACT) : NULL;
    json_decref(root);
    return text;
}

enum desk_rc desk_dialog_load(struct desk_dialog *d, const char *json)
{
    enum desk_rc rc = DESK_EINVAL;
    desk_dialog_init(d);
    json_t *root = json_loads(json ? json : "", 0, NULL);
    const json_t *state = json_object_get(root, "state");
    json_int_t value = json_integer_value(state);
    if (!json_is_integer(state) || value < 0 || value > 1000 ||
        strcmp(desk_dialog_state_name((int)value), "?") == 0)
        goto out;
    d->state = (int)value;
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        *count_at(d, i) = (int)(json_integer_value(json_object_get(root, counts[i].key)) & 0xFFFF);
    load_offers(d, json_object_get(root, "offers"));
    if (strcmp(desk_dialog_state_name(d->back), "?") == 0)
        d->back = 0;
    d->wish = desk_wish_of(json_string_value(json_object_get(root, "wish")));
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        copy_text((char *)d + texts[i].at, texts[i].size, json_object_get(root, texts[i].key));
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        *(bool *)((char *)d + flags[i].at) = json_is_true(json_object_get(root, flags[i].key));
    rc = DESK_OK;
out:
    json_decref(root);
    return rc;
}

/* ---- words worth hearing --------------------------------------------------------------------- */

/* Always worth hearing, whatever was asked. */
static const char common[] = "emergency\nspeak to someone\ntalk to someone\na person\noperator\n"
                             "speak with a representative\nrepresentative\nrepeat\n";
static const char menu[] =
    "leave a message\nmessage\ncall me back\nopening hours\nhours\nvoicemail\n"
    "goodbye\nreschedule\ncancel my appointment\nbook an appointment\n";
static const char yesno[] = "yes\nyeah\nyep\nyes please\nthat's right\ncorrect\nright\nsure\nokay\n"
                            "no\nnope\nno thank you\nno thanks\nwrong\nnot now\ngoodbye\n";
static const char digits[] = "zero\noh\none\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\n"
                             "double\ntriple\nhundred\n";
static const char when[] =
    "monday\ntuesday\nwednesday\nthursday\nfriday\nsaturday\nsunday\ntoday\n"
    "tomorrow\ntonight\nmorning\nafternoon\nevening\nnoon\nnext week\n"
    "this week\nas soon as possible\nany time\nright away\nnow\n"
    "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten\neleven\ntwelve\n"
    "o'clock\na m\np m\nat\nbefore\nafter\nhalf past\nskip\n";
static const char change[] = "the name\nthe number\nthe time\nthe day\nthe address\nname\n"
                             "number\ntime\nday\naddress\n";
static const char address[] = "street\navenue\nroad\ndrive\nlane\ncourt\napartment\nskip\n"
                              "not sure\n";
static const char story[] = "skip\n";
static const char names[] = "my name is\nthis is\nskip\n";

static const char *const fixed[DESK_EXPECT__MAX] = {
    [DESK_EXPECT_ANYTHING] = menu, [DESK_EXPECT_YESNO] = yesno,     [DESK_EXPECT_NAME] = names,
    [DESK_EXPECT_NUMBER] = digits, [DESK_EXPECT_WHEN] = when,       [DESK_EXPECT_CHANGE] = change,
    [DESK_EXPECT_NOTHING] = "",    [DESK_EXPECT_ADDRESS] = address, [DESK_EXPECT_WORDS] = story,
};

struct sink {
    char *out;
    size_t max, len, phrases;
};

/* a whole line or nothing */
static void add_line(struct sink *k, const char *text, size_t n)
{
    if (n == 0 || k->len + n + 2 > k->max)
        return;
    memcpy(k->out + k->len, text, n);
    k->out[k->len + n] = '\n';
    k->out[k->len + n + 1] = '\0';
    k->len += n + 1;
    k->phrases++;
}

static void add_table(struct sink *k, const char *table)
{
    for (const char *end; (end = strchr(table, '\n')) != NULL; table = end + 1)
        add_line(k, table, (size_t)(end - table));
}

static void add_entries(struct sink *k, const char (*list)[DESK_DIALOG_TEXT], size_t n,
                        bool names_too)
{
    char plain[DESK_DIALOG_TEXT];
    for (size_t i = 0; i < n; i++) {
        desk_words_plain(plain, sizeof plain, list[i]);
        add_line(k, plain, strlen(plain));
        char *space = strchr(plain, ' ');
        if (names_too && space)
            add_line(k, plain, (size_t)(space - plain));
    }
}

size_t desk_dialog_vocabulary(const struct desk_dialog_profile *p, enum desk_dialog_expect expect,
                              char *out, size_t max)
{
    struct sink k = {out, max, 0, 0};
    if (max == 0 || (int)expect < 0 || expect >= DESK_EXPECT__MAX)
        return 0;
    out[0] = '\0';
    if (expect == DESK_EXPECT_NOTHING)
        return 0;
    add_table(&k, fixed[expect]);
    if (expect == DESK_EXPECT_ANYTHING || expect == DESK_EXPECT_WORDS) {
        add_entries(&k, p->services, p->n_services, false);
        add_entries(&k, p->words, p->n_words, false);
        add_entries(&k, p->people, p->n_people, true);
    }
    add_entries(&k, p->emergencies, p->n_emergencies, false);
    add_table(&k, common);
    return k.phrases;
}
