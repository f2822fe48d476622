/* Tables of core/screening.c: what the words of an unknown caller are about. A fact is seen when
 * one of its patterns stands in the text (core/words.h says how patterns are written; the text is
 * lower case, without accents, contractions written out). Only screening.c and the trainer's
 * features program read them. */
#ifndef DESK_CORE_SCREENING_TABLES_H
#define DESK_CORE_SCREENING_TABLES_H

#include "core/screening_facts.h"

struct fact_info {
    const char *tag;    /* for the classifier */
    const char *spoken; /* for a person: "because …" */
    const char *denied; /* tag of "no accident"; NULL: cannot be denied */
};

static const struct fact_info fact_info[F__MAX] = {
    [F_KIN] = {"kin", "somebody of the family", NULL},
    [F_CHILD] = {"child", "a child", NULL},
    [F_PET] = {"pet", "an animal", NULL},
    [F_MEDICAL] = {"medical", "a hospital, nurse or ambulance", NULL},
    [F_SCHOOL] = {"school", "a school or day care", NULL},
    [F_POLICE] = {"police", "police, fire or rescue service", NULL},
    [F_NEIGHBOUR] = {"neighbour", "a neighbour", NULL},
    [F_BUILDING] = {"building", "the house or its manager", NULL},
    [F_DELIVERY] = {"delivery", "a delivery", NULL},
    [F_TRADE] = {"trade", "a tradesman", NULL},
    [F_TRAVEL] = {"travel", "a journey", NULL},
    [F_WORK] = {"work", "work", NULL},
    [F_VEHICLE] = {"vehicle", "a vehicle", NULL},
    [F_HARM] = {"harm", "somebody hurt or ill", "no_harm"},
    [F_AILING] = {"ailing", "somebody unwell", "no_ailing"},
    [F_DANGER] = {"danger", "danger at home or in a building", "no_danger"},
    [F_HAZARD] = {"hazard", "something wrong at home", "no_hazard"},
    [F_CRIME] = {"crime", "a crime", "no_crime"},
    [F_LOST] = {"lost", "somebody missing or not fetched", "no_lost"},
    [F_STRANDED] = {"stranded", "somebody stuck", "no_stranded"},
    [F_WAITING] = {"waiting", "somebody waiting at a place", NULL},
    [F_NOW] = {"now", "a short time limit", NULL},
    [F_DECIDE] = {"decide", "a decision only the owner can make", NULL},
    [F_OUTAGE] = {"outage", "work that stands still", "no_outage"},
    [F_COME] = {"come", "a request to come", NULL},
    [F_URGENT] = {"urgent", "a claim of urgency", "no_urgent"},
    [F_SALE] = {"sale", "something to sell", "no_sale"},
    [F_CHARITY] = {"charity", "a collection", "no_charity"},
    [F_POLITICS] = {"politics", "politics or a survey", "no_politics"},
    [F_RELIGION] = {"religion", "religion", NULL},
    [F_RECRUIT] = {"recruit", "a job offer", NULL},
    [F_FINANCE] = {"finance", "loans, debts, insurance or accounts", NULL},
    [F_PRIZE] = {"prize", "a prize or refund", NULL},
    [F_BRAND] = {"brand", "a big firm or an office", NULL},
    [F_MONEY] = {"money", "money", NULL},
    [F_PAY] = {"pay", "a payment of the kind swindlers want", NULL},
    [F_SECRET] = {"secret", "codes or personal data", NULL},
    [F_THREAT] = {"threat", "a threat", NULL},
    [F_KEYPRESS] = {"keypress", "\"press one\"", NULL},
    [F_RECORDED] = {"recorded", "a recorded message", NULL},
    [F_PROBE] = {"probe", "questions about the owner's life", NULL},
    [F_ROUTINE] = {"routine", "a routine matter", NULL},
    [F_LATER] = {"later", "a day that is not today", NULL},
    [F_NORUSH] = {"norush", "no hurry", NULL},
    [F_RESOLVED] = {"resolved", "something that is over", NULL},
    [F_SOCIAL] = {"social", "a friendly word", NULL},
    [F_WRONG] = {"wrong", "a wrong number", NULL},
    [F_RUDE] = {"rude", "a joke or an insult", NULL},
    [F_BYE] = {"bye", "the caller leaving it", NULL},
    [F_ASKFOR] = {"askfor", "the owner asked for", NULL},
    [F_BOT] = {"bot", "a question about the machine", NULL},
    [F_UNCLEAR] = {"unclear", "words not understood", NULL},
    [F_SECRETIVE] = {"secretive", "a reason kept back", NULL},
    [F_ABOUT] = {"about", "a subject without a reason", NULL},
    [F_CALLBACK] = {"callback", "an earlier call", NULL},
    [F_FROM] = {"from", "where the caller is from", NULL},
    [F_HELLO] = {"hello", "a greeting", NULL},
    [F_LIGHT] = {"light", "words that say nothing", NULL},
};

struct fact_row {
    enum fact fact;
    const char *text;
};

static const struct fact_row word_rows[] = {
#include "core/screening_words.inc"
};

static const struct fact_row phrase_rows[] = {
#include "core/screening_phrases.inc"
};

#endif
