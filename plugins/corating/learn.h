/* learn.h - the steps of learning. */
#ifndef PLUGINS_LEARN_H
#define PLUGINS_LEARN_H

#include "corating/features.h"
#include "kit/by-item.h"
#include "kit/sparse-rows.h"

/* What is learnt from. */
struct learning {
	const struct animed_value *values;
	const struct animed_dataset *data;
	const struct animed_items *items;
	const struct animed_host *host;
	struct by_item by;
};

/* What is learnt; see animed-corating(7). */
struct learnt {
	struct sparse_rows partial;
	struct features genres, words;
	float *ratings, *content, *known; /* [items], allocated before the first step */
};

/* Learn `partial`, from the ratings of the chosen items, to which it gives their weights.  Returns 0.  On failure, which
 * is short memory, a cancelled host or a ridge that is too small, returns -1 and fills err. */
int learn_partial(struct learning *learning, struct learnt *learnt, struct animed_error *err);

/* Learn `known`, and from all the rest `ratings` and `content`, which put the scores of each item on a scale of its own.
 * Fails as learn_partial(). */
int learn_scales(const struct learning *learning, struct learnt *learnt, struct animed_error *err);

#endif
