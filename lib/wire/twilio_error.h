/* Twilio's error codes of messages, in our words, and what each means for sending again
 * (facts/twilio.md 1.13 and 6; https://www.twilio.com/docs/api/errors). Pure. */
#ifndef DESK_WIRE_TWILIO_ERROR_H
#define DESK_WIRE_TWILIO_ERROR_H

#include <stdbool.h>
#include <stdint.h>

struct desk_twilio_error {
    int64_t code;
    const char *words; /* a sentence for the owner */
    bool theirs;       /* it lies with the number it was sent to: nobody here can change it */
};

#define DESK_TWILIO_OPTED_OUT 21610

/* NULL: a code we have no words for. */
const struct desk_twilio_error *desk_twilio_error_find(int64_t code);

/* How far a message is, by Twilio's status word: reports come in any order and never step back.
 * Unknown words have rank 0; DESK_TWILIO_MESSAGE_FINAL and up are the last one. */
#define DESK_TWILIO_MESSAGE_FINAL 50
int desk_twilio_message_rank(const char *status);

#endif
