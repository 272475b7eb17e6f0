/* score-weight.h - what a score counts where ratings are evidence of a taste. */
#ifndef PLUGINS_SCORE_WEIGHT_H
#define PLUGINS_SCORE_WEIGHT_H

#include <stdbool.h>

/* The lowest and the highest score of the ratings that were learnt from. */
struct score_scale {
	float low, high;
};

/* The weight of a score, from 0 to 1.  On a scale that begins at 0 or 1 it is (score / high)^2, so that a 10 of 10 counts
 * four times what a 5 counts.  On any other, such as -1 to 1, it is (.1 + .9 p)^2 for the place p of the score between
 * low and high, from 0 to 1.  Where all scores are the same it is 1.  Scores beyond the scale count as its ends. */
static inline float score_weight(struct score_scale scale, float score)
{
	const float within = score < scale.low ? scale.low : score > scale.high ? scale.high : score;

	if (scale.high <= scale.low)
		return 1;
	const bool from_start = scale.low == 0 || scale.low == 1;
	const float share =
	    from_start ? within / scale.high : 0.1F + 0.9F * ((within - scale.low) / (scale.high - scale.low));
	return share * share;
}

#endif
