/* How a talk by turns begins, and the watch over what is said in it. */
#include "talk/talk.h"
#include "store/settings.h"
#include "talk/watch.h"

enum desk_rc desk_talk_brain(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                             unsigned failed, const struct desk_brain **brain)
{
    struct desk_tenant_settings own;
    enum desk_rc rc = desk_tenant_settings_load(db, a, tenant_id, &own);
    *brain = rc ? NULL : desk_brain_choose(&own, failed);
    return rc;
}

enum desk_rc desk_talk_first(struct desk_db *db, struct desk_arena *a, const struct desk_call *c,
                             bool resume, struct desk_brain_answer *answer)
{
    const struct desk_brain *brain;
    struct desk_prompt_input about;
    struct desk_brain_past past = {0};
    enum desk_rc rc = desk_talk_brain(db, a, c->tenant_id, 0, &brain);
    if (!rc)
        rc = desk_prompt_load(db, a, c, &about);
    if (!rc && !resume && desk_brain_owner_calls(c))
        brain = &desk_brain_owner;
    if (!rc && resume)
        rc = desk_brain_past_load(db, a, c, NULL, &past);
    if (rc)
        return rc;
    return desk_brain_think(
        brain,
        &(struct desk_brain_turn){.db = db,
                                  .arena = a,
                                  .about = &about,
                                  .event = resume ? DESK_BRAIN_RESUME : DESK_BRAIN_START,
                                  .text = "",
                                  .past = &past},
        answer);
}

enum desk_rc desk_talk_watch(struct desk_db *db, struct desk_arena *a,
                             const struct desk_business *b, const struct desk_call *c)
{
    const char *said = NULL;
    struct desk_watch w = {.business = b, .call = c};
    enum desk_rc rc = desk_watch_said(db, a, c, "", &said);
    if (!rc)
        rc = desk_watch_words(db, a, &w, said);
    return rc;
}
