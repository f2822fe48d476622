/* The settings pages that are forms over the business's document: what is on each. */
#include "cgi-bin/admin/set.h"

#include <string.h>

#define END                                                                                        \
    {                                                                                              \
        .path = NULL                                                                               \
    }
#define CHOICES (const struct set_choice[])

static const struct set_choice days[] = {
    {"mon", "Monday"}, {"tue", "Tuesday"},  {"wed", "Wednesday"}, {"thu", "Thursday"},
    {"fri", "Friday"}, {"sat", "Saturday"}, {"sun", "Sunday"},    {NULL, NULL}};
static const struct set_choice ways[] = {{"sms", "a text"}, {"telegram", "Telegram"}, {NULL, NULL}};

/* ---- opening hours --------------------------------------------------------------------------- */

static const struct set_field week[] = {
    {"hours.weekly", SET_ALWAYS, "Open day and night", .help = "Then the days below do not count."},
    {"hours.weekly.mon", SET_SPANS, "Monday",
     .help = "Like 8 am to 12 pm, 1 pm to 5 pm. Empty: closed."},
    {"hours.weekly.tue", SET_SPANS, "Tuesday", .help = NULL},
    {"hours.weekly.wed", SET_SPANS, "Wednesday", .help = NULL},
    {"hours.weekly.thu", SET_SPANS, "Thursday", .help = NULL},
    {"hours.weekly.fri", SET_SPANS, "Friday", .help = NULL},
    {"hours.weekly.sat", SET_SPANS, "Saturday", .help = NULL},
    {"hours.weekly.sun", SET_SPANS, "Sunday", .help = NULL},
    {"hours_spoken", SET_LONG, "How they are said on the phone", .max = 400,
     .help = "Like: Monday to Friday from eight to five."},
    {"zone", SET_LINE, "Time zone", .help = "Like America/New_York."},
    END,
};
static const struct set_list holidays = {
    "hours.closures", "Holiday", "date",
    (const struct set_field[]){
        {"date", SET_DATE, "Day", .flags = SET_NEEDED},
        {"label", SET_LINE, "What it is", .max = 60, .help = "Callers hear it when they ask."},
        END}};
static const struct set_list special = {
    "hours.special", "Day", "spans",
    (const struct set_field[]){
        {"date", SET_DATE, "Day", .flags = SET_KEY | SET_NEEDED},
        {"spans", SET_SPANS, "Open", .flags = SET_NEEDED, .help = "Like 8 am to 12 pm."},
        {"label", SET_LINE, "What it is", .max = 60},
        END}};
static const struct set_section hours[] = {
    {"The week", NULL, week, NULL},
    {"Holidays", "Closed all day. A day that is over does nothing any more.", NULL, &holidays},
    {"Days with other hours", "Like Christmas Eve until noon.", NULL, &special},
    {NULL, NULL, NULL, NULL}};

/* ---- who to ring ----------------------------------------------------------------------------- */

static const struct set_field owner[] = {
    {"owner.name", SET_LINE, "Name", .max = 120},
    {"owner.phone", SET_PHONE, "Phone", .help = "Rung for you, and texted of emergencies."},
    {"owner.also", SET_WHO, "Other names callers use", .help = "With commas between."},
    {"owner.telegram", SET_LINE, "Telegram chat", .max = 40,
     .help = "The number of your chat with the bot, or @channel."},
    {"owner.pin", SET_PIN, "New PIN for asking by phone",
     .help = "4 to 8 digits. Never shown; leave it empty to keep the one you have."},
    END,
};
static const struct set_list staff = {
    "staff", "Person", "name",
    (const struct set_field[]){{"name", SET_LINE, "Name", .max = 120, .flags = SET_NEEDED},
                               {"phone", SET_PHONE, "Phone", .help = NULL},
                               {"role", SET_LINE, "What they do", .max = 120},
                               {"also", SET_WHO, "Other names callers use", .help = NULL},
                               {"services", SET_DOES, "Visits they make",
                                .help = "Names of services with commas between, or all."},
                               END}};
static const struct set_list on_call = {
    "on_call", "Shift", NULL,
    (const struct set_field[]){
        {"who", SET_WHO, "Who", .flags = SET_NEEDED, .help = "Names with commas between."},
        {"days", SET_MULTI, "Days the shift begins on", .choices = days, .flags = SET_DROP_EMPTY,
         .help = "None ticked: every day."},
        {"from", SET_CLOCK, "From", .help = "Empty: all day."},
        {"to", SET_CLOCK, "To", .help = "Before “from”: until the next morning."},
        {"first", SET_DATE, "First day", .help = NULL},
        {"last", SET_DATE, "Last day", .help = NULL},
        END}};
static const struct set_list groups = {
    "ring_groups", "Group", NULL,
    (const struct set_field[]){{"name", SET_LINE, "Name", .max = 40, .flags = SET_KEY | SET_NEEDED,
                                .help = "One word of small letters, like office."},
                               {"who", SET_WHO, "Who", .flags = SET_NEEDED},
                               {"how", SET_CHOICE, "How they are rung", .otherwise = "in_turn",
                                .choices = CHOICES{{"in_turn", "One after the other"},
                                                   {"together", "All at once"},
                                                   {NULL, NULL}}},
                               {"seconds", SET_INT, "Seconds each", .max = 60},
                               END}};
static const struct set_field transfer[] = {
    {"transfer.seconds", SET_INT, "Seconds a phone rings", .max = 60, .help = "5 to 60."},
    {"transfer.whisper", SET_BOOL, "Whoever is rung hears who calls, and accepts by a key",
     .otherwise = "1"},
    END,
};
static const struct set_section people[] = {
    {"You", NULL, owner, NULL},
    {"People", "Callers can ask for them by name.", NULL, &staff},
    {"On call", "The first row that fits counts; when none does it is you.", NULL, &on_call},
    {"Groups", "Several phones under one name.", NULL, &groups},
    {"Putting through", NULL, transfer, NULL},
    {NULL, NULL, NULL, NULL}};

/* ---- answering ------------------------------------------------------------------------------- */

static const struct set_choice modes[] = {{"", "As this machine is set up"},
                                          {"realtime", "Frontdesk talks"},
                                          {"gather", "Frontdesk talks turn by turn (simple menu)"},
                                          {"relay", "Frontdesk talks, Twilio speaks"},
                                          {"staff_first", "Ring us first"},
                                          {"off", "Only ring us, then take a message"},
                                          {NULL, NULL}};
static const struct set_choice modes_closed[] = {{"", "The same"},
                                                 {"realtime", "Frontdesk talks"},
                                                 {"gather", "Frontdesk talks turn by turn"},
                                                 {"relay", "Frontdesk talks, Twilio speaks"},
                                                 {"off", "Only ring us, then take a message"},
                                                 {NULL, NULL}};
static const struct set_choice modes_then[] = {{"", "As this machine is set up"},
                                               {"realtime", "Frontdesk talks"},
                                               {"gather", "Frontdesk talks turn by turn"},
                                               {"relay", "Frontdesk talks, Twilio speaks"},
                                               {NULL, NULL}};
static const struct set_field numbers[] = {
    {"numbers", SET_PHONES, "Numbers that are answered", .flags = SET_NEEDED,
     .help = "One a line. At Twilio they must point here, too: frontdesk numbers sync does that."},
    END,
};
static const struct set_field answering[] = {
    {"answering.mode", SET_CHOICE, "When we are open", .choices = modes},
    {"answering.closed", SET_CHOICE, "When we are closed", .choices = modes_closed},
    {"answering.ring", SET_WHO, "Whom to ring first", .max = 120,
     .help = "Of “ring us”: a name, a group, owner or on call. Empty: you."},
    {"answering.ring_seconds", SET_INT, "For how many seconds", .max = 60, .help = "5 to 60."},
    {"answering.then", SET_CHOICE, "When nobody takes it", .choices = modes_then},
    END,
};
static const struct set_field greeting[] = {
    {"greeting.open", SET_LONG, "When we are open", .max = 400,
     .help = "Empty: “Thanks for calling”, your name, and that it is the automated front desk."},
    {"greeting.closed", SET_LONG, "When we are closed", .max = 400},
    {"greeting.known", SET_LONG, "To callers we know", .max = 400,
     .help = "{name} stands for theirs."},
    {"consent", SET_LONG, "Said before anything else", .max = 400,
     .help = "Like: This call is recorded."},
    END,
};
static const struct set_field voice[] = {
    {"voice.model", SET_LINE, "Voice of the talking AI", .max = 120,
     .help = "Like marin or cedar."},
    {"voice.phone", SET_LINE, "Voice of the simple menu", .max = 120,
     .help = "One of Twilio’s, like Polly.Joanna."},
    {"language", SET_LINE, "Language", .max = 5, .help = "Like en or en-GB."},
    END,
};
static const struct set_field knowledge[] = {
    {"name", SET_LINE, "Name of the business", .max = 100, .flags = SET_NEEDED},
    {"address", SET_LONG, "Address, as it is said", .max = 400},
    {"notes", SET_LONG, "What Frontdesk should know", .max = 4000,
     .help = "In your words: area, prices, what you do not do."},
    END,
};
static const struct set_section answer[] = {
    {"Who answers", NULL, answering, NULL}, {"First words", NULL, greeting, NULL},
    {"Voice", NULL, voice, NULL},           {"The business", NULL, knowledge, NULL},
    {"Numbers", NULL, numbers, NULL},       {NULL, NULL, NULL, NULL}};

/* ---- services -------------------------------------------------------------------------------- */

static const struct set_list services = {
    "services", "Service", "name",
    (const struct set_field[]){
        {"name", SET_LINE, "Name", .max = 120, .flags = SET_NEEDED},
        {"minutes", SET_INT, "Minutes", .max = 1440, .help = "5 to 1440."},
        {"gap_minutes", SET_INT, "Minutes free after it", .max = 480},
        {"price", SET_LINE, "What callers who ask are told", .max = 120,
         .help = "Like from 95 dollars."},
        {"also", SET_LINES, "Other words for it", .max = 120, .help = "One a line."},
        {"id", SET_LINE, "Short name for programs", .max = 40,
         .help = "Made from the name when empty."},
        END}};
static const struct set_field booking[] = {
    {"booking.at_once", SET_INT, "Visits at the same time", .max = 50,
     .help = "Chairs or crews. Not read where people have services of their own."},
    {"booking.gap_minutes", SET_INT, "Minutes between two visits", .max = 480},
    {"booking.lead_minutes", SET_INT, "Nothing sooner than (minutes)", .max = 20160},
    {"booking.days_ahead", SET_INT, "Days ahead that can be booked", .max = 366},
    {"booking.step_minutes", SET_INT, "Minutes between starts that are offered", .max = 240},
    {"intake", SET_MULTI, "Asked before a visit", .flags = SET_DROP_EMPTY,
     .choices = CHOICES{{"address", "Where it is"}, {"problem", "What is wrong"}, {NULL, NULL}}},
    END,
};
static const struct set_list blackout = {
    "booking.blackout", "Days", "from",
    (const struct set_field[]){{"from", SET_DATE, "From", .flags = SET_NEEDED},
                               {"to", SET_DATE, "To", .help = "Empty: that day only."},
                               {"label", SET_LINE, "Why", .max = 60},
                               END}};
static const struct set_section work[] = {
    {"What we do", NULL, NULL, &services},
    {"Booking", NULL, booking, NULL},
    {"Days on which nothing is booked", "Open or not.", NULL, &blackout},
    {NULL, NULL, NULL, NULL}};

/* ---- urgent words ---------------------------------------------------------------------------- */

static const struct set_choice levels[] = {
    {"P1", "Emergency"}, {"P2", "Urgent"}, {"P3", "Routine"}, {NULL, NULL}};
static const struct set_list phrases = {
    "emergency.phrases", "Phrase", "say",
    (const struct set_field[]){
        {"say", SET_LINE, "When a caller says", .max = 120, .flags = SET_NEEDED},
        {"severity", SET_CHOICE, "It is", .choices = levels, .otherwise = "P1",
         .flags = SET_NEEDED},
        END}};
static const struct set_field alarm[] = {
    {"emergency.judge", SET_BOOL, "Frontdesk’s own rules judge, too", .otherwise = "1"},
    {"emergency.tell.P1", SET_WHO, "Who hears of an emergency", .otherwise = "owner"},
    {"emergency.by.P1", SET_MULTI, "How they hear of an emergency", .choices = ways,
     .flags = SET_DROP_EMPTY, .help = "None ticked: both ways."},
    {"emergency.ring", SET_BOOL, "And the caller is put through to them at once", .help = NULL},
    {"emergency.tell.P2", SET_WHO, "Who hears of what is urgent", .otherwise = "owner"},
    {"emergency.by.P2", SET_MULTI, "How they hear of what is urgent", .choices = ways,
     .flags = SET_DROP_EMPTY},
    {"emergency.tell.P3", SET_WHO, "Who hears of the rest", .help = "Empty: nobody, at once."},
    {"emergency.by.P3", SET_MULTI, "How they hear of the rest", .choices = ways,
     .flags = SET_DROP_EMPTY},
    END,
};
static const struct set_field escalation[] = {
    {"escalation.triggers", SET_MULTI, "You hear of it when",
     .choices = CHOICES{{"budget", "a budget is over the limit"},
                        {"full_remodel", "a whole place is to be remodelled"},
                        {"angry_client", "a client is angry"},
                        {"owner_request", "you are asked for"},
                        {"complex_electrical", "electrical work is hard"},
                        {"complex_plumbing", "plumbing work is hard"},
                        {NULL, NULL}}},
    {"escalation.budget_limit", SET_MONEY, "Limit of a budget, in dollars", .help = NULL},
    {"escalation.tell", SET_WHO, "Who hears of it", .otherwise = "owner"},
    {"escalation.by", SET_MULTI, "How they hear of it", .choices = ways, .flags = SET_DROP_EMPTY},
    END,
};
static const struct set_section urgent[] = {
    {"Your own words",
     "The words count when they happen now: not when they are denied or long past.", NULL,
     &phrases},
    {"Who is told", NULL, alarm, NULL},
    {"What you want to hear of", NULL, escalation, NULL},
    {NULL, NULL, NULL, NULL}};

/* ---- callers --------------------------------------------------------------------------------- */

static const struct set_list vendors = {
    "vendors", "Supplier", "name",
    (const struct set_field[]){
        {"name", SET_LINE, "Name", .max = 120, .flags = SET_NEEDED},
        {"phone", SET_PHONE, "Phone", .help = NULL},
        {"also", SET_LINES, "Other names", .max = 120, .help = "One a line."},
        END}};
static const struct set_list intents = {
    "intents", "Wish", NULL,
    (const struct set_field[]){
        {"intent", SET_LINE, "Name", .max = 40, .flags = SET_NEEDED,
         .help = "sales, support, vendor, appointment, reschedule, or a word of your own."},
        {"keywords", SET_LINES, "Words that tell it", .max = 120, .flags = SET_NEEDED,
         .help = "One a line."},
        END}};
static const struct set_field treat[] = {
    {"screening", SET_BOOL,
     "Callers we do not know are asked who they are and why, before anybody "
     "is rung",
     .help = NULL},
    {"vip.ring_open", SET_BOOL, "Key customers are rung through when we are open", .help = NULL},
    {"vip.ring_closed", SET_BOOL, "And when we are closed", .help = NULL},
    END,
};
static const struct set_section callers[] = {
    {"How callers are treated", NULL, treat, NULL},
    {"Suppliers", NULL, NULL, &vendors},
    {"What callers want", "The words that tell which script is used.", NULL, &intents},
    {NULL, NULL, NULL, NULL}};

/* ---- what the owner is told ------------------------------------------------------------------ */

static const struct set_field after_call[] = {
    {"after_call.tell", SET_CHOICE, "After a call you are told",
     .choices = CHOICES{{"", "Nothing"},
                        {"needed", "When it needs you"},
                        {"every", "Of every call"},
                        {NULL, NULL}}},
    {"after_call.leads", SET_CHOICE, "Of a new lead you are told",
     .choices = CHOICES{{"", "As it comes"}, {"off", "Not by itself"}, {NULL, NULL}}},
    {"after_call.by", SET_MULTI, "You are told by", .choices = ways, .flags = SET_DROP_EMPTY,
     .help = "None ticked: Telegram where there is a chat, else a text."},
    END,
};
static const struct set_field digest[] = {
    {"digest.daily", SET_BOOL, "A summary every day", .help = NULL},
    {"digest.weekly", SET_BOOL, "A summary every week", .help = NULL},
    {"digest.at", SET_CLOCK, "At", .help = "Empty: 6:00 pm."},
    {"digest.weekday", SET_CHOICE, "The weekly one on",
     .choices = CHOICES{{"", "Monday (as usual)"},
                        {"mon", "Monday"},
                        {"tue", "Tuesday"},
                        {"wed", "Wednesday"},
                        {"thu", "Thursday"},
                        {"fri", "Friday"},
                        {"sat", "Saturday"},
                        {"sun", "Sunday"},
                        {NULL, NULL}}},
    {"digest.by", SET_MULTI, "Summaries come by", .choices = ways, .flags = SET_DROP_EMPTY},
    END,
};
static const struct set_field reminders[] = {
    {"reminders.by", SET_CHOICE, "Before an appointment the caller gets",
     .choices = CHOICES{{"", "As this machine is set up"},
                        {"text", "A text"},
                        {"call", "A call"},
                        {"both", "A text and a call"},
                        {"off", "Nothing"},
                        {NULL, NULL}}},
    END,
};
static const struct set_field privacy[] = {
    {"phi", SET_BOOL, "Callers tell of their health: less is kept in texts and logs", .help = NULL},
    {"phi_notice", SET_LONG, "What is said of it when asked, and in texts", .max = 400},
    END,
};
static const struct set_section notices[] = {{"After each call", NULL, after_call, NULL},
                                             {"Summaries", NULL, digest, NULL},
                                             {"Reminders", NULL, reminders, NULL},
                                             {"Health data", NULL, privacy, NULL},
                                             {NULL, NULL, NULL, NULL}};

/* ---- the table ------------------------------------------------------------------------------- */

const struct set_page set_pages[] = {
    {"hours", "Opening hours", NULL, "Save opening hours", hours, set_hours_above},
    {"people", "Who to ring", "Names can be used here: owner (you), on call, groups and people.",
     "Save who to ring", people, NULL},
    {"answering", "Answering and greeting", NULL, "Save answering", answer, set_hours_above},
    {"services", "What we do and prices", NULL, "Save services", work, NULL},
    {"urgent", "Urgent words", NULL, "Save urgent words", urgent, set_urgent_above},
    {"callers", "Callers we know", NULL, "Save callers", callers, NULL},
    {"notices", "What you are told, and privacy", NULL, "Save notices", notices, NULL},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};

const struct set_page *set_page_find(const char *slug)
{
    for (const struct set_page *p = set_pages; p->slug; p++)
        if (strcmp(p->slug, slug) == 0)
            return p;
    return NULL;
}
