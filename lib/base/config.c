#include "base/config.h"
#include "base/file.h"
#include "base/log.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define VALUE_MAX 4096
#define ENV_LINES 256

struct value {
    char *text; /* owned, or NULL = default */
    bool given;
};

static struct value values[DESK_S__MAX];

struct env_line {
    char *name, *value;
};

struct env_file {
    struct env_line v[ENV_LINES];
    size_t n;
};

static char *trim(char *s)
{
    while (isspace((unsigned char)*s))
        s++;
    size_t n = strlen(s);
    while (n && isspace((unsigned char)s[n - 1]))
        s[--n] = '\0';
    return s;
}

/* The value after "=", in place: quoted up to its closing quote, else up to " #" or the end. */
static char *env_value(char *v)
{
    v = trim(v);
    if (*v == '"' || *v == '\'') {
        char *end = strchr(v + 1, *v);
        if (end) {
            *end = '\0';
            return v + 1;
        }
    }
    for (char *p = v; *p; p++)
        if (*p == '#' && p > v && isspace((unsigned char)p[-1])) {
            *p = '\0';
            break;
        }
    return trim(v);
}

/* NAME=value, # comments, optional "export ", optional quotes. */
static void env_file_line(struct env_file *f, char *line)
{
    char *s = trim(line);
    if (strncmp(s, "export ", 7) == 0)
        s = trim(s + 7);
    char *eq = strchr(s, '=');
    if (*s == '#' || !eq || f->n == ENV_LINES)
        return;
    *eq = '\0';
    f->v[f->n].name = strdup(trim(s));
    f->v[f->n].value = strdup(env_value(eq + 1));
    f->n++;
}

static void env_file_read(struct env_file *f, const char *path)
{
    FILE *in = fopen(path, "re");
    char line[VALUE_MAX];
    if (!in)
        return;
    while (fgets(line, sizeof line, in))
        env_file_line(f, line);
    fclose(in);
}

static void env_file_clear(struct env_file *f)
{
    for (size_t i = 0; i < f->n; i++) {
        free(f->v[i].name);
        free(f->v[i].value);
    }
}

/* From the environment, or from the .env file when f is given; NULL if unset or empty. */
static const char *env_get(const struct env_file *f, const char *name)
{
    const char *v = NULL;
    if (!name)
        return NULL;
    if (!f)
        v = getenv(name);
    for (size_t i = f ? f->n : 0; !v && i-- > 0;)
        if (f->v[i].name && f->v[i].value && strcmp(f->v[i].name, name) == 0)
            v = f->v[i].value;
    return v && *v ? v : NULL;
}

/* First line of a file, or NULL when there is none or it is empty. Owned by the caller. */
static char *file_value(const char *path)
{
    char line[VALUE_MAX];
    const char *got = desk_file_line(line, sizeof line, path) ? trim(line) : "";
    return *got ? strdup(got) : NULL;
}

/* The value of a systemd credential of that name, or NULL. Owned by the caller. */
static char *credential(const char *name)
{
    char path[VALUE_MAX];
    const char *dir = getenv("CREDENTIALS_DIRECTORY");
    if (!dir || !name)
        return NULL;
    snprintf(path, sizeof path, "%s/%s", dir, name);
    return file_value(path);
}

/* What NAME_FILE says, or NULL. */
static const char *file_named(const struct env_file *f, const char *name)
{
    char key[VALUE_MAX];
    snprintf(key, sizeof key, "%s_FILE", name ? name : "");
    return name ? env_get(f, key) : NULL;
}

/* *out: the value (owned by the caller) or NULL for the default. DESK_EINVAL when a NAME_FILE is
 * given but has nothing to read: a key that was meant to be there must not be silently missing. */
static enum desk_rc lookup(const struct desk_setting_row *row, const struct env_file *f, char **out)
{
    *out = credential(row->name);
    if (!*out)
        *out = credential(row->alias);
    if (*out)
        return DESK_OK;
    const char *file = file_named(NULL, row->name);
    file = file ? file : file_named(NULL, row->alias);
    file = file ? file : file_named(f, row->name);
    file = file ? file : file_named(f, row->alias);
    if (file) {
        *out = file_value(file);
        return *out ? DESK_OK : DESK_EINVAL;
    }
    const char *s = env_get(NULL, row->name);
    s = s ? s : env_get(NULL, row->alias);
    s = s ? s : env_get(f, row->name);
    s = s ? s : env_get(f, row->alias);
    *out = s ? strdup(s) : NULL;
    return DESK_OK;
}

#define INT_MOST 1000000000L

static bool fits_int(const struct desk_setting_row *row, const char *v)
{
    char *end;
    errno = 0;
    long n = strtol(v, &end, 10);
    long most = row->min == row->max ? INT_MOST : row->max;
    return *v && !*end && !errno && n >= row->min && n <= most;
}

static bool fits_bool(const struct desk_setting_row *row, const char *v)
{
    (void)row;
    static const char *const words[] = {"true", "false", "1", "0", "yes", "no", "on", "off"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasecmp(v, words[i]) == 0)
            return true;
    return false;
}

static bool fits_url(const struct desk_setting_row *row, const char *v)
{
    (void)row;
    static const char *const schemes[] = {"http://", "https://", "ws://", "wss://"};
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (strncmp(v, schemes[i], strlen(schemes[i])) == 0 && v[strlen(schemes[i])])
            return strpbrk(v, " \t\"<>") == NULL;
    return false;
}

static bool fits_phone(const struct desk_setting_row *row, const char *v)
{
    (void)row;
    size_t n = strlen(v);
    return v[0] == '+' && n >= 8 && n <= 16 && strspn(v + 1, "0123456789") == n - 1;
}

static bool fits_port(const struct desk_setting_row *row, const char *v)
{
    return fits_int(row, v) && strtol(v, NULL, 10) <= 65535;
}

static bool fits_choice(const struct desk_setting_row *row, const char *v)
{
    size_t n = strlen(v);
    for (const char *c = row->choices; c && *c; c += strcspn(c, " "), c += *c == ' ')
        if (strcspn(c, " ") == n && strncmp(c, v, n) == 0)
            return true;
    return false;
}

static bool fits_text(const struct desk_setting_row *row, const char *v)
{
    (void)row;
    (void)v;
    return true;
}

static const struct {
    bool (*fits)(const struct desk_setting_row *row, const char *v);
    const char *like;
} kinds[] = {
    [DESK_SET_TEXT] = {fits_text, "text"},
    [DESK_SET_INT] = {fits_int, "a whole number"},
    [DESK_SET_BOOL] = {fits_bool, "true or false"},
    [DESK_SET_URL] = {fits_url, "an address like https://desk.example.com"},
    [DESK_SET_PHONE] = {fits_phone, "a number like +14155550100"},
    [DESK_SET_PORT] = {fits_port, "a port number, 0 to 65535"},
    [DESK_SET_CHOICE] = {fits_choice, "one of"},
};

enum desk_rc desk_setting_check(enum desk_setting_id id, const char *value, char *why, size_t n)
{
    const struct desk_setting_row *row = &desk_setting_rows[id];
    if (kinds[row->kind].fits(row, value))
        return DESK_OK;
    if (row->kind == DESK_SET_INT && row->min != row->max)
        snprintf(why, n, "%s must be a whole number from %ld to %ld", row->name, row->min,
                 row->max);
    else
        snprintf(why, n, "%s must be %s%s%s", row->name, kinds[row->kind].like,
                 row->choices ? ": " : "", row->choices ? row->choices : "");
    return DESK_EINVAL;
}

static enum desk_rc load_one(enum desk_setting_id id, const struct env_file *f, char *why, size_t n)
{
    char *v = NULL;
    if (lookup(&desk_setting_rows[id], f, &v)) {
        snprintf(why, n, "%s_FILE names a file that is missing, empty or not readable",
                 desk_setting_rows[id].name);
        return DESK_EINVAL;
    }
    if (v && desk_setting_check(id, v, why, n)) {
        free(v);
        return DESK_EINVAL;
    }
    free(values[id].text);
    values[id].text = v;
    values[id].given = v != NULL;
    return DESK_OK;
}

enum desk_rc desk_settings_load(const char *env_file, char *why, size_t n)
{
    enum desk_rc rc = DESK_OK;
    struct env_file f = {.n = 0};
    env_file_read(&f, env_file ? env_file : ".env");
    for (int i = 0; i < DESK_S__MAX && !rc; i++)
        rc = load_one((enum desk_setting_id)i, &f, why, n);
    env_file_clear(&f);
    return rc;
}

/* A setting's name or alias, or one of them with _FILE. */
static bool known_name(const char *name)
{
    char plain[VALUE_MAX];
    size_t len = strlen(name);
    snprintf(plain, sizeof plain, "%s", name);
    if (len > 5 && len < sizeof plain && strcmp(name + len - 5, "_FILE") == 0)
        plain[len - 5] = '\0';
    for (int i = 0; i < DESK_S__MAX; i++) {
        const struct desk_setting_row *row = &desk_setting_rows[i];
        const char *const names[] = {row->name, row->alias};
        for (size_t k = 0; k < 2; k++)
            if (names[k] && (strcmp(names[k], plain) == 0 || strcmp(names[k], name) == 0))
                return true;
    }
    return false;
}

/* Begins with the first word of one of ours: "TWILIO_TOKEN". Other programs may share the file. */
static bool looks_like_ours(const char *name)
{
    size_t word = strcspn(name, "_");
    for (int i = 0; i < DESK_S__MAX; i++)
        if (word && strncmp(desk_setting_rows[i].name, name, word) == 0 &&
            desk_setting_rows[i].name[word] == '_')
            return true;
    return false;
}

size_t desk_settings_problems(const char *env_file, void (*say)(void *ctx, const char *sentence),
                              void *ctx)
{
    char why[400];
    size_t problems = 0;
    struct env_file f = {.n = 0};
    env_file_read(&f, env_file ? env_file : ".env");
    for (int i = 0; i < DESK_S__MAX; i++)
        if (load_one((enum desk_setting_id)i, &f, why, sizeof why)) {
            say(ctx, why);
            problems++;
        }
    for (size_t i = 0; i < f.n; i++) {
        const char *name = f.v[i].name;
        if (!name || known_name(name) || !looks_like_ours(name))
            continue;
        snprintf(why, sizeof why, "%.60s in the .env file is no setting", name);
        say(ctx, why);
        problems++;
    }
    env_file_clear(&f);
    return problems;
}

const char *desk_setting(enum desk_setting_id id)
{
    return values[id].text ? values[id].text : desk_setting_rows[id].def;
}

long desk_setting_int(enum desk_setting_id id)
{
    return strtol(desk_setting(id), NULL, 10);
}

bool desk_setting_true(const char *v)
{
    return !strcasecmp(v, "true") || !strcasecmp(v, "yes") || !strcasecmp(v, "on") || *v == '1';
}

bool desk_setting_bool(enum desk_setting_id id)
{
    return desk_setting_true(desk_setting(id));
}

bool desk_url_local(const char *url)
{
    static const char *const hosts[] = {"127.0.0.1", "localhost", "[::1]"};
    const char *host = strstr(url, "://");
    for (size_t i = 0; host && i < sizeof hosts / sizeof *hosts; i++) {
        size_t n = strlen(hosts[i]);
        if (strncmp(host + 3, hosts[i], n) == 0 && strchr(":/", host[3 + n]))
            return true;
    }
    return false;
}

bool desk_public_reachable(void)
{
    const char *base = desk_setting(DESK_S_PUBLIC_BASE_URL);
    bool local = !*base || desk_url_local(base); /* the default is this machine's */
    return !local || desk_url_local(desk_setting(DESK_S_TWILIO_API_URL));
}

bool desk_setting_find(const char *name, enum desk_setting_id *id)
{
    for (int i = 0; i < DESK_S__MAX; i++)
        if (strcmp(desk_setting_rows[i].name, name) == 0) {
            *id = (enum desk_setting_id)i;
            return true;
        }
    return false;
}

bool desk_setting_is_set(enum desk_setting_id id)
{
    return values[id].given;
}

void desk_setting_override(enum desk_setting_id id, const char *value)
{
    char *copy = strdup(value);
    free(values[id].text);
    values[id].text = copy;
    values[id].given = true;
}

void desk_settings_example(FILE *out)
{
    fputs("# Settings of Frontdesk. Copy to .env and fill in what you need; all are optional.\n"
          "# Each may also be given as NAME_FILE=/path/of/a/file, or as a systemd credential.\n"
          "# Made from the settings table (lib/base/settings_table.c) by: frontdesk settings "
          "example\n",
          out);
    for (int i = 0; i < DESK_S__MAX; i++) {
        const struct desk_setting_row *r = &desk_setting_rows[i];
        fprintf(out, "\n# %s%s%s%s\n#%s=%s\n", r->help, r->alias ? " (Also read as " : "",
                r->alias ? r->alias : "", r->alias ? ".)" : "", r->name, r->def);
    }
}
