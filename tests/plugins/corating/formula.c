/* formula.c - plain loops over dense matrices. */
#include "config.h"

#include "formula.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- partial correlations ---- */

static double weight_of(const struct world *world, double score)
{
	const double low = (double)world->data.score_min, high = (double)world->data.score_max;
	const double share = low == 0 || low == 1 ? score / high : .1 + .9 * (score - low) / (high - low);

	return share * share;
}

static void invert(double (*a)[ITEMS])
{
	for (int k = 0; k < ITEMS; k++) {
		const double pivot = 1 / a[k][k];
		a[k][k] = 1;
		for (int j = 0; j < ITEMS; j++)
			a[k][j] *= pivot;
		for (int i = 0; i < ITEMS; i++) {
			const double times = a[i][k];
			if (i == k)
				continue;
			a[i][k] = 0;
			for (int j = 0; j < ITEMS; j++)
				a[i][j] -= times * a[k][j];
		}
	}
}

static int descending(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x < y) - (x > y);
}

static void keep_largest(double *row, int kept)
{
	double sorted[ITEMS];

	memcpy(sorted, row, sizeof sorted);
	qsort(sorted, ITEMS, sizeof *sorted, descending);
	for (int j = 0; kept < ITEMS && j < ITEMS; j++)
		row[j] = row[j] > sorted[kept] ? row[j] : 0;
}

/* Items that do not take part have a row of the unit matrix, so that they do not touch the others. */
static void correlate(struct formula *formula, const struct world *world, const int *counts)
{
	static double w[USERS][ITEMS], p[ITEMS][ITEMS];
	const struct animed_ratings *ratings = &world->data.train;
	double squares = 0, n = 0;

	memset(w, 0, sizeof w);
	for (size_t r = 0; r < ratings->n; r++) {
		if (counts[ratings->items[r]] < values[CORATING_MIN_RATINGS].integer)
			continue;
		const double weight = weight_of(world, (double)ratings->scores[r]);
		w[ratings->users[r]][ratings->items[r]] = weight;
		squares += weight * weight;
		n++;
	}
	for (int i = 0; i < ITEMS; i++) {
		for (int j = 0; j < ITEMS; j++) {
			p[i][j] = i == j ? values[CORATING_RIDGE].real * squares / n : 0;
			for (int u = 0; u < USERS; u++)
				p[i][j] += w[u][i] * w[u][j];
		}
	}
	invert(p);
	for (int i = 0; i < ITEMS; i++) {
		for (int j = 0; j < ITEMS; j++)
			formula->e[i][j] = i == j ? 0 : fmax(0, -p[i][j] / sqrt(p[i][i] * p[j][j]));
		keep_largest(formula->e[i], (int)values[CORATING_KEPT].integer);
	}
}

/* ---- contents ---- */

enum { NAMES = 400, LENGTH = 32 };

/* How often each name is in each text. */
struct counts {
	char names[NAMES][LENGTH];
	int n, tf[ITEMS][NAMES], df[NAMES];
};

static void count(struct counts *counts, int item, const char *name)
{
	int c = 0;

	while (c < counts->n && strcmp(counts->names[c], name) != 0)
		c++;
	if (c == counts->n)
		strcpy(counts->names[counts->n++], name);
	counts->df[c] += counts->tf[item][c]++ == 0;
}

/* Count what stands between characters of `between`, at least `least` long. */
static struct counts *count_all(const struct animed_strings *texts, const char *between, size_t least)
{
	struct counts *counts = calloc(1, sizeof *counts);

	for (int i = 0; texts->offsets && i < ITEMS; i++) {
		char *text = strndup(texts->bytes + texts->offsets[i], texts->offsets[i + 1] - texts->offsets[i]);
		char *rest = NULL;
		for (char *name = strtok_r(text, between, &rest); name; name = strtok_r(NULL, between, &rest)) {
			if (strlen(name) >= least)
				count(counts, i, name);
		}
		free(text);
	}
	return counts;
}

static double word_weight(int tf, int df)
{
	return tf == 0 || df < 2 || df > ITEMS / 10 ? 0 : (1 + log(tf)) * (log((1.0 + ITEMS) / (1 + df)) + 1);
}

static double genre_weight(int tf, int df)
{
	return tf == 0 || df > ITEMS - 2 ? 0 : sqrt(log((double)ITEMS / (1 + df)));
}

static void add_cosines(struct formula *formula, struct counts *counts, double (*weigh)(int tf, int df), double times)
{
	for (int i = 0; i < ITEMS; i++) {
		for (int j = 0; j < ITEMS; j++) {
			double ij = 0, ii = 0, jj = 0;
			for (int c = 0; c < counts->n; c++) {
				const double x = weigh(counts->tf[i][c], counts->df[c]);
				const double y = weigh(counts->tf[j][c], counts->df[c]);
				ij += x * y;
				ii += x * x;
				jj += y * y;
			}
			formula->k[i][j] += ij > 0 ? times * ij / sqrt(ii * jj) : 0;
		}
	}
	free(counts);
}

/* ---- scores ---- */

static double known(const struct world *world, const int *counts, int item)
{
	if (world->items.members)
		return log10(1 + fmax(1, (double)world->items.members[item]));
	return log(1 + fmax(1, counts[item]));
}

static double scale(const double *row)
{
	const int64_t place = values[CORATING_PLACE].integer;
	double sorted[ITEMS];

	memcpy(sorted, row, sizeof sorted);
	qsort(sorted, ITEMS, sizeof *sorted, descending);
	return place <= ITEMS && sorted[place - 1] > 0 ? sorted[place - 1] : sorted[0];
}

void formula_make(struct formula *formula, const struct world *world)
{
	const struct animed_ratings *ratings = &world->data.train;
	int counts[ITEMS] = {0}, user_counts[USERS] = {0};
	double m[ITEMS] = {0};

	memset(formula, 0, sizeof *formula);
	for (size_t r = 0; r < ratings->n; r++) {
		counts[ratings->items[r]]++;
		user_counts[ratings->users[r]]++;
	}
	for (size_t r = 0; r < ratings->n; r++)
		m[ratings->items[r]] += user_counts[ratings->users[r]] - 1;
	correlate(formula, world, counts);
	add_cosines(formula, count_all(&world->items.genres, "|", 1), genre_weight, 1);
	add_cosines(formula, count_all(&world->items.synopses, " ,", 2), word_weight, values[CORATING_TEXT].real);
	for (int i = 0; i < ITEMS; i++) {
		double a[ITEMS] = {0}, p[ITEMS] = {0};
		for (int j = 0; j < ITEMS; j++) {
			a[j] = formula->e[i][j] * (1 + formula->k[i][j]);
			p[j] = i == j ? 0 : formula->k[i][j] * pow(known(world, counts, j), 2);
		}
		const double big_a = scale(a), big_q = scale(p);
		for (int j = 0; j < ITEMS; j++) {
			if (big_a > 0)
				formula->score[i][j] += m[i] / (m[i] + values[CORATING_EVIDENCE].real) * a[j] / big_a;
			if (big_q > 0)
				formula->score[i][j] += values[CORATING_CONTENT].real * p[j] / big_q;
		}
	}
}
