/* What flite's voice libraries export but do not declare in any header. */
#ifndef SPEECH_FLITE_VOICES_H
#define SPEECH_FLITE_VOICES_H

#include <flite.h>

cst_voice *register_cmu_us_slt(const char *voxdir);
cst_voice *register_cmu_us_rms(const char *voxdir);
cst_lexicon *cmu_lex_init(void);

#endif
