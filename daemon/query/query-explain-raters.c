/* query-explain-raters.c - counts who rated both a show that was asked about and an answer. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/sorted.h"
#include "query/query-explain-private.h"

int explain_raters(struct explainer *e)
{
	const struct rating_lists *lists = &e->model->file.ratings;
	const uint32_t items = e->model->file.factors.n_items;
	uint32_t *hit_of = malloc(((size_t)items + 1) * sizeof *hit_of);

	if (!hit_of)
		return -1;
	memset(hit_of, 0xff, ((size_t)items + 1) * sizeof *hit_of);
	for (uint32_t h = 0; h < e->result->n; h++)
		hit_of[e->result->hits[h].item] = h;
	for (uint32_t u = 0; u < e->model->file.factors.n_users; u++) {
		const uint64_t begin = lists->offsets[u], n = lists->offsets[u + 1] - begin;
		for (size_t t = 0; t < e->n_terms; t++) {
			const size_t found = sorted_find(lists->items + begin, n, e->terms[t]);
			for (uint64_t r = begin; found < n && r < begin + n; r++) {
				const uint32_t hit = hit_of[lists->items[r]];
				if (hit == UINT32_MAX)
					continue;
				struct raters *raters = &e->hits[hit].raters[t];
				raters->both++;
				raters->sum_term += (double)lists->scores[begin + found];
				raters->sum_hit += (double)lists->scores[r];
			}
		}
	}
	free(hit_of);
	return 0;
}
