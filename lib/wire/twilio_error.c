#include "wire/twilio_error.h"

#include <stddef.h>
#include <string.h>

static const struct desk_twilio_error errors[] = {
    {20003, "Twilio does not accept our account and token.", false},
    {20404, "Twilio does not know this account.", false},
    {20429, "Twilio asked us to wait.", false},
    {21211, "The number cannot be texted: it is not valid.", true},
    {21220, "The call was over.", true},
    {21408, "Texts to this country are switched off at Twilio.", false},
    {21602, "The text was empty.", false},
    {21603, "No number to send from.", false},
    {21606, "Our number cannot send texts to this one.", false},
    {21608, "A Twilio trial account texts verified numbers only.", false},
    {21610, "This number has opted out of our texts.", true},
    {21612, "There is no way to text this number from ours.", true},
    {21614, "The number cannot be texted: it is not a mobile phone.", true},
    {21617, "The text was too long.", false},
    {30002, "The Twilio account is suspended.", false},
    {30003, "The phone was off or out of reach.", true},
    {30004, "The text was blocked by the phone's carrier.", true},
    {30005, "The number is not in use.", true},
    {30006, "The number is a landline and cannot be texted.", true},
    {30007, "The carrier filtered the text as unwanted.", false},
    {30008, "The carrier gave no reason.", false},
    {30034, "Our number is not registered for texts in the US (A2P 10DLC).", false},
    {30450, "Twilio blocked the text as likely fraud.", false},
};

const struct desk_twilio_error *desk_twilio_error_find(int64_t code)
{
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
        if (errors[i].code == code)
            return &errors[i];
    return NULL;
}

static const struct {
    const char *status;
    int rank;
} ranks[] = {
    {"accepted", 10}, {"scheduled", 15},
    {"queued", 20},   {"sending", 30},
    {"sent", 40},     {"delivered", DESK_TWILIO_MESSAGE_FINAL},
    {"read", 60},     {"undelivered", DESK_TWILIO_MESSAGE_FINAL},
    {"failed", 50},   {"canceled", DESK_TWILIO_MESSAGE_FINAL},
};

int desk_twilio_message_rank(const char *status)
{
    for (size_t i = 0; status && i < sizeof ranks / sizeof *ranks; i++)
        if (strcmp(ranks[i].status, status) == 0)
            return ranks[i].rank;
    return 0;
}
