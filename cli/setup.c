#include "cli/setup.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/ids.h"
#include "base/paths.h"
#include "store/open.h"
#include "store/tenants.h"
#include "store/users.h"
#include "talk/business.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define EXAMPLE "businesses/plumbing.json"

const char *desk_password_new(char out[DESK_PASSWORD_LEN])
{
    /* sixteen and four: whole bits of the random byte, so no letter is likelier than another */
    static const char consonants[] = "bdfghjklmnprstvz", vowels[] = "aiou";
    unsigned char r[10];
    size_t n = 0;
    desk_random(r, sizeof r);
    for (size_t i = 0; i < sizeof r; i++) {
        if (i && i % 2 == 0)
            out[n++] = '-';
        out[n++] = consonants[r[i] >> 4];
        out[n++] = vowels[r[i] & 3];
    }
    out[n] = '\0';
    sodium_memzero(r, sizeof r);
    return out;
}

/* ---- files ----------------------------------------------------------------------------------- */

/* The folders above path; what cannot be made shows when path itself is. */
static void make_parents(const char *path)
{
    char part[DESK_PATH_LEN];
    snprintf(part, sizeof part, "%s", path);
    for (char *slash = strchr(part + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(part, 0700) != 0 && errno != EEXIST)
            return;
        *slash = '/';
    }
}

static enum desk_rc make_folder(const char *path, char *why, size_t n)
{
    struct stat st;
    make_parents(path);
    if (mkdir(path, 0700) == 0)
        return DESK_OK;
    if (errno == EEXIST && stat(path, &st) == 0 && S_ISDIR(st.st_mode) &&
        access(path, W_OK | X_OK) == 0)
        return DESK_OK;
    snprintf(why, n, "The folder %s cannot be made or written: %s", path, strerror(errno));
    return DESK_EFORBID;
}

enum desk_rc desk_setup_folders(char *why, size_t n)
{
    char path[DESK_PATH_LEN];
    enum desk_rc rc = make_folder(desk_setting(DESK_S_FRONTDESK_DATA), why, n);
    return rc ? rc : make_folder(desk_path_run(path, ""), why, n);
}

enum desk_rc desk_setup_write(const char *path, const char *text, char *why, size_t n)
{
    char temp[DESK_PATH_LEN + 8];
    size_t len = strlen(text);
    snprintf(temp, sizeof temp, "%s.new", path);
    int fd = open(temp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool ok = fd >= 0 && write(fd, text, len) == (ssize_t)len;
    if (fd >= 0 && close(fd) != 0)
        ok = false;
    if (ok && rename(temp, path) == 0)
        return DESK_OK;
    snprintf(why, n, "The file %s cannot be written: %s", path, strerror(errno));
    return DESK_EFORBID;
}

enum desk_rc desk_setup_token(char *path, size_t path_n, char *why, size_t n)
{
    char token[DESK_TOKEN_LEN], name[DESK_PATH_LEN];
    snprintf(path, path_n, "%s", desk_path_run(name, "twilio-token"));
    if (access(path, R_OK) == 0)
        return DESK_OK;
    return desk_setup_write(path, desk_token_new(token), why, n);
}

/* ---- the database ---------------------------------------------------------------------------- */

static void why_database(enum desk_rc rc, char *why, size_t n)
{
    static const struct {
        enum desk_rc rc;
        const char *text;
    } texts[] = {
        {DESK_EAUTH, "was made with another data key; give the right one in FRONTDESK_DATA_KEY, or "
                     "put back the file data.key"},
        {DESK_EINVAL, "is of a newer version of Frontdesk than this one"},
        {DESK_EBUSY, "is in use by another program that does not let go"},
    };
    char path[DESK_PATH_LEN];
    const char *text = "cannot be opened; see `frontdesk db check`";
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i].rc == rc)
            text = texts[i].text;
    snprintf(why, n, "The database %s %s", desk_path_db(path), text);
}

enum desk_rc desk_setup_database(struct desk_db **db, char *why, size_t n)
{
    char path[DESK_PATH_LEN];
    bool fresh = access(desk_path_db(path), F_OK) != 0;
    enum desk_rc rc = desk_store_key(fresh, why, n);
    *db = NULL;
    if (rc)
        return rc;
    if (fresh) { /* SQLite would make it readable for all; -wal and -shm take after it */
        make_parents(path);
        int fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
        if (fd >= 0)
            close(fd);
    }
    rc = desk_store_create(db);
    if (rc)
        why_database(rc, why, n);
    return rc;
}

/* ---- content --------------------------------------------------------------------------------- */

enum desk_rc desk_setup_example(json_t **doc, char path[DESK_PATH_LEN], char *why, size_t n)
{
    return cli_business_read_why(doc, desk_path_share(path, EXAMPLE), why, n);
}

/* This machine's own numbers, where its settings give them; and no PIN that everybody can read. */
static enum desk_rc own_numbers(json_t *doc)
{
    const char *number = desk_setting(DESK_S_TWILIO_PHONE_NUMBER);
    const char *owner = desk_setting(DESK_S_OWNER_CELL_NUMBER);
    int failed = 0;
    json_object_del(json_object_get(doc, "owner"), "pin");
    if (*number)
        failed |= json_object_set_new(doc, "numbers", json_pack("[s]", number));
    if (*owner)
        failed |= json_object_set_new(json_object_get(doc, "owner"), "phone", json_string(owner));
    return failed ? DESK_ENOMEM : DESK_OK;
}

static enum desk_rc example_business(struct desk_db *db, char *why, size_t n)
{
    json_t *doc;
    char path[DESK_PATH_LEN], id[DESK_ID_LEN], what[300];
    enum desk_rc rc = desk_setup_example(&doc, path, what, sizeof what);
    if (!rc)
        rc = own_numbers(doc);
    if (!rc)
        rc = desk_business_add(db, doc, id, what, sizeof what);
    if (rc)
        snprintf(why, n, "The example business %s: %s", path, what);
    json_decref(doc);
    return rc;
}

enum desk_rc desk_setup_user(struct desk_db *db, const char *tenant_id, const char *login,
                             const char *password)
{
    char hash[DESK_PASSWORD_HASH_LEN], id[DESK_ID_LEN];
    struct desk_user u = {.id = desk_id_new(id, "usr"),
                          .tenant_id = tenant_id,
                          .login = login,
                          .password_hash = hash,
                          .created_at = desk_now_ms()};
    enum desk_rc rc = desk_password_hash(password, hash);
    if (!rc)
        rc = DESK_TX_BEGIN(db);
    return rc ? rc : desk_tx_end(db, desk_user_insert(db, &u));
}

static enum desk_rc first_user(struct desk_setup *out, struct desk_db *db, struct desk_arena *a,
                               const char *tenant_id)
{
    struct desk_user *users;
    size_t n;
    enum desk_rc rc = desk_user_list(db, a, &users, &n);
    if (rc || n)
        return rc;
    snprintf(out->login, sizeof out->login, "owner");
    desk_password_new(out->password);
    return desk_setup_user(db, tenant_id, out->login, out->password);
}

static enum desk_rc content(struct desk_setup *out, struct desk_db *db, struct desk_arena *a,
                            char *why, size_t n)
{
    struct desk_tenant *tenants;
    struct desk_number *numbers;
    size_t count;
    enum desk_rc rc = desk_tenant_list(db, a, &tenants, &count);
    if (!rc && !count) {
        rc = example_business(db, why, n);
        if (rc)
            return rc;
        out->made_business = true;
        rc = desk_tenant_list(db, a, &tenants, &count);
    }
    if (rc || !count)
        return rc ? rc : DESK_EINTERNAL;
    snprintf(out->business, sizeof out->business, "%s", tenants[0].name);
    rc = first_user(out, db, a, tenants[0].id);
    if (!rc)
        rc = desk_number_list(db, a, tenants[0].id, &numbers, &count);
    if (!rc && count)
        snprintf(out->number, sizeof out->number, "%s", numbers[0].e164);
    return rc;
}

enum desk_rc desk_setup_content(struct desk_setup *out, struct desk_db *db, char *why, size_t n)
{
    struct desk_arena *a = desk_arena_new(8 * 1024 * 1024);
    memset(out, 0, sizeof *out);
    snprintf(why, n, "The first business and login cannot be written to the database");
    enum desk_rc rc = a ? content(out, db, a, why, n) : DESK_ENOMEM;
    desk_arena_free(a);
    return rc;
}
