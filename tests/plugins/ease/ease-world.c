/* ease-world.c - makes users with two tastes, and computes the matrix in doubles. */
#include "config.h"

#include "ease-world.h"

#include <math.h>

#include "hosts.h"
#include "kit/rng.h"
#include "kit/sparse-rows.h"
#include "scratch.h"

struct animed_error err;
static uint32_t users[MOST], items[MOST], franchises[ITEMS];
float scores[MOST];
const struct animed_items catalogue = {.n = ITEMS, .franchises = franchises};

struct animed_value values[] = {
    [EASE_RIDGE] = {.set = true, .real = 100},        [EASE_RIDGE_SHARE] = {.set = true, .real = .3},
    [EASE_FRANCHISE] = {.set = true, .real = .2},     [EASE_KEPT] = {.set = true, .integer = 200},
    [EASE_MIN_RATINGS] = {.set = true, .integer = 5}, [EASE_ITEMS] = {.set = true, .integer = 20000},
};

void rate(struct animed_dataset *data, uint32_t user, uint32_t item, float score)
{
	const size_t n = data->train.n++;

	users[n] = user;
	items[n] = item;
	scores[n] = score;
}

/* High scores for most items of the own taste, some low ones for the other. */
static void rate_by_taste(struct animed_dataset *data, uint32_t user, struct rng *rng)
{
	for (uint32_t i = 0; i < 2 * TASTE; i++) {
		const bool own = i / TASTE == user % 2;
		if (own && rng_below(rng, 10) < 7)
			rate(data, user, i, (float)(7 + rng_below(rng, 4)));
		else if (!own && rng_below(rng, 10) < 2)
			rate(data, user, i, (float)(1 + rng_below(rng, 5)));
	}
}

struct animed_dataset make(void)
{
	struct animed_dataset data = {
	    .n_users = USERS, .n_items = ITEMS, .train = {0, users, items, scores}, .score_min = 1, .score_max = 10};
	struct rng rng;

	rng_seed(&rng, 6);
	for (uint32_t i = 0; i < ITEMS; i++)
		franchises[i] = i == TWIN + 1 ? TWIN : i;
	for (uint32_t u = 0; u < USERS; u++) {
		rate_by_taste(&data, u, &rng);
		rate(&data, u, TWIN + (u / 2 % 2), (float)(5 + rng_below(&rng, 6)));
		if (u < 4)
			rate(&data, u, RARE, 10);
	}
	return data;
}

void learn_with(const struct animed_dataset *data, unsigned threads, struct animed_learnt *learnt)
{
	const struct animed_host host = host_with(threads);

	ck_assert_msg(ease_learn(values, data, &catalogue, &host, learnt, &err) == 0, "%s", err.text);
}

void open_learnt(const struct animed_learnt *learnt, void **index)
{
	const struct animed_ranking_input input = {catalogue, learnt->tensors};

	ck_assert_msg(ease_open(&input, index, &err) == 0, "%s", err.text);
}

const void *tensor(const struct animed_learnt *learnt, const char *name)
{
	for (size_t t = 0; t < learnt->tensors.n; t++) {
		if (strcmp(learnt->tensors.at[t].name, name) == 0)
			return learnt->tensors.at[t].data;
	}
	ck_abort_msg("no tensor %s", name);
}

float cell(const struct animed_learnt *learnt, uint32_t row, uint32_t column)
{
	struct sparse_rows rows;

	ck_assert_msg(sparse_rows_read(&rows, &learnt->tensors, ITEMS, &err) == 0, "%s", err.text);
	for (uint64_t k = rows.offsets[row]; k < rows.offsets[row + 1]; k++) {
		if (rows.items[k] == column)
			return rows.values[k];
	}
	return 0;
}

uint32_t cells_of(const struct animed_learnt *learnt, uint32_t row)
{
	const uint64_t *offsets = tensor(learnt, "offsets");

	return (uint32_t)(offsets[row + 1] - offsets[row]);
}

double plain_counts[ITEMS], plain[ITEMS][ITEMS];

void make_plain(const struct animed_dataset *data, double franchise)
{
	static double weights[USERS][ITEMS];
	double gram[ITEMS][ITEMS] = {{0}}, p[ITEMS][ITEMS], of_user[USERS] = {0}, squares = 0, ratings = 0;

	memset(weights, 0, sizeof weights);
	memset(plain_counts, 0, sizeof plain_counts);
	for (size_t r = 0; r < data->train.n; r++) {
		of_user[users[r]]++;
		plain_counts[items[r]]++;
	}
	for (size_t r = 0; r < data->train.n; r++)
		weights[users[r]][items[r]] = pow((double)scores[r] / 10, 2) * pow(of_user[users[r]], -.25);
	for (int i = 0; i < ITEMS; i++) {
		for (int j = 0; j < ITEMS; j++) {
			for (int u = 0; u < USERS; u++)
				gram[i][j] += weights[u][i] * weights[u][j];
		}
		squares += plain_counts[i] < 5 ? 0 : gram[i][i];
		ratings += plain_counts[i] < 5 ? 0 : plain_counts[i];
	}
	const double unit = squares / ratings;
	for (int i = 0; i < ITEMS; i++) {
		for (int j = 0; j < ITEMS; j++) {
			const bool both = plain_counts[i] >= 5 && plain_counts[j] >= 5;
			p[i][j] = both ? gram[i][j] : i == j ? 1 : 0;
			if (both && i / 2 == TWIN / 2 && j / 2 == TWIN / 2)
				p[i][j] += franchise * unit * sqrt(plain_counts[i] * plain_counts[j]);
		}
		p[i][i] += 100 * unit + .3 * gram[i][i];
	}
	for (int k = 0; k < ITEMS; k++) { /* the inverse, by Gauss and Jordan */
		const double pivot = 1 / p[k][k];
		p[k][k] = 1;
		for (int j = 0; j < ITEMS; j++)
			p[k][j] *= pivot;
		for (int i = 0; i < ITEMS; i++) {
			const double times = p[i][k];
			if (i == k)
				continue;
			p[i][k] = 0;
			for (int j = 0; j < ITEMS; j++)
				p[i][j] -= times * p[k][j];
		}
	}
	for (int i = 0; i < ITEMS; i++) {
		for (int j = 0; j < ITEMS; j++)
			plain[i][j] = i == j ? 0 : -p[i][j] / p[j][j];
	}
}
