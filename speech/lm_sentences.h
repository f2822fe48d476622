/* What people say to a small business's telephone: weighted sentences with slots, the material of
 * the language model (lm.h). Data only. */
#ifndef SPEECH_LM_SENTENCES_H
#define SPEECH_LM_SENTENCES_H

/* Sentences and slots are written alike. "|" parts alternatives, all as likely as each other;
 * "<day>" stands for any of a slot's; a "?" behind a word or slot makes it come every second time.
 * Slots may hold slots. Two are filled by lm.c: <own> with the business's phrases, <name> with
 * first names. */
struct desk_lm_slot {
    const char *name, *text;
};
struct desk_lm_sentence {
    double weight; /* how many of these are heard in a thousand */
    const char *text;
};

extern const struct desk_lm_slot desk_lm_slots[];         /* name NULL at the end */
extern const struct desk_lm_sentence desk_lm_sentences[]; /* text NULL at the end */

#endif
