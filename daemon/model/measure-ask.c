/* measure-ask.c - makes of several items what a similarity plugin is asked, and asks it for all scores. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mask.h"
#include "model/measure.h"

static double length_of(const float *row, uint32_t k)
{
	double sum = 0;

	for (uint32_t j = 0; j < k; j++)
		sum += (double)row[j] * (double)row[j];
	return sqrt(sum);
}

/* Write to `vector` the sum of the vectors of the terms, each times its weight.  If only the direction counts, each
 * vector is brought to length 1 first, so that no title weighs more because its vector is long.  If not, the sum is
 * divided by the sum of the weights, provided that is positive: A + B then is the point between the two, and A + B - C
 * the analogy of word vectors (Mikolov et al. 2013). */
static void add_vectors(const struct measure *measure, const struct animed_term *terms, size_t n, float *vector)
{
	const bool directional = measure->ops->directional;
	const uint32_t k = measure->vectors.k;
	double weights = 0;

	for (uint32_t j = 0; j < k; j++)
		vector[j] = 0;
	for (size_t t = 0; t < n; t++) {
		const float *row = measure->vectors.rows + (size_t)terms[t].item * k;
		if (!mask_has(measure->known, terms[t].item))
			continue;
		const double length = directional ? length_of(row, k) : 1;
		weights += (double)terms[t].weight;
		for (uint32_t j = 0; j < k; j++)
			vector[j] += (float)((double)terms[t].weight * (double)row[j] / length);
	}
	if (!directional && weights > 0) {
		for (uint32_t j = 0; j < k; j++)
			vector[j] = (float)((double)vector[j] / weights);
	}
}

/* Ask with one vector.  Returns as measure_compose() does. */
static int compose_vector(const struct measure *measure, const struct animed_term *terms, size_t n,
			  struct animed_query *out, void **scratch, struct animed_error *err)
{
	float *vector = malloc(measure->vectors.k * sizeof *vector);

	*scratch = vector;
	if (!vector)
		return animed_fail(err, "out of memory");
	add_vectors(measure, terms, n, vector);
	out->vector = vector;
	/* vectors of length 1 that cancel each other out leave what rounding makes of 0 */
	return measure->ops->directional && length_of(vector, measure->vectors.k) < 1e-5;
}

/* Ask with the terms themselves.  Their weights are divided by the sum of those above 0, so that A + B has scores like
 * those of A alone. */
static int compose_terms(const struct animed_term *terms, size_t n, struct animed_query *out, void **scratch,
			 struct animed_error *err)
{
	struct animed_term *scaled = malloc(n * sizeof *scaled);
	double sum = 0;

	*scratch = scaled;
	if (!scaled)
		return animed_fail(err, "out of memory");
	for (size_t t = 0; t < n; t++)
		sum += fmax((double)terms[t].weight, 0);
	for (size_t t = 0; t < n; t++)
		scaled[t] = (struct animed_term){terms[t].item, (float)((double)terms[t].weight / (sum > 0 ? sum : 1))};
	out->terms = scaled;
	out->n_terms = n;
	return 0;
}

int measure_compose(const struct measure *measure, const struct animed_term *terms, size_t n, struct animed_query *out,
		    void **scratch, struct animed_error *err)
{
	*scratch = NULL;
	*out = (struct animed_query){.item = terms[0].item, .mask = measure->known};
	if (n == 1 && terms[0].weight > 0)
		return 0;
	out->item = ANIMED_NO_ITEM;
	return measure_learns(measure) ? compose_terms(terms, n, out, scratch, err)
				       : compose_vector(measure, terms, n, out, scratch, err);
}

/* Find the scores with top_k(): ask for all answers, and give other items -INFINITY. */
static int scores_by_top_k(const struct measure *measure, const struct animed_query *asked, float *scores,
			   struct animed_error *err)
{
	const uint32_t n = measure->vectors.n;
	struct animed_hit *hits = malloc(((size_t)n + 1) * sizeof *hits);
	size_t found = 0;

	if (!hits)
		return animed_fail(err, "out of memory");
	for (uint32_t i = 0; i < n; i++)
		scores[i] = -INFINITY;
	const int status = measure->ops->top_k(measure->index, asked, n, hits, &found, err);
	for (size_t h = 0; h < found; h++)
		scores[hits[h].item] = hits[h].score;
	free(hits);
	return status;
}

int measure_scores(const struct measure *measure, const struct animed_query *asked, float *scores,
		   struct animed_error *err)
{
	return measure->ops->scores ? measure->ops->scores(measure->index, asked, scores, err)
				    : scores_by_top_k(measure, asked, scores, err);
}

/* Add what one item is similar to, times its weight.  `row` is scratch memory for all items. */
static int add_row(const struct measure *measure, const struct animed_term *term, float *row, float *scores,
		   struct animed_error *err)
{
	const struct animed_query query = {.item = term->item};

	if (!mask_has(measure->known, term->item))
		return 0;
	if (measure_scores(measure, &query, row, err) < 0)
		return -1;
	for (uint32_t i = 0; i < measure->vectors.n; i++)
		scores[i] += row[i] > -INFINITY ? term->weight * row[i] : 0;
	return 0;
}

/* Add the rows of items one by one, for a similarity that compares vectors: one vector for all of them would not have
 * the sum of their similarities. */
static int add_rows(const struct measure *measure, const struct animed_term *terms, size_t n, float *scores,
		    struct animed_error *err)
{
	float *row = malloc(((size_t)measure->vectors.n + 1) * sizeof *row);
	int status = row ? 0 : animed_fail(err, "out of memory");

	memset(scores, 0, measure->vectors.n * sizeof *scores);
	for (size_t t = 0; t < n && status == 0; t++)
		status = add_row(measure, &terms[t], row, scores, err);
	free(row);
	return status;
}

int measure_sum(const struct measure *measure, const struct animed_term *terms, size_t n, float *scores,
		struct animed_error *err)
{
	const struct animed_query query = {.item = ANIMED_NO_ITEM, .terms = terms, .n_terms = n};
	const int status = measure_learns(measure) ? measure_scores(measure, &query, scores, err)
						   : add_rows(measure, terms, n, scores, err);

	for (uint32_t i = 0; i < measure->vectors.n && status == 0; i++)
		scores[i] = scores[i] > -INFINITY ? scores[i] : 0;
	for (size_t t = 0; t < n; t++)
		scores[terms[t].item] = 0;
	return status;
}

float measure_match(const struct measure *measure, float score)
{
	return measure->ops->match ? measure->ops->match(score) : fminf(fmaxf(score, 0), 1);
}
