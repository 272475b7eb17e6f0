/* ndcg.c - adds up the gains of a list. */
#include "config.h"

#include "train/ndcg.h"

#include <math.h>

#include "base/sorted.h"

double ndcg(const uint32_t *list, size_t n, const uint32_t *relevant, size_t n_relevant, size_t top, size_t *found)
{
	const size_t ideal_places = n_relevant < top ? n_relevant : top;
	double gain = 0, ideal = 0;

	*found = 0;
	for (size_t p = 0; p < n && p < top; p++) {
		if (sorted_find(relevant, n_relevant, list[p]) == n_relevant)
			continue;
		gain += 1 / log2((double)p + 2);
		++*found;
	}
	for (size_t p = 0; p < ideal_places; p++)
		ideal += 1 / log2((double)p + 2);
	return gain / ideal;
}
