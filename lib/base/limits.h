/* Every maximum in the house, in one place. Bytes unless the name says otherwise. */
#ifndef DESK_BASE_LIMITS_H
#define DESK_BASE_LIMITS_H

/* web floor */
#define DESK_MAX_BODY           (4 * 1024 * 1024)  /* request body we read */
#define DESK_MAX_FORM_FIELDS    4096               /* name=value pairs in one form or query */
#define DESK_MAX_REPLY          (2 * 1024 * 1024)  /* one reply */
#define DESK_MAX_REPLY_HEADERS  (32 * 1024)        /* extra header lines of one reply */
#define DESK_MAX_REQUEST_ARENA  (16 * 1024 * 1024) /* memory of one request */
#define DESK_MAX_TWIML          (64 * 1000)        /* Twilio refuses more (error 11750) */
#define DESK_MAX_SAY            4000               /* characters in one <Say> (limit 4096) */
#define DESK_MAX_PAGE_ROWS      50
#define DESK_MAX_TEMPLATE       (256 * 1024)      /* one template file */
#define DESK_MAX_TEMPLATE_FILES 64                /* files in one page, includes counted */
#define DESK_MAX_AUDIO_BODY     (2 * 1024 * 1024) /* request body with sound in it */
#define DESK_MAX_STORY_ROWS     2000              /* turns or events shown of one call */

/* bridge */
#define DESK_MAX_MEDIA_MSG     (64 * 1024)       /* one Media Streams message */
#define DESK_MAX_REALTIME_MSG  (4 * 1024 * 1024) /* one Realtime event */
#define DESK_MAX_CALLS         1000              /* streams in one bridge process */
#define DESK_MAX_AUDIO_IN_MS   10000         /* caller audio waiting for the model: drop oldest */
#define DESK_MAX_AUDIO_OUT_MS  300000        /* model audio waiting for Twilio */
#define DESK_MAX_TEXT_QUEUE    (1024 * 1024) /* control messages waiting on one leg: close call */
#define DESK_MAX_TOOLS_AT_ONCE 8             /* tool calls of one call waiting for results */
#define DESK_MAX_TOOLS_IN_CALL 200           /* in all: a model may run in circles */
#define DESK_MAX_TOOLS_UNHEARD 16            /* in a row, while the caller hears nothing */
#define DESK_MAX_CALL_LINES    4000  /* turns and events of one call written by the bridge */
#define DESK_MAX_TOOL_QUEUE    256   /* waiting for a thread of the tool pool */
#define DESK_MAX_SCRIBE_JOBS   20000 /* waiting for the database */
#define DESK_MAX_KEYS          32    /* keys pressed in a row */
#define DESK_MAX_BAD_MESSAGES  5     /* of one peer, before the call leaves the stream */
#define DESK_MAX_MODEL_NOTES   20    /* lines of trouble with the model on one timeline */
#define DESK_MAX_STORY         16384 /* of a call, kept for a session that takes over */
#define DESK_MAX_STORY_LINE    3072  /* one line of it */
#define DESK_MAX_STORY_LINES   200
#define DESK_MAX_WARM          32     /* sessions made ahead of their calls' streams */
#define DESK_MAX_GREETING      160000 /* µ-law bytes of a kept greeting: 20 s */
#define DESK_MAX_GREETINGS     64     /* files of them */
#define DESK_MAX_REC_WAIT_MS   60000  /* of one recording's sound waiting for the disk */
#define DESK_MAX_REC_WAIT      (32 * 1024 * 1024) /* of all recordings' */
#define DESK_MAX_VIEWERS       64                 /* browsers that watch, in one bridge process */
#define DESK_MAX_VIEWER_QUEUE  (256 * 1024)       /* bytes waiting for one of them: it is closed */
#define DESK_MAX_ORDERS        4                  /* of the owner's, waiting in one call */
#define DESK_MAX_NOISE_NOTES   20 /* lines of noises not taken for speech on one timeline */

/* speech */
#define DESK_MAX_APPEND   (1024 * 1024)     /* audio bytes in one append: a minute and more */
#define DESK_MAX_DOOR     (8 * 1024 * 1024) /* one request of sound or text to be heard or spoken */
#define DESK_MAX_DOORS    32                /* of them at a time */
#define DESK_MAX_HEAR_S   300               /* seconds of one file that is heard */
#define DESK_MAX_INPUT    4096              /* characters of one text that is spoken */
#define DESK_MAX_LM       (4 * 1024 * 1024) /* a language model's text */
#define DESK_MAX_LM_WORDS 8192              /* different words in one; under 65536 */
#define DESK_MAX_LM_PAIRS 100000            /* word pairs in one */

/* conversation */
#define DESK_MAX_TURN_TEXT  8192
#define DESK_MAX_TOOL_ARGS  16384
#define DESK_MAX_TOOL_REPLY 16384
#define DESK_MAX_PROMPT     65536
#define DESK_MAX_TEXT       1600 /* one text message (Twilio's most) */
#define DESK_MAX_MASK       8192 /* of a text that is masked for the log; the rest is cut */

/* businesses */
#define DESK_MAX_BUSINESS_FILE  (256 * 1024) /* a profile as a file */
#define DESK_MAX_BUSINESS_ARENA (4 * 1024 * 1024)
#define DESK_MAX_BUSINESS_LIST  100 /* items read of one list of a profile */
#define DESK_MAX_LOCATIONS      50  /* of one business */
#define DESK_MAX_PROBLEMS       20  /* of one file told at once */
#define DESK_MAX_SCHEMA_DEPTH   64  /* nesting of values, and of schemas in schemas */

/* contacts, and files of them */
#define DESK_MAX_CSV_FILE   (32 * 1024 * 1024)
#define DESK_MAX_CSV_CELLS  100        /* of one row */
#define DESK_MAX_CSV_CELL   (8 * 1024) /* one cell */
#define DESK_MAX_CSV_BATCH  200        /* rows written in one transaction */
#define DESK_MAX_LEAD_AGE_H 24         /* the same job within it is the same lead */

/* hours and dates */
#define DESK_MAX_HOURS_SPANS 8   /* of one day */
#define DESK_MAX_HOURS_RULES 200 /* closures, special days and exceptions of one location */
#define DESK_MAX_HOURS_LABEL 64
#define DESK_MAX_DATE_WORDS  200 /* of one sentence that are read */
#define DESK_MAX_DAYS_AHEAD  400 /* how far an opening is looked for */

/* calendar */
#define DESK_MAX_SLOTS          50                /* free times found at once */
#define DESK_MAX_SLOT_RESOURCES 101               /* people or chairs of one location */
#define DESK_MAX_BUSY           20000             /* visits looked at for one search, in a week */
#define DESK_MAX_APPOINTMENTS   2000              /* read at once */
#define DESK_MAX_ICS            (1024 * 1024)     /* one calendar file */
#define DESK_MAX_ICS_READ       (8 * 1024 * 1024) /* one of somebody else's: years of it */

/* judging what is said (lib/core) */
#define DESK_MAX_JUDGE_TEXT  2000 /* of a long text the end is judged */
#define DESK_MAX_JUDGE_WORDS 700  /* in it, written out */
#define DESK_MAX_BECAUSE     160  /* the reason of a decision, for a person */

/* text model */
#define DESK_MAX_SSE          (256 * 1024) /* one record of a stream of events */
#define DESK_MAX_CHAT_REQUEST (512 * 1024) /* one request to a text model */
#define DESK_MAX_CHAT_TEXT    16384        /* words of one answer */
#define DESK_MAX_CHAT_CALLS   8            /* tool calls in one answer */
#define DESK_MAX_CHAT_ROUNDS  5            /* answers of a model in one turn: tools between them */
#define DESK_MAX_BRAIN_TURNS  200          /* turns of a call that a brain is told */
#define DESK_MAX_BRAIN_SAY    3000         /* words of one turn */
#define DESK_MAX_THINK_QUEUE  64           /* turns waiting for a thread that thinks */
#define DESK_MAX_TALK_TURNS   60           /* a talk that is longer helps nobody: take a message */

/* clients of the outside */
#define DESK_MAX_HTTP_BODY        (4 * 1024 * 1024) /* one reply, unless the caller says otherwise */
#define DESK_MAX_TWILIO_REPLY     (256 * 1024)      /* one resource */
#define DESK_MAX_GOOGLE_REPLY     (4 * 1024 * 1024) /* one page of a list of events */
#define DESK_MAX_TELEGRAM_REPLY   (64 * 1024)       /* one answer of the Bot API */
#define DESK_MAX_TELEGRAM_UPDATE  (64 * 1024)       /* what somebody wrote to the bot */
#define DESK_TELEGRAM_UPDATES     10                /* of them are asked for at a time */
#define DESK_MAX_TELEGRAM_UPDATES (1024 * 1024)     /* and come in one answer */
#define DESK_MAX_DTOOLS_REPLY     (4 * 1024 * 1024) /* a page of clients or opportunities */
#define DESK_MAX_TWILIO_FORM      (64 * 1024)       /* what we send to make one */
#define DESK_MAX_OUTBOX_ROW       (256 * 1024)      /* memory of one delivery */
#define DESK_MAX_OUTBOX_WORK      (16 * 1024 * 1024) /* what a delivery reads of the database for it */
#define DESK_MAX_FETCH                                                                             \
    (1024LL * 1024 * 1024)                    /* a recording at Twilio: four hours of both sides   \
                                               */
#define DESK_MAX_PICTURE   (8 * 1024 * 1024)  /* one picture of a text (Twilio takes 5 MB) */
#define DESK_MAX_PICTURES  10                 /* of one text (Twilio's most) */
#define DESK_MAX_SMALL     (128 * 1024)       /* its small likeness */
#define DESK_MAX_PIXELS    (60 * 1000 * 1000) /* of a picture that gets one */
#define DESK_MAX_STT_SOUND (24 * 1024 * 1024) /* sent to be written down (OpenAI takes 25 MB) */
#define DESK_MAX_STT_REPLY (256 * 1024)
#define DESK_MAX_STT_WORDS 8000 /* bytes kept of what it wrote */

/* judging */
#define DESK_MAX_JUDGE_LINE   (64 * 1024)   /* one line of an evaluation set */
#define DESK_MAX_JUDGE_PLACES (1024 * 1024) /* the businesses that its lines speak of */

/* simulator */
#define DESK_MAX_SIM_CALLS    500
#define DESK_MAX_SIM_STEPS    1000   /* lines of a script */
#define DESK_MAX_SIM_LINE     4000   /* characters in one line of a script */
#define DESK_MAX_SIM_AUDIO_MS 600000 /* one spoken line or sound file */
#define DESK_MAX_SIM_SECONDS  7200   /* one call, and so one recording */
#define DESK_MAX_SIM_URL      2048
#define DESK_MAX_SIM_FIELDS   64               /* form fields of one webhook */
#define DESK_MAX_SIM_DOCS     300              /* TwiML documents in one call */
#define DESK_MAX_SIM_MSG      (1024 * 1024)    /* one message from the receptionist's stream */
#define DESK_MAX_SIM_PLAYOUT  (8000 * 60 * 30) /* her audio waiting to be played: 30 minutes */
#define DESK_MAX_SIM_MARKS    10000
#define DESK_MAX_SIM_OUT      (2 * 1024 * 1024) /* messages waiting for a server that does not read */

#endif
