/* ndcg.h - the measure of a list of recommendations: normalised discounted cumulative gain with binary gains (Jarvelin
 * and Kekalainen, "Cumulated Gain-based Evaluation of IR Techniques", 2002). */
#ifndef ANIMED_NDCG_H
#define ANIMED_NDCG_H

#include <stddef.h>
#include <stdint.h>

/* Returns DCG / ideal DCG of a list of items, the best first, of which the first `top` count.  DCG = sum over the
 * relevant places p = 1, 2, ... of 1 / log2(p + 1); ideal: the first min(top, n_relevant) places are relevant.
 * `relevant` ascends, and n_relevant is at least 1.  A list may be shorter than `top`; the empty places count as misses.
 * *found receives how many relevant items the first `top` places have. */
double ndcg(const uint32_t *list, size_t n, const uint32_t *relevant, size_t n_relevant, size_t top, size_t *found);

/* Returns the least score that is relevant where nothing else is said: three quarters up the range of the scores, so
 * that 8 is relevant on a scale of 1 to 10, and 4 on one of 1 to 5. */
static inline double relevant_from(double low, double high)
{
	return low + 0.75 * (high - low);
}

#endif
