/* Sentences of callers. See lm_sentences.h. */
#include "speech/lm_sentences.h"

#include <stddef.h>

const struct desk_lm_slot desk_lm_slots[] = {
    {"hello", "hi|hello|good morning|good afternoon|good evening|hey|yes|yes hi|um|well|so"},
    {"thanks", "please|thank you|thanks|thank you very much|if possible|bye"},
    {"and", "and|because|so|but"},
    {"me", "my name is <name>|this is <name>|it's <name>|i'm <name>|<name> here"},
    {"a", "a|an|the|my|some|our|new|your"},
    {"want", "i'd like to|i would like to|i want to|i need to|can i|could i|may i|we need to|"
             "i was hoping to|i'm calling to|i'm trying to|we'd like to|i'd love to"},
    {"arrange", "book|schedule|get|make an appointment for|arrange|set up|ask about|have|find out "
                "about|get help with|talk about|get a quote for|get a price for|check on"},
    {"need", "i need|i'm looking for|i'm calling about|i'm calling for|it's about|it is about|"
             "i have a question about|i have a problem with|there's a problem with|i'd like|"
             "i want|we need|we have|i have|i've got|there is|there's|we've got|i need help with|"
             "i'm interested in|do you do|do you offer|do you have|is there|it's|how about"},
    {"day", "monday|tuesday|wednesday|thursday|friday|saturday|sunday|today|tomorrow"},
    {"part", "morning|afternoon|evening"},
    {"hour", "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"},
    {"time", "<hour>|<hour> o'clock|<hour> thirty|<hour> fifteen|<hour> a m|<hour> p m|"
             "<hour> thirty p m|noon|half past <hour>|quarter past <hour>|quarter to <hour>"},
    {"rel", "at|after|before|around|by|about"},
    {"when", "on? <day>|on? <day> <part>|on? <day> <rel>? <time>|next <day>|next <day> <part>|"
             "this <day>|this <part>|tonight|next week|this week|<rel> <time>|in the <part>|"
             "as soon as possible|any time|right away|right now|now|today or tomorrow|"
             "<day> or <day>|<rel> <time> on <day>|later today|some time next week|this weekend"},
    {"come", "can|could|can someone|can somebody|could someone|could somebody|can you send someone "
             "to|would you|can you|could you"},
    {"visit", "come|come out|come over|come by|take a look|look at it|fix it|help|help me|help us|"
              "stop by|come and look at it|call me|call me back|give me a call"},
    {"wrong", "is broken|is leaking|isn't working|is not working|stopped working|won't start|"
              "is blocked|is clogged|needs fixing|needs repair|is making a noise|broke down|"
              "doesn't work|went out|is out|won't turn on|won't turn off|is damaged|is stuck|"
              "keeps leaking|is backed up|is overflowing"},
    {"mine", "car|truck|house|home|apartment|office|kitchen|bathroom|sink|toilet|shower|roof|door|"
             "phone|computer|son|daughter|husband|wife|mother|father|dog|cat|back|tooth"},
    {"thing", "it|that|this|something|everything"},
    {"person", "<own>|<name>|someone|somebody|a person|the owner|the manager|a representative"},
    {"yes", "yes|yeah|yep|sure|okay|correct|that's right|right|yes please"},
    {"no", "no|nope|no thank you|no thanks|not now|not really|no that's all|that's all"},
    {"where", "in the kitchen|in the bathroom|in the basement|in the garage|at my house|at home|"
              "in my house|in the house|at work|at the office|upstairs|downstairs|outside|"
              "everywhere|on the floor|in my apartment"},
    {"cost",
     "how much is|how much would|what's the price of|how much does|what does|how long does"},
    {NULL, NULL}};

const struct desk_lm_sentence desk_lm_sentences[] = {
    {120, "<hello>? <want> <arrange> <a>? <own> <when>? <thanks>?"},
    {120, "<hello>? <need> <a>? <own> <thanks>?"},
    {40, "<hello>? <need> <a>? <own> <where>? <and>? <need> <a>? <own>"},
    {30, "<hello>? <need> <a>? <own> <and>? <come> <visit> <when>? <thanks>?"},
    {40, "<need> <a>? <own> <when>"},
    {30, "<need> <a>? <own> <where>"},
    {60, "<a> <own> <wrong> <and>?"},
    {20, "<a> <own> <where> <wrong>"},
    {40,
     "my <mine> <wrong> <and>?|my <mine> needs <a>? <own> <when>?|<need> <a>? <own> for my <mine>"},
    {20, "<want> bring my <mine> in <when>?|<want> bring my <mine> in for <a>? <own> <when>?|is my "
         "<mine> ready yet?|i was in <a> <own>"},
    {20, "<thing> <wrong> <and>? <come> <visit> <when>?"},
    {60, "<hello>? <come> <visit> <when>? <thanks>?"},
    {30, "<come> <visit> <and>? <visit> <a>? <own>"},
    {40, "<hello>? <me> <and>? <need> <a>? <own>"},
    {30, "<hello>? <me> <and>? <want> <arrange> <a>? <own> <when>? <thanks>?"},
    {30, "<me> <thanks>?"},
    {20, "<hello>? <want> speak to <person> <thanks>?|<hello>? <want> talk to <person> <thanks>?|"
         "<hello>? <want> speak with <person> <thanks>?|is <person> there|is <person> available"},
    {20,
     "<hello>? <want> leave a message for? <person>?|<hello>? <want> leave a message <thanks>?"},
    {30,
     "<want> make an appointment <when>? <thanks>?|<want> get an appointment <when>?|"
     "do you have anything <when>?|do you have an appointment <when>?|are you available <when>?"},
    {20, "<want> cancel my appointment <when>?|<want> change my appointment|<want> move my "
         "appointment to? <when>?|<want> reschedule my appointment <when>?|i have an appointment "
         "<when>|<want> confirm my appointment <when>?"},
    {20,
     "what are your hours|when are you open|are you open <when>|what time do you open|what time "
     "do you close|where are you located|what's your address|how late are you open <when>?"},
    {20, "<cost> <a>? <own> cost?|<cost> it cost <and>?|<cost> <a>? <own> take"},
    {20, "<when> <thanks>?|maybe <when>|how about <when>|<when> is fine|<when> would be good|"
         "<when> works for me|<when> if possible"},
    {20, "<yes> <thanks>?|<no> <thanks>?|<yes> that's right|<no> that's wrong"},
    {10, "it's an emergency <and>?|it's urgent <and>?|this is an emergency|it's not urgent|"
         "it's an emergency we have a? <own>|please hurry"},
    {10, "there is water <where>|there's water <where>|water is coming through the ceiling|"
         "there's a leak <where>|there's a smell <where>|there's no power <where>"},
    {40, "<own> <thanks>?|<hello>? <own> <when>? <thanks>?"},
    {0, NULL}};
