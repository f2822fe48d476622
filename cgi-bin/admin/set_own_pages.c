/* The settings pages over what a business may set beside its document: what is on each. */
#include "cgi-bin/admin/set_own.h"

#define END                                                                                        \
    {                                                                                              \
        .label = NULL                                                                              \
    }

/* ---- limits ---------------------------------------------------------------------------------- */

static const struct set_choice thens[] = {
    {"voicemail", "Callers are asked for a message"},
    {"ring", "Your phone rings"},
    {"short", "Callers are helped question by question (costs little)"},
    {NULL, NULL}};
static const struct own_field money[] = {
    {DESK_S_SPEND_MONTH_DOLLARS, OWN_DOLLARS, "All calls of a month, in dollars",
     "Empty: no limit.", NULL},
    {DESK_S_SPEND_HOUR_CENTS, OWN_CENTS, "All calls of an hour, in dollars",
     "Stops a bad night early. Empty: no limit.", NULL},
    {DESK_S_SPEND_CALLER_CENTS, OWN_CENTS, "One number in a day, in dollars", "Empty: no limit.",
     NULL},
    {DESK_S_SPEND_CALL_CENTS, OWN_CENTS, "One call, in dollars",
     "Then the caller is asked for a message. Empty: no limit but its length.", NULL},
    {DESK_S_SPEND_THEN, OWN_CHOICE, "What happens at a limit",
     "Somebody in need still reaches you: messages are read for emergencies.", thens},
    END,
};
static const struct own_field machines[] = {
    {DESK_S_LOOP_CALLS, OWN_NUMBER, "One number may call so often",
     "More often within the time below is a machine: it is asked for a message, and from three "
     "times as many on not answered. 0: never.",
     NULL},
    {DESK_S_LOOP_MINUTES, OWN_NUMBER, "Within so many minutes", "So far it looks back.", NULL},
    END,
};
static const struct own_field robots[] = {
    {DESK_S_MACHINE_WORDS, OWN_NUMBER, "Kinds of machine words",
     "“Leave a message”, “press one”: when nothing else is heard, of so many kinds. 0: never.",
     NULL},
    {DESK_S_MACHINE_REPEATS, OWN_NUMBER, "The same again, so often in a row",
     "Word for word, whatever is answered. 0: never.", NULL},
    END,
};
static const struct own_field lengths[] = {
    {DESK_S_CALL_MAX_S, OWN_NUMBER, "Longest call, in seconds", "1800 is half an hour.", NULL},
    {DESK_S_CALL_WARN_S, OWN_NUMBER, "Seconds before that the caller is told", "0: not at all.",
     NULL},
    {DESK_S_SILENCE_PROMPT_S, OWN_NUMBER, "Seconds of silence before “are you still there?”",
     "0: never.", NULL},
    {DESK_S_SILENCE_GOODBYE_S, OWN_NUMBER, "Seconds more before goodbye",
     "When nothing is said to that.", NULL},
    {DESK_S_NO_WORDS_S, OWN_NUMBER, "Seconds of noise without a word",
     "Then the same question, then goodbye. 0: never.", NULL},
    {DESK_S_UNPRODUCTIVE_TURNS, OWN_NUMBER, "Turns in a row that lead nowhere",
     "Then a person, or a recorded message. 0: no limit.", NULL},
    END,
};
static const struct own_section limits[] = {
    {"Money", "By what calls cost with your prices.", money},
    {"Numbers that call again and again", NULL, machines},
    {"Machines that talk", "Such a call is ended; never once an emergency was told.", robots},
    {"Length of a call", NULL, lengths},
    {NULL, NULL, NULL}};

/* ---- calls, callbacks and texts -------------------------------------------------------------- */

static const struct set_choice records[] = {{"off", "No"},
                                            {"own", "Yes: sealed, on this machine"},
                                            {"twilio", "Yes: Twilio keeps it"},
                                            {NULL, NULL}};
static const struct set_choice consents[] = {{"spoken", "Only after your consent line was said"},
                                             {"not_needed", "Without one"},
                                             {NULL, NULL}};
static const struct own_field callers[] = {
    {DESK_S_GREET_BY_NAME, OWN_TICK, "Callers we know are greeted by their name",
     "Where your greeting has one for them and the carrier does not doubt the number.", NULL},
    {DESK_S_RECORD_CALLS, OWN_CHOICE, "Record whole calls", "Ask what the law wants where you are.",
     records},
    {DESK_S_CONSENT_RULE, OWN_CHOICE, "Recording begins",
     "The line is under Answering, said before anything else.", consents},
    {DESK_S_TWILIO_TRANSCRIBE, OWN_TICK, "Twilio writes down recorded messages",
     "English, up to two minutes; Twilio charges for it.", NULL},
    END,
};
static const struct own_field callbacks[] = {
    {DESK_S_CALLBACK_DUE_MINUTES, OWN_NUMBER, "Due after so many minutes of opening hours",
     "Where no time was said.", NULL},
    {DESK_S_CALLBACK_URGENT_MINUTES, OWN_NUMBER, "Urgent ones after so many minutes",
     "At any hour.", NULL},
    {DESK_S_CALLBACK_REMIND_MINUTES, OWN_NUMBER, "Minutes before that you are reminded",
     "0: not at all.", NULL},
    {DESK_S_CALLBACK_REPEAT_MINUTES, OWN_NUMBER, "Minutes until you are told again of a missed one",
     "After the first time.", NULL},
    {DESK_S_CALLBACK_REPEATS, OWN_NUMBER, "So often at most", "After the first time.", NULL},
    END,
};
static const struct own_field texts[] = {
    {DESK_S_TEXT_AFTER_MESSAGE, OWN_TICK, "Callers who left a message get a text that you have it",
     "After a recorded one.", NULL},
    {DESK_S_TEXT_OWNER_MESSAGE, OWN_TICK, "You get a text when a message was left",
     "Who, when, and its first words.", NULL},
    {DESK_S_TEXT_APPOINTMENTS, OWN_TICK,
     "People get a text when their visit is booked, moved or cancelled", "With the day and time.",
     NULL},
    {DESK_S_TEXT_QUIET_FROM, OWN_NUMBER, "Texts that can wait: none from this hour on",
     "0 to 24, where the number is. Alerts to you go at any hour.", NULL},
    {DESK_S_TEXT_QUIET_TO, OWN_NUMBER, "Texts that can wait: again from this hour on",
     "The same as above: at any hour.", NULL},
    {DESK_S_TEXT_TALK_MINUTES, OWN_NUMBER, "A talk by text is over after so many quiet minutes",
     "A text after that begins a new one.", NULL},
    {DESK_S_TEXT_BY_HAND_MINUTES, OWN_NUMBER,
     "Minutes that Frontdesk stays out after you wrote by hand",
     "Their texts come to you meanwhile.", NULL},
    {DESK_S_TEXT_ANSWER_STOP, OWN_TICK, "Frontdesk itself answers STOP, START and HELP",
     "Only where Twilio does not.", NULL},
    END,
};
static const struct set_choice reminds[] = {{"text", "A text"},
                                            {"call", "A call"},
                                            {"both", "A text and a call"},
                                            {"off", "Nothing"},
                                            {NULL, NULL}};
static const struct set_choice onmachines[] = {{"message", "Says who called, and the number"},
                                               {"hang_up", "Hangs up, and a text is sent"},
                                               {NULL, NULL}};
static const struct set_choice agreed[] = {
    {"booking", "Everybody who gave a number with the booking"},
    {"asked", "Only who agreed to such calls"},
    {NULL, NULL}};
static const struct set_choice vips[] = {{"off", "Nothing"},
                                         {"text", "A text to those who agreed"},
                                         {"owner", "You are told, and greet them yourself"},
                                         {NULL, NULL}};
static const struct own_field reminders[] = {
    {DESK_S_APPOINTMENT_REMINDERS, OWN_HOURS, "Hours before a visit",
     "Several with a space between, like 48 3. none: no reminders.", NULL},
    {DESK_S_REMIND_BY, OWN_CHOICE, "They get", "Where “What you are told” says nothing else.",
     reminds},
    {DESK_S_REMIND_ON_MACHINE, OWN_CHOICE, "When an answering machine takes the call",
     "A call that reminds.", onmachines},
    {DESK_S_REMIND_CONSENT, OWN_CHOICE, "Who may be called by such a call", "Nobody who said no.",
     agreed},
    {DESK_S_REMIND_RETRY_MINUTES, OWN_NUMBER, "Minutes until a second try",
     "After that a text is sent.", NULL},
    {DESK_S_REMIND_CALLS_A_DAY, OWN_NUMBER, "So many such calls in a day at most",
     "The others are texts.", NULL},
    {DESK_S_VIP_GREETINGS, OWN_CHOICE, "Birthdays of key customers", "And anniversaries.", vips},
    END,
};
static const struct set_choice sheets[] = {
    {"leads", "Leads"}, {"calls", "Calls"}, {"both", "Both"}, {NULL, NULL}};
static const struct set_choice dtools[] = {
    {"off", "No"}, {"dry", "Only try: nothing is written"}, {"on", "Yes"}, {NULL, NULL}};
static const struct own_field records_kept[] = {
    {DESK_S_GOOGLE_SHEET, OWN_LINE, "Google Sheet", "The long word in its address, after /d/.",
     NULL},
    {DESK_S_SHEET_ROWS, OWN_CHOICE, "What goes into it", "A row for each.", sheets},
    {DESK_S_DTOOLS_LEADS, OWN_CHOICE, "New leads go to D-Tools Cloud",
     "As a client and an opportunity.", dtools},
    {DESK_S_AUDIT_KEEP_DAYS, OWN_NUMBER, "Days that “who looked at what” is kept", "30 to 3660.",
     NULL},
    END,
};
static const struct own_section rules[] = {
    {"Calls", NULL, callers},       {"Callbacks", NULL, callbacks},  {"Texts", NULL, texts},
    {"Reminders", NULL, reminders}, {"Records", NULL, records_kept}, {NULL, NULL, NULL}};

/* ---- how it listens: for those who know why -------------------------------------------------- */

static const struct set_choice brains[] = {{"auto", "The model where one is set up"},
                                           {"rules", "Frontdesk’s own rules"},
                                           {"model", "The model"},
                                           {NULL, NULL}};
static const struct set_choice notes[] = {
    {"auto", "The model where one is set up"}, {"rules", "Frontdesk’s own rules"}, {NULL, NULL}};
static const struct set_choice detections[] = {
    {"server_vad", "By silence"}, {"semantic_vad", "By what is said"}, {NULL, NULL}};
static const struct set_choice eagers[] = {{"auto", "As usual (after 4 s at most)"},
                                           {"low", "Late (after 8 s)"},
                                           {"medium", "In between (after 4 s)"},
                                           {"high", "Soon (after 2 s)"},
                                           {NULL, NULL}};
static const struct own_field thinks[] = {
    {DESK_S_BRAIN, OWN_CHOICE, "Who thinks in talks by text",
     "When the model fails, the rules go on.", brains},
    {DESK_S_NOTES_BY, OWN_CHOICE, "Who sums a call up", "Health data never goes to a model.",
     notes},
    {DESK_S_SESSION_TIMEOUT_S, OWN_NUMBER, "Seconds until a quiet talk with a program is over",
     NULL, NULL},
    END,
};
static const struct own_field listens[] = {
    {DESK_S_BARGE_IN_CONFIRM_MS, OWN_NUMBER, "Milliseconds of voice that interrupt", NULL, NULL},
    {DESK_S_BARGE_IN_ECHO_DB, OWN_NUMBER, "Louder than the echo by (dB)", NULL, NULL},
    {DESK_S_BARGE_IN_RESUME_MS, OWN_NUMBER, "Milliseconds without words until it goes on", NULL,
     NULL},
    {DESK_S_VAD_MARGIN_DB, OWN_NUMBER, "Louder than the noise of the line by (dB)", NULL, NULL},
    {DESK_S_VAD_LEAST_DBFS, OWN_NUMBER, "Quietest speech (dB below the loudest)", NULL, NULL},
    {DESK_S_VOICE_TONE, OWN_NUMBER, "Purity of a voice (percent)", NULL, NULL},
    {DESK_S_TURN_DETECTION, OWN_CHOICE, "How the end of a sentence is found", NULL, detections},
    {DESK_S_TURN_THRESHOLD, OWN_NUMBER, "Loud and clear enough (percent)", NULL, NULL},
    {DESK_S_TURN_PREFIX_MS, OWN_NUMBER, "Milliseconds that belong to a voice before it begins",
     NULL, NULL},
    {DESK_S_TURN_SILENCE_MS, OWN_NUMBER, "Milliseconds of silence that end a sentence", NULL, NULL},
    {DESK_S_TURN_EAGERNESS, OWN_CHOICE, "How soon words count as finished", NULL, eagers},
    {DESK_S_SPEECH_MAX_S, OWN_NUMBER, "Seconds of speech without a pause", NULL, NULL},
    {DESK_S_LEAD_SILENCE_MS, OWN_NUMBER, "Milliseconds of silence before the first word", NULL,
     NULL},
    {DESK_S_TOOL_FILLER_MS, OWN_NUMBER, "Milliseconds until “one moment”", NULL, NULL},
    END,
};
static const struct own_section hearing[] = {
    {"Thinking", NULL, thinks},
    {"Listening", "Change one at a time, and call yourself.", listens},
    {NULL, NULL, NULL}};

/* ---- the table ------------------------------------------------------------------------------- */

const struct own_page own_pages[] = {
    {"limits", "Limits", NULL, "Save the limits", limits, true},
    {"rules", "Calls, callbacks and texts", NULL, "Save these rules", rules, false},
    {"hearing", "How it listens",
     "For whoever knows this line well. As it comes it is right for most.", "Save how it listens",
     hearing, false},
    {NULL, NULL, NULL, NULL, NULL, false}};
