/* Tables of core/intent.c. The text is lower case, without accents, contractions written out
 * (core/words.h says how patterns are written). */
#include "core/intent_facts.h"

#include <string.h>

#define COUNT(a)  (sizeof(a) / sizeof *(a))
#define TAG_TIMES 3

static const struct desk_fact_info info[I__MAX] = {
    [I_WE_OFFER] = {DESK_FACT_TAGS("we_offer"), "an offer of the caller's", 0},
    [I_FIRM] = {DESK_FACT_TAGS("firm"), "a firm that calls businesses", 0},
    [I_TO_BIZ] = {DESK_FACT_TAGS("to_biz"), "the business spoken to as a business", 0},
    [I_PROMO] = {DESK_FACT_TAGS("promo"), "advertising", 0},
    [I_FINANCE] = {DESK_FACT_TAGS("finance"), "loans, fees or insurance", 0},
    [I_SUPPLY] = {DESK_FACT_TAGS("supply"), "orders, invoices or deliveries", 0},
    [I_PRICE] = {DESK_FACT_TAGS("price"), "a price asked for", 0},
    [I_PROJECT] = {DESK_FACT_TAGS("project"), "new work", 0},
    [I_WANT_WORK] = {DESK_FACT_TAGS("want_work"), "interest", 0},
    [I_PRODUCT] = {DESK_FACT_TAGS("product"), "something the business does", 0},
    [I_BROKEN] = {DESK_FACT_TAGS("broken"), "something that does not work", 0},
    [I_YOU_DID] = {DESK_FACT_TAGS("you_did"), "work the business did", 0},
    [I_MINE] = {DESK_FACT_TAGS("mine"), "something of the caller's", 0},
    [I_HUMAN] = {DESK_FACT_TAGS("human"), "a human being asked for", 0},
    [I_OWNER] = {DESK_FACT_TAGS("owner"), "the owner asked for", 0},
    [I_CONNECT] = {DESK_FACT_TAGS("connect"), "to be put through", 0},
    [I_BOOK] = {DESK_FACT_TAGS("book"), "an appointment", 0},
    [I_ASKS] = {DESK_FACT_TAGS("asks"), "a question", 0},
    [I_HELLO] = {DESK_FACT_TAGS("hello"), "a greeting", 0},
    [I_NOT_CALLER] = {DESK_FACT_TAGS("not_caller"), "something else than the business's work", 0},
    [I_REPAIR] = {DESK_FACT_TAGS("repair"), "something to mend", 0},
};

static const struct desk_fact_row words[] = {
    {I_FIRM, "vendor supplier distributor wholesaler wholesale manufacturer rep representative "
             "representing represent agency marketing advertising publicity staffing recruiter seo "
             "broker dealer subcontractor subcontract crews brightline freight carrier courier "
             "warehouse lab proveedor representante empresa publicidad consultant sponsor magazine "
             "directory bookkeeping payroll uniforms"},
    {I_WE_OFFER, "vendemos ofrecemos ofrecerle represento solicit brochure samples catalog demo "
                 "presentation webinar"},
    {I_PROMO, "listing google ranking website page guaranteed selected congratulations grant "
              "promotion promo warranty warranties survey audit domain renewal verified robocall "
              "solar leads lead advertising free special offer deal winner"},
    {I_FINANCE,
     "loan loans credit merchant processing terminal fees rates rate insurance capital "
     "financing funding approval prestamo tax payroll refinance premium energy electricity"},
    {I_SUPPLY, "invoice invoices order orders backorder shipment pallet pallets dock freight "
               "purchase purchasing buyer buying procurement accounts payable statement delivery "
               "warehouse samples shipped ships compras factura pedido"},
    {I_PRICE, "quote quotes quoted estimate estimates bid bids price prices pricing priced cost "
              "costs charge charges proposal consultation budget expensive afford cuanto cuesta "
              "presupuesto cotizar cotizacion estimado precio financing"},
    {I_PROJECT,
     "remodel remodeling renovation renovate renovating addition build building built "
     "construction builder architect install installed installing installation upgrade "
     "expand convert finish design project projects plan planning new close closing "
     "move moving bought wire prewire rough repipe swap construyendo remodelando instalar "
     "casa proyecto condo yacht guesthouse"},
    {I_WANT_WORK,
     "interested considering thinking looking want wants wanna shopping hire wondering "
     "like need queremos quiero queria interesa gustaria necesitamos"},
    {I_PRODUCT, "theater cinema audio speakers speaker sound system cameras camera keypad keypads "
                "lighting shades blinds thermostat locks lock doorbell network wifi simulator gym "
                "heater tankless softener faucet toilet bathroom kitchen basement deck fence "
                "painting drywall shelves veneers implants implant whitening invisalign braces "
                "crown dentures camaras cine bano cocina calentador pump floors gate intercom "
                "tv televisions screens panel solar"},
    {I_BROKEN,
     "broken broke stopped dead stuck offline frozen froze beeping beeps blinking error "
     "acting weird wrong problem trouble issue glitch reset crashed cracked loose peeling "
     "fell off blank crackle buzzes buzzing quit died down drops dropping kinked "
     "descompuesto fallando prende sirve funciona noise fails failing responding "
     "reacting login password update battery sticky"},
    {I_YOU_DID, "technician tech installer crew instalaron arreglaron warranty retainer stitches "
                "temporary"},
    {I_MINE, "my our mi mis nuestro nuestra"},
    {I_HUMAN, "human person somebody someone operator agent representative live persona alguien "
              "representante receptionist supervisor manager"},
    {I_OWNER, "owner boss dueno jefe myself herself himself directly personally"},
    {I_CONNECT, "speak talk connect transfer patch put hablar comunica comunicame paseme pasame"},
    {I_BOOK, "appointment appointments schedule reschedule booking book cancel cleaning checkup "
             "visit cita citas availability opening"},
    {I_ASKS, "hours open close located location address directions parking insurance email receipt "
             "pay bill question accept hablan espanol horario abren"},
    {I_HELLO, "hello hi hey hola buenas thanks"},
    {I_NOT_CALLER, "wrong hiring job application reporter newspaper reference lawyer attorney "
                   "officer permit association volunteer survey neighbor brother sister family "
                   "equivocado missed pizza resume apply student"},
    {I_REPAIR,
     "leak leaks leaking drip drips dripping clogged clog slow backed toothache pain hurts "
     "chipped jammed fix repair repairs loose plumber handyman gotea tapado"},
};

static const struct desk_fact_row phrases[] = {
    {I_WE_OFFER,
     "we|i sell|sells|supply|offer|provide|represent|manufacture|install|buy|refurbish|do"},
    {I_WE_OFFER, "we help|can|could save|get|lower|reduce|send"},
    {I_WE_OFFER, "our app|company|product|service|software|drivers|team|firm"},
    {I_WE_OFFER, "save you|your"},
    {I_WE_OFFER, "not a sales"},
    {I_WE_OFFER, "product demo"},
    {I_WE_OFFER, "offering|selling|introduce|introducing"},
    {I_WE_OFFER, "partner|partnership|partnering with|up"},
    {I_WE_OFFER, "set up a visit|demo|meeting"},
    {I_FIRM, "i am|we are with|from a|the|your"},
    {I_FIRM, "this|it is the|your lab|warehouse|supply|freight|distributor|rental|carrier|lumber"},
    {I_FIRM, "calling|call from|regarding|about the|your|a"},
    {I_FIRM, "i rep"},
    {I_FIRM, "your new rep"},
    {I_TO_BIZ, "your "
               "business|company|shop|office|firm|trucks|website|listing|account|terminal|domain|"
               "advertising|crew|technicians|buying|vendor|provider|team"},
    {I_TO_BIZ, "who handles|decides|does|buys|runs"},
    {I_TO_BIZ, "whoever handles|decides|does|buys"},
    {I_TO_BIZ, "person who|in handles|buys|charge"},
    {I_TO_BIZ, "do you guys|take need|use|on|any"},
    {I_TO_BIZ,
     "small business|businesses|trades|contractors|plumbers|integrators|dealers|practices"},
    {I_TO_BIZ, "local business"},
    {I_PROMO, "press one|two|three|nine"},
    {I_PROMO, "first page"},
    {I_PROMO, "about to expire"},
    {I_PROMO, "last|final notice|chance"},
    {I_PROMO, "removed from"},
    {I_PROMO, "recorded message|line"},
    {I_FINANCE, "card fees|processing|reader"},
    {I_SUPPLY, "is|are ready|delayed|late|backorder at|until|by|one"},
    {I_SUPPLY, "your order|shipment|case|parts|invoice"},
    {I_SUPPLY, "w nine"},
    {I_PRICE, "how much"},
    {I_PRICE, "going rate"},
    {I_PRICE, "what do you|would charge|it|that|run"},
    {I_PRICE, "what would"},
    {I_PRICE, "come out and"},
    {I_PROJECT, "just bought"},
    {I_PROJECT, "second|new home|house|place|build|office|condo|range|project|system"},
    {I_PROJECT, "whole|entire|hole house|home"},
    {I_PROJECT, "do|done over|the whole|there"},
    {I_PROJECT, "add|adding|put a|in|another|audio|speakers|cameras|heat"},
    {I_PROJECT, "get started"},
    {I_PROJECT, "speakers|cameras|lights put in"},
    {I_WANT_WORK, "interested in"},
    {I_WANT_WORK, "looking for|to"},
    {I_WANT_WORK, "do you do|install|sell|carry|offer|service"},
    {I_WANT_WORK, "can|could you quote|bid|design|price|give"},
    {I_WANT_WORK, "recommended you"},
    {I_WANT_WORK, "gave me your"},
    {I_BROKEN, "not "
               "work|working|turn|come|respond|responding|load|latch|take|ring|arm|connect|log|"
               "open|close|go"},
    {I_BROKEN, "no sound|picture|signal|power|heat"},
    {I_BROKEN, "stopped|quit working|responding"},
    {I_BROKEN, "by itself|themselves"},
    {I_BROKEN, "ya no"},
    {I_BROKEN, "says it|my|offline|error|low"},
    {I_BROKEN, "acting up|weird|funny|strange"},
    {I_BROKEN, "wrong thing|with my|with the"},
    {I_BROKEN, "an hour off"},
    {I_BROKEN, "running|leaking|dripping|slow|broken again"},
    {I_YOU_DID,
     "you|they|he|guys "
     "installed|put|sold|fixed|did|hung|patched|ran|snaked|hooked|replaced|built|mounted|set|made"},
    {I_YOU_DID, "your guy|guys|crew|tech|technician|man|visit|work"},
    {I_YOU_DID, "since your|the last|update|visit"},
    {I_YOU_DID, "you all|folks put|did|installed"},
    {I_HUMAN, "real person|human"},
    {I_HUMAN, "not a robot|machine"},
    {I_HUMAN, "no robots|machines"},
    {I_HUMAN, "get me|us"},
    {I_OWNER, "pick up"},
    {I_OWNER, "in charge"},
    {I_CONNECT, "speak|talk to|with"},
    {I_CONNECT, "put|patch|connect me|him|her|through|us"},
    {I_CONNECT, "is _ there|available|in"},
    {I_CONNECT, "let me talk|speak"},
    {I_CONNECT, "on the phone|line"},
    {I_CONNECT, "on his|her cell"},
    {I_BOOK, "set up a cleaning|time"},
    {I_BOOK, "make it"},
    {I_ASKS, "what are|time|is your|do"},
    {I_ASKS, "do you take|have|work"},
    {I_ASKS, "how soon|long"},
    {I_ASKS, "can you hear"},
    {I_NOT_CALLER, "wrong number"},
    {I_NOT_CALLER, "you called"},
    {I_NOT_CALLER, "are you hiring"},
    {I_NOT_CALLER, "previous owner"},
    {I_NOT_CALLER, "on the list"},
    {I_NOT_CALLER, "i write"},
    {I_NOT_CALLER, "at the gate|door"},
};

const struct desk_fact_tables desk_intent_tables = {
    .info = info,
    .n_facts = I__MAX,
    .words = words,
    .n_words = COUNT(words),
    .phrases = phrases,
    .n_phrases = COUNT(phrases),
};

static const char *length_tag(size_t n)
{
    return n == 0 ? "silent" : n <= 3 ? "short" : n <= 8 ? "middle" : "long";
}

size_t desk_intent_tags(const struct desk_words *ws, uint8_t *how,
                        const char *tags[DESK_INTENT_TAGS])
{
    uint8_t own[I__MAX];
    size_t n = 0;
    desk_facts_find(&desk_intent_tables, ws, how ? how : own);
    tags[n++] = length_tag(ws->n);
    desk_facts_tags(&desk_intent_tables, how ? how : own, tags, &n, DESK_INTENT_TAGS / TAG_TIMES);
    for (size_t i = 0, once = n; i < (TAG_TIMES - 1) * once; i++)
        tags[n++] = tags[i];
    return n;
}
