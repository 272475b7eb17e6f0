/* user-sample.h - the ratings of some of the users, as a smaller dataset. */
#ifndef ANIMED_PART_H
#define ANIMED_PART_H

#include "animed-plugin.h"

struct part {
	uint32_t *users, *items; /* what is trained on, then what is held out */
	float *scores;
	struct animed_dataset view; /* users numbered anew, in their order; items as they are */
};

/* Take about `share` (0..1) of the users of `whole`, chosen by `seed`, with all their ratings, held out or not.  A part
 * lies in every larger one of the same seed.  To be freed with part_free(). */
int part_take(struct part *part, const struct animed_dataset *whole, double share, uint64_t seed,
	      struct animed_error *err);
void part_free(struct part *part);

#endif
