/* gram.h - the Gram matrix of weighted ratings: G = W'W, for W of users by items. */
#ifndef PLUGINS_GRAM_H
#define PLUGINS_GRAM_H

#include "kit/by-item.h"

/* Write G_ij = sum over users of w_ui w_uj to gram[i * by->n + j] for all j <= i.  The weights are those of by->ratings.
 * What is above the diagonal is not touched.  The bits are the same for any number of host->threads.  Returns 0.  On
 * failure, which is short memory or a cancelled host, returns -1 and fills err. */
int gram_make(const struct by_item *by, float *gram, const struct animed_host *host, struct animed_error *err);

#endif
