/* optim-sgd.c - the default optimiser: stochastic gradient descent on the ratings one by one, with a cosine-decayed
 * step.
 *
 * Users and items are cut into GRID groups each, so that the ratings fall into GRID x GRID blocks.  The blocks of a
 * diagonal share neither users nor items: they are trained at the same time by as many threads as there are, and since
 * neither the blocks, nor their order, nor the order inside them depends on the number of threads, neither does the
 * result. */
#include "config.h"

#include "optim.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "rng.h"

#define GRID 16u

/* Ratings that a mean is worth before an item's, or a user's, own ones outweigh it, in the closed form of the biases
 * (Koren, "Factor in the Neighbors", 2010, section 2.1, has 25 and 10; less fits sparse users better). */
#define ITEM_SHRINK 10.0
#define USER_SHRINK 8.0

/* Biases are learnt more slowly, and shrunk less, than factors. */
#define BIAS_DECAY 0.02f

struct cell {
	uint32_t user, item;
	float score;
};

struct sgd {
	struct fit *fit;
	struct cell *cells;             /* [train.n], block after block */
	size_t starts[GRID * GRID + 1]; /* of block (user group, item group) in cells */
	double errors[GRID * GRID];     /* summed squared error of each block in this epoch */
	uint32_t diagonals[GRID];       /* the order of this epoch */
	float rate, decay;
	struct rng rng;
	pthread_mutex_t gate;
	pthread_barrier_t barrier;
	atomic_uint next[GRID]; /* for each diagonal, the next block to take */
	bool stop;              /* cancelled; written by thread 0 between barriers */
	int epoch;
};

/* Cut n rows into GRID groups of about equal numbers of ratings: group[i] for row i. */
static uint8_t *make_groups(const uint32_t *counts, uint32_t n, size_t total, struct rng *rng)
{
	uint8_t *group = malloc(n);
	uint32_t *order = malloc(n * sizeof *order);
	size_t sum = 0;

	if (!group || !order) {
		free(group);
		free(order);
		return NULL;
	}
	/* in random order, since neighbours in number, such as the seasons of a show, tend to have the same raters */
	for (uint32_t i = 0; i < n; i++) {
		uint32_t j = rng_below(rng, i + 1);
		order[i] = order[j];
		order[j] = i;
	}
	for (uint32_t i = 0; i < n; i++) {
		size_t at = (sum + counts[order[i]] / 2) * GRID / total;
		group[order[i]] = (uint8_t)(at < GRID ? at : GRID - 1);
		sum += counts[order[i]];
	}
	free(order);
	return group;
}

/* Sort the ratings into their blocks, shuffled within each. */
static int make_blocks(struct sgd *sgd, const uint32_t *user_counts, const uint32_t *item_counts)
{
	const struct animed_ratings *train = &sgd->fit->data->train;
	uint8_t *ug = make_groups(user_counts, sgd->fit->data->n_users, train->n, &sgd->rng);
	uint8_t *ig = make_groups(item_counts, sgd->fit->data->n_items, train->n, &sgd->rng);
	size_t at[GRID * GRID];
	int status = -1;

	if (!ug || !ig)
		goto out;
	for (size_t r = 0; r < train->n; r++)
		sgd->starts[ug[train->users[r]] * GRID + ig[train->items[r]] + 1]++;
	for (size_t b = 0; b < GRID * GRID; b++)
		sgd->starts[b + 1] += sgd->starts[b];
	memcpy(at, sgd->starts, sizeof at);
	for (size_t r = 0; r < train->n; r++) {
		size_t to = at[ug[train->users[r]] * GRID + ig[train->items[r]]]++;
		sgd->cells[to] = (struct cell){train->users[r], train->items[r], train->scores[r]};
	}
	for (size_t b = 0; b < GRID * GRID; b++) {
		struct cell *block = sgd->cells + sgd->starts[b];
		for (size_t i = sgd->starts[b + 1] - sgd->starts[b]; i > 1; i--) {
			size_t j = rng_next(&sgd->rng) % i;
			struct cell t = block[i - 1];
			block[i - 1] = block[j];
			block[j] = t;
		}
	}
	status = 0;
out:
	free(ug);
	free(ig);
	return status;
}

/* Mean and biases in closed form: shrunk means of what is left over, items first. */
static void init_biases(struct fit *fit, const uint32_t *user_counts, const uint32_t *item_counts)
{
	const struct animed_ratings *train = &fit->data->train;
	double sum = 0;

	for (size_t r = 0; r < train->n; r++)
		sum += (double)train->scores[r];
	fit->scale.global_mean = (float)(sum / (double)train->n);
	if (!fit->biased)
		return;
	for (size_t r = 0; r < train->n; r++)
		fit->bi[train->items[r]] += train->scores[r] - fit->scale.global_mean;
	for (uint32_t i = 0; i < fit->data->n_items; i++)
		fit->bi[i] /= (float)(item_counts[i] + ITEM_SHRINK);
	for (size_t r = 0; r < train->n; r++)
		fit->bu[train->users[r]] += train->scores[r] - fit->scale.global_mean - fit->bi[train->items[r]];
	for (uint32_t u = 0; u < fit->data->n_users; u++)
		fit->bu[u] /= (float)(user_counts[u] + USER_SHRINK);
}

/* Small random factors; rows without a training rating are zero and stay so. */
static void init_factors(const struct sgd *sgd, float *rows, const uint32_t *counts, uint32_t n, struct rng *rng)
{
	const struct fit *fit = sgd->fit;
	const double std = 0.1 / sqrt((double)fit->k);

	for (uint32_t i = 0; i < n; i++) {
		if (counts[i] == 0)
			continue;
		for (uint32_t j = 0; j < fit->k; j++)
			rows[(size_t)i * fit->width + j] = (float)(std * rng_normal(rng));
	}
}

static void train_block(struct sgd *sgd, size_t block)
{
	struct fit *fit = sgd->fit;
	const struct kernels *kernels = kernels_best();
	const float rate = sgd->rate, mean = fit->scale.global_mean;
	const struct cell *end = sgd->cells + sgd->starts[block + 1];
	double errors = 0;

	for (const struct cell *c = sgd->cells + sgd->starts[block]; c < end; c++) {
		float *p = fit->P + (size_t)c->user * fit->width, *q = fit->Q + (size_t)c->item * fit->width;
		float *bu = fit->bu + c->user, *bi = fit->bi + c->item;
		const float error = c->score - (mean + *bu + *bi + kernels->dot(p, q, fit->width));
		errors += (double)error * (double)error;
		if (fit->biased) {
			*bu += rate * (error - BIAS_DECAY * *bu);
			*bi += rate * (error - BIAS_DECAY * *bi);
		}
		kernels->sgd(p, q, fit->width, rate, sgd->decay, error);
	}
	sgd->errors[block] = errors;
}

/* Once an epoch, by one thread while the others wait. */
static void begin_epoch(struct sgd *sgd)
{
	const double at = (double)sgd->epoch / sgd->fit->epochs;

	sgd->rate = (float)(sgd->fit->learning_rate * (1 + cos(M_PI * at)) / 2);
	for (uint32_t i = 0; i < GRID; i++) {
		uint32_t j = rng_below(&sgd->rng, i + 1);
		sgd->diagonals[i] = sgd->diagonals[j];
		sgd->diagonals[j] = i;
		atomic_store(&sgd->next[i], 0);
	}
}

static void end_epoch(struct sgd *sgd, double start)
{
	struct fit *fit = sgd->fit;
	double errors = 0;

	for (size_t b = 0; b < GRID * GRID; b++)
		errors += sgd->errors[b];
	fit->train_loss = errors / (double)fit->data->train.n;
	fit->valid_loss = fit_valid_loss(fit);
	fit_epoch_done(fit, sgd->epoch, now_seconds() - start);
	sgd->epoch++;
}

static void report(struct sgd *sgd, uint32_t diagonal)
{
	const struct fit *fit = sgd->fit;

	sgd->stop = fit->host->cancelled(fit->host->ctx);
	fit->host->progress(
	    fit->host->ctx,
	    &(struct animed_progress){.epoch = sgd->epoch, .epochs = fit->epochs, .fraction = (double)diagonal / GRID});
}

/* What every thread does; `lead` is true for the one that also keeps the books. */
static void work(struct sgd *sgd, bool lead)
{
	for (int epoch = 0; epoch < sgd->fit->epochs; epoch++) {
		double start = now_seconds();
		if (lead)
			begin_epoch(sgd);
		for (uint32_t d = 0; d < GRID; d++) {
			if (lead)
				report(sgd, d);
			pthread_barrier_wait(&sgd->barrier);
			if (sgd->stop)
				return;
			uint32_t row;
			while ((row = atomic_fetch_add(&sgd->next[d], 1)) < GRID)
				train_block(sgd, row * GRID + (row + sgd->diagonals[d]) % GRID);
			pthread_barrier_wait(&sgd->barrier);
		}
		if (lead)
			end_epoch(sgd, start);
	}
}

static void *worker(void *arg)
{
	struct sgd *sgd = arg;

	/* held until all threads that could be started are counted */
	(void)pthread_mutex_lock(&sgd->gate);
	(void)pthread_mutex_unlock(&sgd->gate);
	work(sgd, false);
	return NULL;
}

/* Start the helpers, work beside them, wait for them.  With fewer than asked for the result is the same. */
static int run_threads(struct sgd *sgd, unsigned threads, struct animed_error *err)
{
	pthread_t helpers[GRID];
	unsigned started = 0;

	(void)pthread_mutex_init(&sgd->gate, NULL);
	(void)pthread_mutex_lock(&sgd->gate);
	while (started + 1 < threads && pthread_create(&helpers[started], NULL, worker, sgd) == 0)
		started++;
	(void)pthread_barrier_init(&sgd->barrier, NULL, started + 1);
	(void)pthread_mutex_unlock(&sgd->gate);
	work(sgd, true);
	for (unsigned i = 0; i < started; i++)
		(void)pthread_join(helpers[i], NULL);
	(void)pthread_barrier_destroy(&sgd->barrier);
	(void)pthread_mutex_destroy(&sgd->gate);
	return sgd->stop ? animed_fail(err, "cancelled") : 0;
}

static int sgd_prepare(struct sgd *sgd)
{
	struct fit *fit = sgd->fit;
	const struct animed_dataset *data = fit->data;
	uint32_t *users = count_rows(&data->train, data->train.users, data->n_users);
	uint32_t *items = count_rows(&data->train, data->train.items, data->n_items);
	int status = -1;

	sgd->cells = malloc(data->train.n * sizeof *sgd->cells);
	if (users && items && sgd->cells && make_blocks(sgd, users, items) == 0) {
		init_biases(fit, users, items);
		init_factors(sgd, fit->P, users, data->n_users, &sgd->rng);
		init_factors(sgd, fit->Q, items, data->n_items, &sgd->rng);
		status = 0;
	}
	free(users);
	free(items);
	return status;
}

int optim_sgd(struct fit *fit, struct animed_error *err)
{
	struct sgd *sgd = calloc(1, sizeof *sgd);
	int status;

	if (!sgd)
		return animed_fail(err, "out of memory");
	sgd->fit = fit;
	sgd->decay = (float)fit->weight_decay;
	rng_seed(&sgd->rng, fit->seed);
	if (sgd_prepare(sgd) < 0)
		status = animed_fail(err, "not enough memory to sort %zu ratings", fit->data->train.n);
	else
		status = run_threads(sgd, fit->host->threads < GRID ? fit->host->threads : GRID, err);
	free(sgd->cells);
	free(sgd);
	return status;
}
