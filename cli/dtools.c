/* frontdesk dtools: what a lead would become in D-Tools Cloud, without writing anything there. */
#include "cli/cli.h"
#include "cli/sub.h"
#include "base/config.h"
#include "out/dtools.h"
#include "talk/dtools.h"

#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

struct asked {
    const char *business, *id;
    bool look;
};

static void show(enum desk_dtools_kind kind, json_t *body)
{
    char *text = body ? json_dumps(body, JSON_INDENT(2)) : NULL;
    printf("POST %s/%s\n%s\n", desk_setting(DESK_S_DTOOLS_API_URL), desk_dtools_create_path(kind),
           text ? text : "");
    free(text);
    json_decref(body);
}

/* Reads only. False after having said why it could not. */
static bool look(struct desk_lead *l, enum desk_dtools_kind kind, const char *search,
                 desk_dtools_match *is, char id[64])
{
    struct desk_outbox_result r;
    const struct desk_dtools_account a = {.api_url = desk_setting(DESK_S_DTOOLS_API_URL),
                                          .key = desk_setting(DESK_S_DTOOLS_API_KEY),
                                          .authorization =
                                              desk_setting(DESK_S_DTOOLS_AUTHORIZATION)};
    desk_dtools_rest.find(&a, kind, search, is, l, &r);
    snprintf(id, 64, "%s", r.remote_id);
    if (r.end != DESK_END_SENT)
        cli_fail("%s", r.why);
    return r.end == DESK_END_SENT;
}

static enum desk_rc do_try(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                           const void *asked)
{
    const struct asked *q = asked;
    struct desk_lead l;
    char client[64] = "", there[64] = "";
    enum desk_rc rc = desk_lead_get(db, a, tenant_id, q->id, &l);
    if (rc) {
        cli_fail("there is no lead \"%s\"", q->id);
        return rc;
    }
    if (q->look &&
        (!look(&l, DESK_DTOOLS_OPPORTUNITIES, l.id, desk_dtools_is_opportunity, there) ||
         !look(&l, DESK_DTOOLS_CLIENTS, desk_dtools_search(&l), desk_dtools_is_client, client)))
        return DESK_EUPSTREAM;
    if (*there) {
        printf("it is there already: opportunity %s\n", there);
        return DESK_OK;
    }
    if (*client)
        printf("the client is there: %s\n", client);
    else
        show(DESK_DTOOLS_CLIENTS, desk_dtools_client(&l));
    show(DESK_DTOOLS_OPPORTUNITIES,
         desk_dtools_opportunity(&l, *client ? client : "(the new client's)"));
    puts("nothing was written: DTOOLS_LEADS=on does that for each new lead");
    return DESK_OK;
}

static int try_it(int argc, char **argv)
{
    static const struct option options[] = {{"business", required_argument, NULL, 'b'},
                                            {"look", no_argument, NULL, 'l'},
                                            {NULL, 0, NULL, 0}};
    struct asked q = {NULL, NULL, false};
    int c;
    optind = 1;
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (c == 'b')
            q.business = optarg;
        else if (c == 'l')
            q.look = true;
        else
            return 2;
    }
    if (optind != argc - 1)
        return cli_usage("dtools try wants one lead's id");
    q.id = argv[optind];
    return cli_on_tenant(q.business, do_try, &q) ? 1 : 0;
}

int cmd_dtools(int argc, char **argv)
{
    static const struct cli_sub subs[] = {
        {"try", try_it, "try LEAD [--look] [--business SLUG]"},
        {NULL, NULL, NULL},
    };
    return cli_sub_run(subs, argc, argv);
}
