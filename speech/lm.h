/* A statistical language model (word pairs, as ARPA text) out of the business's own vocabulary: how
 * likely a word is behind the one before it, in sentences that callers say (lm_sentences.h) about
 * the services, emergencies and people of this business.
 *
 * The counts are expectations: a sentence's weight is split over all its ways, so nothing is ever
 * expanded. A word w has the probability c(w) / c alone, and behind a word h
 *     p(w|h) = (c(h w) + k p(w)) / (c(h) + k)
 * (Bayes with a Dirichlet prior: MacKay and Peto 1995). That sums to one over all words however
 * small the counts are, and its back-off weight is k / (c(h) + k) as it stands. Pairs measured as
 * well as triples on callers' sentences, with a twelfth of the text.
 *
 * ARPA text: a head with the number of n-grams of each order, then a section for each order, of
 * lines "log10-probability TAB words [TAB log10-back-off]". Sources: ngram-format(5) of SRILM, and
 * what sphinxbase's src/libsphinxbase/lm/ngram_model_trie.c and ngrams_raw.c read (words are parted
 * by blanks, nothing is escaped, "</s>" must be there). Pure; does not block. */
#ifndef SPEECH_LM_H
#define SPEECH_LM_H

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>

/* Append the model to out (initialise it with DESK_MAX_LM). prior: k above, in sentences of a
 * thousand. vocabulary: lines of desk_dialog_vocabulary(); known(ctx, word) says whether a word can
 * be pronounced. Lines with other words, or with characters that are not letters or apostrophes,
 * are left out; so are fixed sentences with such words. DESK_ENOMEM; DESK_ELIMIT when a maximum
 * (out's own, DESK_MAX_LM_WORDS, DESK_MAX_LM_PAIRS) is too small for the vocabulary. */
DESK_MUST enum desk_rc desk_lm_build(struct desk_buf *out, const char *vocabulary, double prior,
                                     bool (*known)(void *ctx, const char *word), void *ctx);

#endif
