/* What is said before a call about its being recorded, and the recordings that Twilio makes: begun
 * by <Start><Recording>, reported to /voice/recording-status?of=call. Our own are the bridge's. */
#include "cgi-bin/hook/hook.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/ids.h"
#include "store/outbox.h"
#include "store/recordings.h"
#include "store/settings.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define FETCH_WAIT_MS                                                                              \
    20000 /* for Twilio's word that it is ready; without it we try all the same                    \
           */

static bool is(const struct desk_tenant_settings *s, enum desk_setting_id id, const char *value)
{
    return strcmp(desk_tenant_setting(s, id), value) == 0;
}

enum desk_rc hook_record_note(struct desk_request *req, const struct desk_call *c,
                              const char *consent, bool *twilio)
{
    struct desk_tenant_settings s;
    bool told = consent && *consent;
    *twilio = false;
    enum desk_rc rc = desk_tenant_settings_load(req->db, req->arena, c->tenant_id, &s);
    if (!rc && told)
        rc = hook_event(req, c, "rule", "consent_said",
                        desk_arena_fmt(req->arena, "Said before anything else: “%s”", consent),
                        DESK_CONSENT_DEDUPE);
    if (rc || !is(&s, DESK_S_RECORD_CALLS, DESK_REC_TWILIO))
        return rc;
    bool needed = !is(&s, DESK_S_CONSENT_RULE, DESK_CONSENT_NOT_NEEDED);
    *twilio = told || !needed;
    return hook_event(
        req, c, "rule", *twilio ? "recorded" : "not_recorded",
        *twilio ? "Twilio was asked to record this call."
                : "Not recorded: this business has no consent line, so the caller was not told.",
        "record");
}

void hook_record_verb(const struct desk_request *req, struct desk_twiml *t)
{
    desk_twiml_start_open(t);
    desk_twiml_recording(t, &(struct desk_twiml_recording){
                                .status_callback = hook_url(req, "/voice/recording-status?of=call"),
                                .status_callback_event = "completed absent",
                                .channels = "dual",
                                .track = "both",
                                .trim = "do-not-trim"});
    desk_twiml_close(t);
}

enum desk_rc hook_record_insert(struct desk_request *req, const struct desk_call *c,
                                const char *kind, const char *sid, int64_t seconds)
{
    char id[DESK_ID_LEN];
    int64_t told = 0, now = desk_now_ms();
    bool message = strcmp(kind, DESK_REC_MESSAGE) == 0;
    enum desk_rc rc = desk_consent_spoken_at(req->db, c->tenant_id, c->id, &told);
    if (rc)
        return rc;
    rc = desk_recording_insert(
        req->db,
        &(struct desk_recording){.id = desk_id_new(id, "rec"),
                                 .tenant_id = c->tenant_id,
                                 .call_id = c->id,
                                 .kind = kind,
                                 .state = DESK_REC_READY,
                                 .twilio_sid = sid,
                                 .url = hook_text(req, "RecordingUrl"),
                                 .ms = seconds * 1000,
                                 .consent = message ? DESK_CONSENT_MESSAGE
                                            : told  ? DESK_CONSENT_SPOKEN
                                                    : DESK_CONSENT_NOT_NEEDED,
                                 .consent_at = message ? 0 : told,
                                 .started_at = message ? now - seconds * 1000 : c->started_at,
                                 .ended_at = now});
    if (rc == DESK_ECONFLICT)
        rc = desk_recording_length(req->db, c->tenant_id, sid, seconds * 1000);
    return rc;
}

enum desk_rc hook_record_fetch(struct desk_request *req, const struct desk_call *c, const char *sid,
                               bool ready)
{
    if (!*desk_setting(DESK_S_TWILIO_ACCOUNT_SID) || !desk_setting_bool(DESK_S_FETCH_RECORDINGS))
        return DESK_OK;
    json_t *root = json_pack("{s:s}", "recording", sid);
    char *payload = root ? json_dumps(root, JSON_COMPACT) : NULL;
    const struct desk_outbox_new row = {.tenant_id = c->tenant_id,
                                        .call_id = c->id,
                                        .kind = DESK_OUTBOX_FETCH,
                                        .dedupe = desk_arena_fmt(req->arena, "fetch:%s", sid),
                                        .payload = payload,
                                        .priority = DESK_OUTBOX_NORMAL,
                                        .wait_ms = ready ? 0 : FETCH_WAIT_MS};
    enum desk_rc rc = payload && row.dedupe ? desk_outbox_add(req->db, &row) : DESK_ENOMEM;
    json_decref(root);
    free(payload);
    if (rc == DESK_ECONFLICT)
        rc = ready ? desk_outbox_hurry(req->db, c->tenant_id, row.dedupe) : DESK_OK;
    return rc;
}

enum desk_rc hook_record_keep(struct desk_request *req, const struct desk_call *c)
{
    const char *sid = hook_text(req, "RecordingSid");
    const struct desk_value *seconds = desk_param(req, "RecordingDuration");
    int64_t n = seconds->error ? 0 : seconds->num;
    if (!*sid)
        return DESK_DONE;
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    if (rc)
        return rc;
    rc = hook_record_insert(req, c, DESK_REC_TWILIO, sid, n);
    if (!rc)
        rc = hook_event(
            req, c, "note", "recording_kept",
            desk_arena_fmt(req->arena, "Twilio keeps a recording of %lld seconds.", (long long)n),
            sid);
    if (!rc)
        rc = hook_record_fetch(req, c, sid, true);
    return desk_tx_end(req->db, rc);
}
