/* parts.c - takes a score apart: what it owes to ratings, to each genre and to each word. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "corating/corating.h"

/* Part 0 is that of the ratings; those of the genres of the item follow, then those of its words. */
struct shares {
	size_t n;
	double *values;  /* [n] */
	uint32_t *order; /* [n] */
};

static uint64_t row_length(const struct postings *p, uint32_t row)
{
	return p->offsets[row + 1] - p->offsets[row];
}

static int alloc_shares(const struct corating *c, uint32_t item, struct shares *shares, struct animed_error *err)
{
	shares->n = 1 + row_length(&c->genres.postings, item) + row_length(&c->words.postings, item);
	shares->values = calloc(shares->n, sizeof *shares->values);
	shares->order = malloc(shares->n * sizeof *shares->order);
	return shares->values && shares->order ? 0 : animed_fail(err, "out of memory");
}

static void free_shares(struct shares *shares)
{
	free(shares->values);
	free(shares->order);
}

/* The partial correlation of two items, 0 where it is not kept. */
static float partial(const struct corating *c, uint32_t i, uint32_t j)
{
	uint64_t low = c->partial.offsets[i], high = c->partial.offsets[i + 1];
	const uint64_t end = high;

	while (low < high) {
		const uint64_t middle = low + (high - low) / 2;
		if (c->partial.items[middle] < j)
			low = middle + 1;
		else
			high = middle;
	}
	return low < end && c->partial.items[low] == j ? c->partial.values[low] : 0;
}

/* Add to values[k], for each entry k of row j, `scale` times its product with that of row i. */
static void add_products(const struct postings *p, uint32_t i, uint32_t j, double scale, double *values)
{
	uint64_t a = p->offsets[i], b = p->offsets[j];

	while (a < p->offsets[i + 1] && b < p->offsets[j + 1]) {
		const uint32_t x = p->columns[a], y = p->columns[b];
		if (x == y)
			values[b - p->offsets[j]] += scale * (double)p->values[a] * (double)p->values[b];
		a += x <= y;
		b += y <= x;
	}
}

/* r E (1 + K) + c K known = r E + (r E + c known) K, and K is a sum of products. */
static void add_term(const struct corating *c, struct animed_term term, uint32_t item, struct shares *shares)
{
	const double weight = (double)term.weight;
	const double ratings = (double)c->ratings[term.item] * (double)partial(c, term.item, item);
	const double scale = weight * (ratings + (double)c->content[term.item] * (double)c->known[item]);

	shares->values[0] += weight * ratings;
	add_products(&c->genres.postings, term.item, item, scale, shares->values + 1);
	add_products(&c->words.postings, term.item, item, scale,
		     shares->values + 1 + row_length(&c->genres.postings, item));
}

static struct animed_part name_part(const struct corating_names *names, enum animed_part_kind kind, uint64_t at,
				    double value)
{
	const uint32_t column = names->postings.columns[at];
	const uint64_t start = names->names.offsets[column];

	return (struct animed_part){.kind = kind,
				    .value = (float)value,
				    .text = names->names.bytes + start,
				    .length = names->names.offsets[column + 1] - start};
}

/* Describe share k of an item.  Returns false where it is not told: it is nothing, or the word tells nothing. */
static bool describe(const struct corating *c, uint32_t item, const struct shares *shares, size_t k,
		     struct animed_part *part)
{
	const struct postings *genres = &c->genres.postings, *words = &c->words.postings;
	const uint64_t n_genres = row_length(genres, item);
	const double value = shares->values[k];

	if (!(value > 0 || value < 0))
		return false;
	if (k == 0) {
		*part = (struct animed_part){.kind = ANIMED_PART_RATINGS, .value = (float)value};
		return true;
	}
	if (k <= n_genres) {
		*part = name_part(&c->genres, ANIMED_PART_GENRE, genres->offsets[item] + k - 1, value);
		return true;
	}
	const uint64_t at = words->offsets[item] + k - 1 - n_genres;
	const uint32_t word = words->columns[at];
	*part = name_part(&c->words, ANIMED_PART_WORD, at, value);
	return words->starts[word + 1] - words->starts[word] <= c->telling;
}

/* The largest first, of equal ones that which comes first. */
static int by_size(const void *a, const void *b, void *values)
{
	const uint32_t i = *(const uint32_t *)a, j = *(const uint32_t *)b;
	const double x = fabs(((const double *)values)[i]), y = fabs(((const double *)values)[j]);

	if (x > y || x < y)
		return x > y ? -1 : 1;
	return (i > j) - (i < j);
}

/* Write the parts.  What is not told stays in the rest. */
static void tell(const struct corating *c, uint32_t item, struct shares *shares, size_t limit,
		 struct animed_part *parts, size_t *n, float *rest)
{
	double left = 0;

	for (size_t k = 0; k < shares->n; k++)
		shares->order[k] = (uint32_t)k;
	qsort_r(shares->order, shares->n, sizeof *shares->order, by_size, shares->values);
	for (size_t k = 0; k < shares->n; k++) {
		if (*n < limit && describe(c, item, shares, shares->order[k], &parts[*n]))
			++*n;
		else
			left += shares->values[shares->order[k]];
	}
	*rest = (float)left;
}

int corating_parts(const void *index, const struct animed_query *query, uint32_t item, size_t limit,
		   struct animed_part *parts, size_t *n, float *rest, struct animed_error *err)
{
	const struct corating *c = index;
	const struct animed_term alone = {query->item, 1};
	const bool several = query->item == ANIMED_NO_ITEM;
	const struct animed_term *terms = several ? query->terms : &alone;
	const size_t n_terms = several ? query->n_terms : 1;
	struct shares shares;
	int status;

	*n = 0;
	*rest = 0;
	status = alloc_shares(c, item, &shares, err);
	for (size_t t = 0; status == 0 && t < n_terms; t++)
		add_term(c, terms[t], item, &shares);
	if (status == 0)
		tell(c, item, &shares, limit, parts, n, rest);
	free_shares(&shares);
	return status;
}
