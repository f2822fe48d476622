/* Of the browser's data folder: a conversation by text with pictures, one that texts do not reach,
 * leads and tickets. */
#ifndef TESTS_WEB_SEED_TEXTS_H
#define TESTS_WEB_SEED_TEXTS_H

#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/paths.h"
#include "store/outbox.h"
#include "store/picture_file.h"
#include "store/pictures.h"
#include "store/records.h"
#include "store/text_marks.h"
#include "store/texts_in.h"
#include "talk/texts.h"
#include "tests/page/admin_world.h"

#define YESTERDAY (60 * 27) /* minutes ago: below the calls that other tests look at */

static void seed_wrote(struct world *w, const char *id, const char *text, int64_t ago_min,
                       int64_t pictures)
{
    const struct desk_text_in t = {.id = id,
                                   .tenant_id = w->tenant,
                                   .call_id = "call_nora",
                                   .session_id = "vs_nora",
                                   .pair_key = "nora",
                                   .message_sid = id,
                                   .text = text,
                                   .pictures = pictures,
                                   .made = "talk",
                                   .state = DESK_TEXT_NONE,
                                   .created_at = w->now - (YESTERDAY + ago_min) * MIN_MS};
    must(DESK_TX_BEGIN(w->db), "begin");
    must(desk_tx_end(w->db, desk_text_in_insert(w->db, &t)), "text");
}

static void seed_sent(struct world *w, const char *to, const char *key, const char *body,
                      int64_t ago_min, const char *state, int64_t code)
{
    struct desk_outbox o;
    const struct desk_text t = {
        .tenant_id = w->tenant, .from = "+18605550100", .to = to, .body = body, .key = key};
    desk_clock_fake(w->now - (YESTERDAY + ago_min) * MIN_MS);
    must(DESK_TX_BEGIN(w->db), "begin");
    must(desk_text_queue(w->db, w->arena, &t), "queue");
    must(desk_outbox_by_cause(w->db, w->arena, w->tenant, key, &o), "row");
    must(desk_tx_end(w->db, desk_outbox_report(w->db, &o, state, key, "x", code, NULL)), "report");
    desk_clock_fake(0);
}

/* likeness: a small JPEG, as the worker makes it. */
static void seed_picture(struct world *w, const char *id, int64_t n, const char *state)
{
    struct desk_buf jpeg;
    char path[DESK_PIC_PATH], file[DESK_PATH_LEN];
    struct desk_picture p = {.id = id,
                             .tenant_id = w->tenant,
                             .text_id = "text_nora2",
                             .call_id = "call_nora",
                             .n = n,
                             .message_sid = "MM1",
                             .media_sid = "ME1",
                             .state = DESK_PIC_WAITING,
                             .created_at = w->now - YESTERDAY * MIN_MS};
    struct desk_picfile f = {.key = desk_store_the_key(),
                             .path = desk_picfile_path(path, id, w->now),
                             .tenant_id = w->tenant,
                             .id = id};
    desk_buf_init(&jpeg, DESK_MAX_SMALL);
    if (!desk_file_read(&jpeg, desk_path_share(file, "tests/web/leak.jpg")))
        abort();
    f.bytes = (int64_t)jpeg.len;
    must(desk_picfile_write(&f, jpeg.p), "picture");
    f.small = true;
    must(desk_picfile_write(&f, jpeg.p), "small");
    p.kind = "jpeg", p.path = path, p.bytes = p.small_bytes = f.bytes;
    desk_buf_clear(&jpeg);
    must(DESK_TX_BEGIN(w->db), "begin");
    enum desk_rc rc = desk_picture_add(w->db, w->arena, &p, NULL);
    if (!rc)
        rc = strcmp(state, DESK_PIC_READY) == 0
                 ? desk_picture_kept(w->db, &p)
                 : desk_picture_not_kept(w->db, &p, state,
                                         "A file was sent that is no picture; it is not kept.");
    must(desk_tx_end(w->db, rc), "row");
}

static void seed_lead(struct world *w, const char *id, const char *contact, const char *name,
                      const char *job, const char *state)
{
    const struct desk_lead l = {.id = id,
                                .tenant_id = w->tenant,
                                .call_id = "call_nora",
                                .contact_id = contact,
                                .who_key = id,
                                .name = name,
                                .number = "+18605550171",
                                .job = job,
                                .budget = "under five thousand",
                                .timeline = "before the winter",
                                .address = "12 Mill Lane, Harwick",
                                .state = state,
                                .created_at = w->now - (YESTERDAY + 20) * MIN_MS,
                                .updated_at = w->now};
    must(DESK_TX_BEGIN(w->db), "begin");
    must(desk_tx_end(w->db, desk_lead_insert(w->db, &l)), "lead");
}

static void seed_texts(struct world *w)
{
    struct desk_contact nora, ed;
    struct desk_ticket t = {.id = "tick_seed",
                            .tenant_id = w->tenant,
                            .call_id = "call_nora",
                            .name = "Nora Quist",
                            .number = "+18605550171",
                            .system = "Lutron lighting",
                            .problem = "The hall stays dark since the storm",
                            .since_text = "since Sunday",
                            .priority = "high",
                            .state = "open",
                            .created_at = w->now - (YESTERDAY + 40) * MIN_MS,
                            .updated_at = w->now};
    world_call(w, &(struct world_call){.id = "call_nora0",
                                       .name = "Nora Quist",
                                       .number = "+18605550171",
                                       .ago_min = YESTERDAY + 34,
                                       .seconds = 90,
                                       .outcome = DESK_OUT_MESSAGE,
                                       .summary = "Asked about a leak under the sink.",
                                       .message_s = 9,
                                       .message = "It drips faster now"});
    world_call(w, &(struct world_call){.id = "call_nora",
                                       .number = "+18605550171",
                                       .ago_min = YESTERDAY + 33,
                                       .seconds = 600,
                                       .outcome = DESK_OUT_ANSWERED});
    world_call(w, &(struct world_call){.id = "call_ed",
                                       .name = "Ed Landline",
                                       .number = "+18605550172",
                                       .ago_min = YESTERDAY + 35,
                                       .seconds = 30,
                                       .outcome = DESK_OUT_ANSWERED});
    must(desk_db_script(w->db, "UPDATE call SET channel = 'text' WHERE id = 'call_nora'"), "text");
    must(desk_contact_by_number(w->db, w->arena, w->tenant, "+18605550171", &nora), "nora");
    must(desk_contact_by_number(w->db, w->arena, w->tenant, "+18605550172", &ed), "ed");
    seed_wrote(w, "text_nora1", "Hi, it leaks under the sink. Can somebody look at it?", 32, 0);
    seed_sent(w, "+18605550171", "reply:n1",
              "Harwick Plumbing: Yes, we can. Please text a picture or two.", 31,
              DESK_OUTBOX_DELIVERED, 0);
    seed_wrote(w, "text_nora2", "", 30, 2);
    seed_picture(w, "pic_seed0", 0, DESK_PIC_READY);
    seed_picture(w, "pic_seed1", 1, DESK_PIC_REFUSED);
    seed_sent(w, "+18605550171", "hand:n2",
              "Sal here. Shut the valve on the left, I am with you at four.", 29, DESK_OUTBOX_SENT,
              0);
    seed_sent(w, "+18605550172", "text:ed", "Your visit is tomorrow at nine.", 28,
              DESK_OUTBOX_REFUSED, 30006);
    must(DESK_TX_BEGIN(w->db), "begin");
    must(desk_text_mark(w->db, w->tenant, "+18605550172", 30006), "mark");
    must(desk_tx_end(w->db, desk_ticket_insert(w->db, &t)), "ticket");
    seed_lead(w, "lead_seed", nora.id, "Nora Quist", "A leak under the kitchen sink", "open");
    seed_lead(w, "lead_seed2", NULL, "Grace Kim", "A new bathroom, two basins", "won");
    must(DESK_TX_BEGIN(w->db), "begin");
    must(desk_tx_end(w->db, desk_pictures_to_lead(w->db, w->tenant, "call_nora", "lead_seed")),
         "to the lead");
}

#endif
