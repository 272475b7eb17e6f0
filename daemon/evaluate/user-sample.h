/* user-sample.h - the ratings of some of the users, as a smaller dataset. */
#ifndef ANIMED_USER_SAMPLE_H
#define ANIMED_USER_SAMPLE_H

#include "animed-plugin.h"

struct user_sample {
	uint32_t *users, *items; /* what is trained on, then what is held out */
	float *scores;
	struct animed_dataset view; /* users numbered anew, in their order; items as they are */
};

/* Take about `share` (0..1) of the users of `whole`, chosen by `seed`, with all their ratings, held out or not.  A
 * sample is part of every larger one of the same seed.  The caller frees it with user_sample_free().  On failure
 * returns -1 and fills err. */
int user_sample_take(struct user_sample *sample, const struct animed_dataset *whole, double share, uint64_t seed,
		     struct animed_error *err);
void user_sample_free(struct user_sample *sample);

#endif
