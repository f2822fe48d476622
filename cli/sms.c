/* frontdesk sms: the texts we send, by name: listed, rendered, sent. */
#include "cli/cli.h"
#include "cli/sub.h"
#include "base/config.h"
#include "base/ids.h"
#include "base/limits.h"
#include "core/phone.h"
#include "core/sms.h"
#include "store/text_stops.h"
#include "talk/business.h"
#include "talk/promise.h"
#include "talk/texts.h"
#include "wire/gsm7.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#define VALUES_MAX 16

struct asked {
    const char *business, *to, *from, *key, *name;
    struct desk_sms_value v[VALUES_MAX];
    size_t n;
};

/* ---- what is asked --------------------------------------------------------------------------- */

/* "when=Friday at 3" → a value; the argument is cut in two. */
static bool read_value(struct asked *q, char *arg)
{
    char *eq = strchr(arg, '=');
    if (!eq || eq == arg || q->n == VALUES_MAX)
        return false;
    *eq = '\0';
    q->v[q->n++] = (struct desk_sms_value){arg, eq + 1};
    return true;
}

static int read_options(int argc, char **argv, struct asked *q, bool sends)
{
    static const struct option options[] = {{"business", required_argument, NULL, 'b'},
                                            {"to", required_argument, NULL, 't'},
                                            {"from", required_argument, NULL, 'f'},
                                            {"key", required_argument, NULL, 'k'},
                                            {NULL, 0, NULL, 0}};
    int c;
    *q = (struct asked){.n = 0};
    optind = 1;
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (c == 'b')
            q->business = optarg;
        else if (c == 't' && sends)
            q->to = optarg;
        else if (c == 'f' && sends)
            q->from = optarg;
        else if (c == 'k' && sends)
            q->key = optarg;
        else
            return 2;
    }
    if (sends && !q->to)
        return cli_usage("sms send wants --to NUMBER");
    if (optind == argc)
        return cli_usage("which text? `frontdesk sms list` shows them");
    q->name = argv[optind++];
    for (; optind < argc; optind++)
        if (!read_value(q, argv[optind]))
            return cli_usage("values are given like when=\"Friday at 3 pm\"; \"%s\" is none",
                             argv[optind]);
    return 0;
}

/* ---- list ------------------------------------------------------------------------------------ */

static int list(int argc, char **argv)
{
    (void)argv;
    if (argc != 1)
        return cli_usage("sms list takes nothing more");
    for (const struct desk_sms_template *t = desk_sms_templates; t->name; t++) {
        printf("%s: %s\n", t->name, t->purpose);
        for (const struct desk_sms_var *v = t->vars; v->name; v++)
            printf("    %-10s %-7s up to %u%s\n", v->name, desk_sms_kind_name(v->kind), v->most,
                   v->needed ? "" : ", may be left out");
    }
    puts("\nAll have {business} and {owner}, too. A business's own words stand in its file: "
         "\"sms\": {\"NAME\": \"…\"}");
    return 0;
}

/* ---- render and send ------------------------------------------------------------------------- */

struct made {
    struct desk_db *db;
    struct desk_arena *a;
    struct desk_tenant tenant;
    struct desk_business business;
    const char *text;
};

static enum desk_rc make(struct made *m, const struct asked *q)
{
    char why[300];
    m->db = cli_open();
    m->a = m->db ? desk_arena_new(DESK_MAX_BUSINESS_ARENA) : NULL;
    enum desk_rc rc = m->a ? cli_tenant(m->db, m->a, q->business, &m->tenant) : DESK_ENOMEM;
    if (rc)
        return rc;
    rc = desk_business_load(m->db, m->a, m->tenant.id, NULL, &m->business);
    if (rc)
        cli_fail("the business cannot be read");
    else {
        rc = desk_text_render(m->a, &m->business, q->name, q->v, q->n, &m->text, why, sizeof why);
        if (rc)
            cli_fail("%s", why);
    }
    return rc;
}

static void done(struct made *m)
{
    desk_arena_free(m->a);
    desk_db_close(m->db);
}

static void show(const struct made *m, const char *name)
{
    struct desk_sms_size size;
    desk_sms_size(m->text, strlen(m->text), &size);
    puts(m->text);
    printf("(%s, %zu characters, %zu segment%s%s)\n", desk_sms_encoding(&size), size.characters,
           size.segments, size.segments == 1 ? "" : "s",
           desk_business_sms(&m->business, name) ? ", in the business's own words" : "");
    if (size.ucs2) {
        size_t n = 1;
        while (((unsigned char)size.first[n] & 0xc0) == 0x80)
            n++;
        printf("(\"%.*s\" is not in the GSM alphabet: because of it a segment has 67 to 70 "
               "characters instead of 153 to 160)\n",
               (int)n, size.first);
    }
}

static int render(int argc, char **argv)
{
    struct asked q;
    struct made m = {.db = NULL};
    int status = read_options(argc, argv, &q, false);
    if (status)
        return status;
    enum desk_rc rc = make(&m, &q);
    if (!rc)
        show(&m, q.name);
    done(&m);
    return rc ? 1 : 0;
}

/* Whom to and from which number of ours. */
static enum desk_rc address(struct made *m, const struct asked *q, struct desk_text *t,
                            char to[DESK_PHONE_LEN], char from[DESK_PHONE_LEN])
{
    const char *ours = q->from ? q->from : m->business.numbers.n ? m->business.numbers.v[0] : "";
    if (desk_phone_parse(q->to, m->business.country, to) != DESK_PHONE_OK ||
        !desk_phone_can_text(to))
        cli_fail("%s is no number that can be texted", q->to);
    else if (desk_phone_parse(ours, m->business.country, from) != DESK_PHONE_OK)
        cli_fail("the business has no number to send from: say --from NUMBER");
    else {
        t->to = to;
        t->from = from;
        return DESK_OK;
    }
    return DESK_EINVAL;
}

/* A person of the business writes: what was promised to that number is done, unless it is promised
 * by this very text. */
static enum desk_rc queue_in_tx(struct made *m, const struct desk_text *t)
{
    enum desk_rc rc = desk_text_queue(m->db, m->a, t);
    if (rc || strcmp(t->name, "callback_confirmation") == 0)
        return rc;
    return desk_promise_kept(m->db, m->a, t->tenant_id, t->to, DESK_KEPT_TEXT, NULL);
}

static enum desk_rc queue(struct made *m, const struct desk_text *t)
{
    enum desk_rc rc = DESK_TX_BEGIN(m->db);
    if (!rc)
        rc = desk_tx_end(m->db, queue_in_tx(m, t));
    if (rc == DESK_ECONFLICT)
        cli_fail("a text with that key was queued before");
    else if (rc)
        cli_fail("the database would not take it (%s)", desk_rc_name(rc));
    return rc;
}

static int send(int argc, char **argv)
{
    struct asked q;
    struct made m = {.db = NULL};
    char to[DESK_PHONE_LEN], from[DESK_PHONE_LEN], id[DESK_ID_LEN];
    int status = read_options(argc, argv, &q, true);
    if (status)
        return status;
    enum desk_rc rc = make(&m, &q);
    struct desk_text t = {.tenant_id = m.tenant.id,
                          .name = q.name,
                          .body = m.text,
                          .key = q.key ? q.key : desk_id_new(id, "cli")};
    if (!rc)
        rc = address(&m, &q, &t, to, from);
    if (!rc)
        rc = queue(&m, &t);
    if (!rc) {
        show(&m, q.name);
        puts(*desk_setting(DESK_S_TWILIO_ACCOUNT_SID)
                 ? "queued; `frontdesk outbox list --all` shows what became of it"
                 : "queued; without TWILIO_ACCOUNT_SID it cannot be sent");
    }
    done(&m);
    return rc ? 1 : 0;
}

/* ---- stop and start -------------------------------------------------------------------------- */

static enum desk_rc set(struct desk_db *db, const char *tenant_id, const char *number, bool stop)
{
    enum desk_rc rc = DESK_TX_BEGIN(db);
    if (rc)
        return rc;
    return desk_tx_end(db, stop ? desk_text_stop(db, tenant_id, number, DESK_STOP_BY_OWNER)
                                : desk_text_start(db, tenant_id, number));
}

static int stop_or_start(int argc, char **argv)
{
    bool stop = strcmp(argv[0], "stop") == 0;
    char number[DESK_PHONE_LEN];
    const char *slug = argc == 4 && strcmp(argv[2], "--business") == 0 ? argv[3] : NULL;
    struct desk_tenant t;
    if (argc != 2 && !slug)
        return cli_usage("sms %s wants one number", argv[0]);
    if (desk_phone_parse(argv[1], NULL, number) != DESK_PHONE_OK)
        return cli_usage("%s is no number like +14155550134", argv[1]);
    struct desk_db *db = cli_open();
    struct desk_arena *a = db ? desk_arena_new(4 * 1024 * 1024) : NULL;
    enum desk_rc rc = a ? cli_tenant(db, a, slug, &t) : DESK_ENOMEM;
    if (!rc)
        rc = set(db, t.id, number, stop);
    if (!rc)
        printf("%s gets %s\n", number, stop ? "no more texts" : "texts again");
    desk_arena_free(a);
    desk_db_close(db);
    return rc ? 1 : 0;
}

int cmd_sms(int argc, char **argv)
{
    static const struct cli_sub subs[] = {
        {"list", list, "list"},
        {"render", render, "render NAME [VARIABLE=VALUE …] [--business SLUG]"},
        {"send", send,
         "send --to NUMBER NAME [VARIABLE=VALUE …] [--from NUMBER] [--key KEY] [--business SLUG]"},
        {"stop", stop_or_start, "stop NUMBER [--business SLUG]"},
        {"start", stop_or_start, "start NUMBER [--business SLUG]"},
        {NULL, NULL, NULL},
    };
    return cli_sub_run(subs, argc, argv);
}
