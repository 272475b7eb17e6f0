/* score-weight.h - what a score counts where ratings are evidence of a taste. */
#ifndef PLUGINS_SCORE_WEIGHT_H
#define PLUGINS_SCORE_WEIGHT_H

#include <stdbool.h>

/* The lowest and the highest score of the ratings that were learnt from. */
struct score_scale {
	float low, high;
};

static inline bool score_from_start(struct score_scale scale)
{
	return scale.low == 0 || scale.low == 1;
}

/* The place of a score on its scale, from 0 to 1: score / high on a scale that begins at 0 or 1, on any other its place
 * between low and high.  1 where all scores are the same.  Scores beyond the scale count as its ends. */
static inline float score_place(struct score_scale scale, float score)
{
	const float within = score < scale.low ? scale.low : score > scale.high ? scale.high : score;

	if (scale.high <= scale.low)
		return 1;
	return score_from_start(scale) ? within / scale.high : (within - scale.low) / (scale.high - scale.low);
}

/* The score at a place, as score_place() tells places; the lowest score where the scale has none at the place. */
static inline float score_at_place(struct score_scale scale, float place)
{
	const float score = score_from_start(scale) ? place * scale.high : scale.low + place * (scale.high - scale.low);

	return score < scale.low ? scale.low : score;
}

/* The weight of a score, from 0 to 1.  On a scale that begins at 0 or 1 it is (score / high)^2, so that a 10 of 10 counts
 * four times what a 5 counts.  On any other, such as -1 to 1, it is (.1 + .9 p)^2 for the place p of the score between
 * low and high, from 0 to 1.  Where all scores are the same it is 1.  Scores beyond the scale count as its ends. */
static inline float score_weight(struct score_scale scale, float score)
{
	const float place = score_place(scale, score);
	const float share = scale.high <= scale.low || score_from_start(scale) ? place : 0.1F + 0.9F * place;

	return share * share;
}

#endif
