/* Tables of core/screening.c: what the words of an unknown caller are about. A fact is seen when
 * one of its patterns stands in the text (core/words.h says how patterns are written; the text is
 * lower case, without accents, contractions written out). Only screening.c and the trainer's
 * features program read them. */
#ifndef DESK_CORE_SCREENING_TABLES_H
#define DESK_CORE_SCREENING_TABLES_H

#include "core/screening_facts.h"

static const struct desk_fact_info fact_info[F__MAX] = {
    [F_KIN] = {DESK_FACT_TAGS("kin"), "somebody of the family", 0},
    [F_CHILD] = {DESK_FACT_TAGS("child"), "a child", 0},
    [F_PET] = {DESK_FACT_TAGS("pet"), "an animal", 0},
    [F_MEDICAL] = {DESK_FACT_TAGS("medical"), "a hospital, nurse or ambulance", 0},
    [F_SCHOOL] = {DESK_FACT_TAGS("school"), "a school or day care", 0},
    [F_POLICE] = {DESK_FACT_TAGS("police"), "police, fire or rescue service", 0},
    [F_NEIGHBOUR] = {DESK_FACT_TAGS("neighbour"), "a neighbour", 0},
    [F_BUILDING] = {DESK_FACT_TAGS("building"), "the house or its manager", 0},
    [F_DELIVERY] = {DESK_FACT_TAGS("delivery"), "a delivery", 0},
    [F_TRADE] = {DESK_FACT_TAGS("trade"), "a tradesman", 0},
    [F_TRAVEL] = {DESK_FACT_TAGS("travel"), "a journey", 0},
    [F_WORK] = {DESK_FACT_TAGS("work"), "work", 0},
    [F_VEHICLE] = {DESK_FACT_TAGS("vehicle"), "a vehicle", 0},
    [F_HARM] = {DESK_FACT_TAGS("harm"), "somebody hurt or ill", DESK_FACT_DENIED},
    [F_AILING] = {DESK_FACT_TAGS("ailing"), "somebody unwell", DESK_FACT_DENIED},
    [F_DANGER] = {DESK_FACT_TAGS("danger"), "danger at home or in a building", DESK_FACT_DENIED},
    [F_HAZARD] = {DESK_FACT_TAGS("hazard"), "something wrong at home", DESK_FACT_DENIED},
    [F_CRIME] = {DESK_FACT_TAGS("crime"), "a crime", DESK_FACT_DENIED},
    [F_LOST] = {DESK_FACT_TAGS("lost"), "somebody missing or not fetched", DESK_FACT_DENIED},
    [F_STRANDED] = {DESK_FACT_TAGS("stranded"), "somebody stuck", DESK_FACT_DENIED},
    [F_WAITING] = {DESK_FACT_TAGS("waiting"), "somebody waiting at a place", 0},
    [F_NOW] = {DESK_FACT_TAGS("now"), "a short time limit", 0},
    [F_DECIDE] = {DESK_FACT_TAGS("decide"), "a decision only the owner can make", 0},
    [F_OUTAGE] = {DESK_FACT_TAGS("outage"), "work that stands still", DESK_FACT_DENIED},
    [F_COME] = {DESK_FACT_TAGS("come"), "a request to come", 0},
    [F_URGENT] = {DESK_FACT_TAGS("urgent"), "a claim of urgency", DESK_FACT_DENIED},
    [F_SALE] = {DESK_FACT_TAGS("sale"), "something to sell", DESK_FACT_DENIED},
    [F_CHARITY] = {DESK_FACT_TAGS("charity"), "a collection", DESK_FACT_DENIED},
    [F_POLITICS] = {DESK_FACT_TAGS("politics"), "politics or a survey", DESK_FACT_DENIED},
    [F_RELIGION] = {DESK_FACT_TAGS("religion"), "religion", 0},
    [F_RECRUIT] = {DESK_FACT_TAGS("recruit"), "a job offer", 0},
    [F_FINANCE] = {DESK_FACT_TAGS("finance"), "loans, debts, insurance or accounts", 0},
    [F_PRIZE] = {DESK_FACT_TAGS("prize"), "a prize or refund", 0},
    [F_BRAND] = {DESK_FACT_TAGS("brand"), "a big firm or an office", 0},
    [F_MONEY] = {DESK_FACT_TAGS("money"), "money", 0},
    [F_PAY] = {DESK_FACT_TAGS("pay"), "a payment of the kind swindlers want", 0},
    [F_SECRET] = {DESK_FACT_TAGS("secret"), "codes or personal data", 0},
    [F_THREAT] = {DESK_FACT_TAGS("threat"), "a threat", 0},
    [F_KEYPRESS] = {DESK_FACT_TAGS("keypress"), "\"press one\"", 0},
    [F_RECORDED] = {DESK_FACT_TAGS("recorded"), "a recorded message", 0},
    [F_PROBE] = {DESK_FACT_TAGS("probe"), "questions about the owner's life", 0},
    [F_ROUTINE] = {DESK_FACT_TAGS("routine"), "a routine matter", 0},
    [F_LATER] = {DESK_FACT_TAGS("later"), "a day that is not today", 0},
    [F_NORUSH] = {DESK_FACT_TAGS("norush"), "no hurry", 0},
    [F_RESOLVED] = {DESK_FACT_TAGS("resolved"), "something that is over", 0},
    [F_SOCIAL] = {DESK_FACT_TAGS("social"), "a friendly word", 0},
    [F_WRONG] = {DESK_FACT_TAGS("wrong"), "a wrong number", 0},
    [F_RUDE] = {DESK_FACT_TAGS("rude"), "a joke or an insult", 0},
    [F_BYE] = {DESK_FACT_TAGS("bye"), "the caller leaving it", 0},
    [F_ASKFOR] = {DESK_FACT_TAGS("askfor"), "the owner asked for", 0},
    [F_BOT] = {DESK_FACT_TAGS("bot"), "a question about the machine", 0},
    [F_UNCLEAR] = {DESK_FACT_TAGS("unclear"), "words not understood", 0},
    [F_SECRETIVE] = {DESK_FACT_TAGS("secretive"), "a reason kept back", 0},
    [F_ABOUT] = {DESK_FACT_TAGS("about"), "a subject without a reason", 0},
    [F_CALLBACK] = {DESK_FACT_TAGS("callback"), "an earlier call", 0},
    [F_FROM] = {DESK_FACT_TAGS("from"), "where the caller is from", 0},
    [F_HELLO] = {DESK_FACT_TAGS("hello"), "a greeting", 0},
    [F_LIGHT] = {{NULL}, "words that say nothing", 0},
};

static const struct desk_fact_row word_rows[] = {
#include "core/screening_words.inc"
};

static const struct desk_fact_row phrase_rows[] = {
#include "core/screening_phrases.inc"
};

#endif
