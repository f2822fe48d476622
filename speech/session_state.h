/* What a session is made of, for the files it is written in: session.c (the caller's turns and the
 * client's events), session_items.c (what was said), session_response.c (answers), session_voice.c
 * (their sound), session_resume.c (what was said before). Not for other files: those use session.h.
 */
#ifndef SPEECH_SESSION_STATE_H
#define SPEECH_SESSION_STATE_H

#include "base/ids.h"
#include "base/limits.h"
#include "core/voice.h"
#include "speech/audio.h"
#include "speech/session.h"
#include "speech/session_config.h"
#include "wire/realtime_server.h"

#define MAX_ITEMS      512
#define MAX_INPUTS     16
#define MAX_HEARING    16 /* HEAR jobs of one session at a time: the workers are everybody's */
#define MAX_ITEM_TEXT  DESK_MAX_PROMPT      /* of all texts of one item */
#define MAX_UTTERANCE  (30 * DESK_STT_RATE) /* samples: longer speech is cut here */
#define PREFIX_SAMPLES (3 * DESK_STT_RATE / 2)
#define DELTA_BYTES    800  /* 100 ms of µ-law in one delta */
#define NUMBER_PAUSE   1100 /* ms: people breathe between the groups of a telephone number */
#define SESSION_LIFE_S 3600
#define MAX_VOCABULARY 16384
#define MAX_PIECES     24 /* sentences of one response whose places are kept */

struct item {
    char id[DESK_ID_LEN];
    enum desk_rt_item_type type;
    enum desk_rt_role role;
    enum desk_rt_status status;
    bool audio;
    int64_t audio_ms;
    char *text, *call_id, *name, *arguments, *output;
};

struct input { /* not yet given to the brain */
    enum desk_dialog_event event;
    char *text;
};

enum phase { IDLE, WAITING, SPEAKING, PLAYING };

struct piece { /* one sentence of a response: where it ends in the text and in the sound */
    size_t text, audio;
};

struct response {
    enum phase phase;
    char id[DESK_ID_LEN];
    json_t *metadata;
    char *verbatim; /* to be said as it is, or NULL */
    bool greeting, text_only;
    struct desk_dialog_output out;
    char message_id[DESK_ID_LEN], call_item_id[DESK_ID_LEN]; /* "" = none */
    struct desk_buf audio;
    size_t sent;
    size_t said; /* of out.say, in transcript deltas: in step with sent */
    int64_t play_from;
    struct piece made[MAX_PIECES];
    size_t n_made;
    bool making;  /* a SPEAK job is out, */
    uint64_t tag; /* that one, */
    size_t asked; /* for the text up to here */
};

struct desk_speech {
    struct desk_speech_host host;
    uint64_t number, tags;
    struct desk_rts rts;
    struct desk_buf event; /* one event is built here, then sent */
    struct desk_speech_config config;
    const struct desk_brain_backend *brain_of;
    void *brain;
    struct item items[MAX_ITEMS];
    size_t n_items;
    struct input inputs[MAX_INPUTS];
    size_t n_inputs;
    int hearing;      /* HEAR jobs out */
    bool owes_answer; /* a turn ended while a response was on its way */
    bool tool_is_out; /* a function call waits for its output */
    bool has_spoken;
    bool resumes; /* what was said in another session has been told, and nothing said to it yet */
    char owed_tool[40], owed_args[2000]; /* of a response the client cancelled */
    struct response response;
    int64_t idle_at; /* 0 = not armed */

    struct desk_audio in, out;
    struct desk_buf fresh; /* samples just decoded */
    struct desk_vad vad;
    struct desk_voice voice; /* the second opinion: */
    bool in_turn;            /* somebody speaks, and the client was told */
    int voiced_ms, loud_ms;  /* of what the VAD takes for speech, before that */
    int moves;               /* and how often its level jumped */
    double levels_db[2];     /* of the last two frames */
    int64_t onset_ms;
    int16_t frame[DESK_VAD_FRAME];
    size_t frame_fill;
    int16_t *speech; /* MAX_UTTERANCE samples; while nobody speaks, the last PREFIX_SAMPLES */
    size_t speech_n;
    int64_t heard_ms; /* of audio, in the session */
    char speech_id[DESK_ID_LEN];
};

/* Build one event and send it: EMIT(s, desk_rts_…, arguments behind out). */
#define EMIT(s, fn, ...) (fn(&(s)->rts, &(s)->event, __VA_ARGS__), desk_speech_event_send(s))

void desk_speech_event_send(struct desk_speech *s);
void desk_speech_error_send(struct desk_speech *s, const char *code, const char *message,
                            const char *param, const char *event_id);

/* items, in the order of the conversation; id NULL or "" makes a new one, the oldest makes room;
 * announce: added, and done. A pointer to one holds until the next is made or removed. */
void desk_speech_item_clear(struct item *it);
/* malloc'd, NULL for "" */
char *desk_speech_text_copy(const char *text);
struct item *desk_speech_item_find(struct desk_speech *s, const char *id);
void desk_speech_item_remove(struct desk_speech *s, size_t i);
struct item *desk_speech_item_new(struct desk_speech *s, const char *id,
                                  enum desk_rt_item_type type, enum desk_rt_role role);
struct item *desk_speech_item_insert(struct desk_speech *s, size_t at, const char *id,
                                     enum desk_rt_item_type type, enum desk_rt_role role);
/* Where the client wants an item: behind that one, "root" = first, "" = last. False: no such one.
 */
bool desk_speech_item_place(struct desk_speech *s, const char *previous, size_t *at);
/* id of the one before it; NULL: it is the first */
const char *desk_speech_item_before(const struct desk_speech *s, const struct item *it);
struct desk_rts_item desk_speech_item_view(const struct item *it);
void desk_speech_item_announce(struct desk_speech *s, const struct item *it, bool done);

/* what the brain has not been told yet */
void desk_speech_input_push(struct desk_speech *s, enum desk_dialog_event event, const char *text);
void desk_speech_inputs_clear(struct desk_speech *s);
void desk_speech_results_drop(struct desk_speech *s); /* of tools */

/* a talk that began elsewhere; told: the client has told all of it; resume: the brain's first step
 * in it, which takes the waiting inputs */
void desk_speech_told(struct desk_speech *s);
void desk_speech_resume(struct desk_speech *s, struct desk_dialog_output *out);

/* responses; advance: think as soon as nothing is being heard; say: speak out.say; pace: send what
 * is due; spoken: a SPEAK job came back; finish, fail: all is sent, or nothing more can be */
void desk_speech_advance(struct desk_speech *s);
void desk_speech_response_start(struct desk_speech *s, const json_t *params);
void desk_speech_response_cancel(struct desk_speech *s, const char *reason);
void desk_speech_say(struct desk_speech *s);
void desk_speech_response_finish(struct desk_speech *s);
void desk_speech_response_fail(struct desk_speech *s);
/* An emergency that the instructions tell of is taken up now, if nothing else goes on. */
void desk_speech_alarm(struct desk_speech *s);
void desk_speech_pace(struct desk_speech *s, int64_t now);
void desk_speech_spoken(struct desk_speech *s, struct desk_job *job);

#endif
