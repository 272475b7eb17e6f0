/* compare.c - compares the lists of two people. */
#include "config.h"

#include "query/compare.h"

#include <math.h>
#include <stdlib.h>

#include "kit/score-weight.h"

/* Scores in common from which on a correlation means anything. */
#define COMMON_LEAST 3

void compare_free(struct comparison *c)
{
	free(c->common);
	free(c->liked);
	free(c->differ);
	*c = (struct comparison){.n = 0};
}

static bool is_liked(const struct question *question, float score)
{
	const struct animed_scale *scale = &question->model->file.factors.scale;

	return score_place((struct score_scale){scale->low, scale->high}, score) >= COMPARE_LIKED;
}

/* Find what both have seen, and scored. */
static void find_common(const struct entry **of, const struct entries *b, struct comparison *c)
{
	for (size_t e = 0; e < b->n; e++) {
		const struct entry *entry = &b->at[e], *other = of[entry->item];
		if (!other || !entry_is_seen(entry) || !entry_is_seen(other) || entry->unwanted || other->unwanted)
			continue;
		c->seen++;
		if (entry->use == ENTRY_RATING && other->use == ENTRY_RATING)
			c->common[c->n++] = (struct compare_show){entry->item, {other->score, entry->score}};
	}
}

static void correlate(struct comparison *c)
{
	double sums[2] = {0, 0}, squares[2] = {0, 0}, products = 0;
	const double n = (double)c->n;

	for (size_t s = 0; s < c->n; s++) {
		for (int p = 0; p < 2; p++)
			sums[p] += (double)c->common[s].scores[p];
	}
	for (size_t s = 0; s < c->n; s++) {
		const double a = (double)c->common[s].scores[0] - sums[0] / n,
			     b = (double)c->common[s].scores[1] - sums[1] / n;
		squares[0] += a * a;
		squares[1] += b * b;
		products += a * b;
	}
	const bool known = c->n >= COMMON_LEAST && squares[0] > 0 && squares[1] > 0;
	c->correlation = known ? products / sqrt(squares[0] * squares[1]) : (double)NAN;
	c->affinity = c->correlation * n / (n + COMPARE_SHRINK);
}

/* By the lower of the two scores, then by both, then by item. */
static int by_liking(const void *a, const void *b)
{
	const struct compare_show *one = a, *other = b;
	const float least = fminf(one->scores[0], one->scores[1]) - fminf(other->scores[0], other->scores[1]);
	const float sum = one->scores[0] + one->scores[1] - other->scores[0] - other->scores[1];

	if (least != 0 || sum != 0)
		return (least != 0 ? least : sum) > 0 ? -1 : 1;
	return one->item < other->item ? -1 : one->item > other->item;
}

static int by_distance(const void *a, const void *b)
{
	const struct compare_show *one = a, *other = b;
	const float apart = fabsf(one->scores[0] - one->scores[1]) - fabsf(other->scores[0] - other->scores[1]);

	if (apart != 0)
		return apart > 0 ? -1 : 1;
	return one->item < other->item ? -1 : one->item > other->item;
}

static void sort_common(const struct question *question, struct comparison *c)
{
	for (size_t s = 0; s < c->n; s++) {
		const struct compare_show *show = &c->common[s];
		if (is_liked(question, show->scores[0]) && is_liked(question, show->scores[1]))
			c->liked[c->n_liked++] = *show;
		if (show->scores[0] != show->scores[1])
			c->differ[c->n_differ++] = *show;
	}
	if (c->n_liked > 0)
		qsort(c->liked, c->n_liked, sizeof *c->liked, by_liking);
	if (c->n_differ > 0)
		qsort(c->differ, c->n_differ, sizeof *c->differ, by_distance);
}

int compare_find(struct question *question, const struct entries *a, const struct entries *b, struct comparison *c)
{
	const struct entry **of = calloc((size_t)question->model->file.factors.n_items + 1, sizeof *of);
	const size_t bytes = (b->n + 1) * sizeof *c->common;

	*c = (struct comparison){.common = malloc(bytes), .liked = malloc(bytes), .differ = malloc(bytes)};
	const bool enough = of && c->common && c->liked && c->differ;
	for (size_t e = 0; enough && e < a->n; e++)
		of[a->at[e].item] = &a->at[e];
	if (enough) {
		find_common(of, b, c);
		correlate(c);
		sort_common(question, c);
	}
	free(of);
	return enough ? 0 : question_out_of_memory(question);
}

int compare_limit(struct question *question, struct query *query, const struct entries *other)
{
	struct filter *filter = &query->filter;

	filter->only = calloc(mask_words(question->model->file.factors.n_items) + 1, sizeof *filter->only);
	if (!filter->only)
		return question_out_of_memory(question);
	for (size_t e = 0; e < other->n; e++) {
		const struct entry *entry = &other->at[e];
		if (entry->use == ENTRY_LIKE || (entry->use == ENTRY_RATING && is_liked(question, entry->score)))
			mask_set(filter->only, entry->item);
	}
	filter->given |= FILTER_BIT(FILTER_ONLY);
	query->sequels = SEQUELS_HIDE;
	return 0;
}
