/* score.h - the likeness of contents, which learning and answering add up in the same way. */
#ifndef PLUGINS_SCORE_H
#define PLUGINS_SCORE_H

#include "corating/postings.h"

/* Write K_ij, the likeness of the contents of `item` and every item j, to common[0 .. genres->rows). */
void score_common(const struct postings *genres, const struct postings *words, uint32_t item, float *common);

#endif
