/* optim-sgd.c - the default optimiser: stochastic gradient descent with a cosine-decayed step.
 *
 * Users and items are cut into groups, so that the ratings fall into a grid of blocks.  The blocks of a diagonal share
 * neither users nor items.  An epoch goes through the diagonals one after the other, and each group of users or items
 * sees its blocks in that order, whichever threads train them.  Neither the blocks, nor their order, nor the order
 * inside them depends on the number of threads, and so neither does the result.
 *
 * A group of items is small enough to stay in the second-level cache of a core while the users of a block pass by. */
#include "config.h"

#include "factors/optim.h"

#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "factors/blocks.h"
#include "factors/implicit.h"
#include "kit/rng.h"

#define MIN_GRID 8u

/* How much memory the rows of a group of items may take: half of a common second-level cache.  It is a constant, so
 * that the result does not depend on the cache of the machine. */
#define GROUP_BYTES (512u << 10)

/* In how many pieces held-out ratings are scored; the sums of the pieces are added in their order. */
#define SCORE_PIECES 64u

/* In how many pieces the first factors of a side are drawn, each with a generator of its own. */
#define INIT_PIECES 32u

/* How often a thread looks again for a block that it waits for before it lets others run. */
#define SPINS 1000

struct sgd {
	struct fit *fit;
	struct blocks blocks;
	struct sgd_cell *valid; /* [valid.n] */
	struct sgd_row *users, *items;
	uint32_t *user_counts, *item_counts; /* how many ratings each has */
	uint64_t init_seed;
	struct implicit implicit;
	double errors[BLOCKS_MAX_ROUNDS * BLOCKS_MAX_GRID *
		      BLOCKS_MAX_GRID];      /* the sum of the squared errors of each block in this epoch */
	double scores[SCORE_PIECES];         /* the same for each piece of `valid` */
	uint32_t diagonals[BLOCKS_MAX_GRID]; /* their order in this epoch */
	struct rng rng;
	int epoch;
	unsigned threads;
	bool finished; /* written by one thread while the others wait */
	pthread_mutex_t gate;
	pthread_barrier_t barrier;
	atomic_uint next_task, next_block, next_piece; /* which is to be taken next */
	atomic_uint users_done[BLOCKS_MAX_GRID];       /* how many blocks of this epoch a group is through with */
	atomic_uint items_done[BLOCKS_MAX_GRID];
	atomic_uint joined; /* how many threads have a number */
	atomic_bool cancelled, no_memory;
};

static uint32_t choose_grid(const struct fit *fit, const uint32_t *item_counts)
{
	uint32_t rated = 0, grid = MIN_GRID;

	for (uint32_t i = 0; i < fit->data->n_items; i++)
		rated += item_counts[i] > 0;
	while (grid < BLOCKS_MAX_GRID && (size_t)rated * fit->width * sizeof(float) / grid > GROUP_BYTES)
		grid *= 2;
	return grid;
}

/* Draw small factors, evenly spread with a standard deviation of 0.1 / sqrt(k).  Rows without a training rating are
 * zero and stay so. */
static void init_factors(const struct fit *fit, float *rows, const uint32_t *counts, uint32_t from, uint32_t to,
			 struct rng *rng)
{
	const float unit = (float)(0.1 * sqrt(3 / (double)fit->k) * 0x1p-15);
	uint64_t bits = 0;

	for (uint32_t i = from; i < to; i++) {
		if (counts[i] == 0)
			continue;
		for (uint32_t j = 0; j < fit->k; j++, bits >>= 16) {
			if (j % 4 == 0)
				bits = rng_next(rng);
			rows[(size_t)i * fit->width + j] = unit * ((float)(bits & 0xffff) - 32767.5f);
		}
	}
}

static void init_piece(const struct sgd *sgd, uint32_t piece)
{
	const struct fit *fit = sgd->fit;
	const bool user = piece < INIT_PIECES;
	const uint64_t n = user ? fit->data->n_users : fit->data->n_items, at = piece % INIT_PIECES;
	struct rng rng;

	rng_seed(&rng, sgd->init_seed + piece);
	init_factors(fit, user ? fit->P : fit->Q, user ? sgd->user_counts : sgd->item_counts,
		     (uint32_t)(n * at / INIT_PIECES), (uint32_t)(n * (at + 1) / INIT_PIECES), &rng);
}

/* Do what is left before the first epoch.  One thread fits the biases; meanwhile the others draw the first factors and
 * order the ratings inside the blocks. */
static void start_off(struct sgd *sgd, unsigned thread)
{
	const uint32_t pieces = 2 * INIT_PIECES,
		       tasks = pieces + sgd->blocks.rounds * sgd->blocks.grid * sgd->blocks.grid;
	uint32_t i;

	if (thread == 0 && fit_rows(sgd->fit, sgd->user_counts, sgd->item_counts, sgd->users, sgd->items) < 0)
		atomic_store(&sgd->no_memory, true);
	while ((i = atomic_fetch_add(&sgd->next_task, 1)) < tasks) {
		if (i < pieces)
			init_piece(sgd, i);
		else if (blocks_order(&sgd->blocks, i - pieces) < 0)
			atomic_store(&sgd->no_memory, true);
	}
}

/* The step: a cosine from the learning rate down to 0 over the diagonals of all rounds. */
static float rate_at(const struct sgd *sgd, uint32_t round, double diagonal)
{
	const double in_epoch = (round + diagonal / sgd->blocks.grid) / sgd->blocks.rounds;
	const double at = (sgd->epoch + in_epoch) / sgd->fit->epochs;

	return (float)(sgd->fit->learning_rate * (1 + cos(M_PI * at)) / 2);
}

static struct sgd_task task_at(const struct sgd *sgd, float rate)
{
	struct fit *fit = sgd->fit;

	return (struct sgd_task){
	    .P = fit->P,
	    .Q = fit->Q,
	    .bu = fit->bu,
	    .bi = fit->bi,
	    .users = sgd->users,
	    .items = sgd->items,
	    .width = fit->width,
	    .mean = fit->scale.global_mean,
	    .low = fit->scale.low,
	    .high = fit->scale.high,
	    .rate = rate,
	    .bias_rate = fit->biased ? rate : 0,
	};
}

static void report(struct sgd *sgd, uint32_t round, uint32_t number)
{
	const struct fit *fit = sgd->fit;
	const double in_round = (double)number / (sgd->blocks.grid * sgd->blocks.grid);
	const double fraction = (round + in_round) / sgd->blocks.rounds;

	if (fit->host->cancelled(fit->host->ctx))
		atomic_store(&sgd->cancelled, true);
	fit->host->progress(fit->host->ctx, &(struct animed_progress){
						.epoch = sgd->epoch, .epochs = fit->epochs, .fraction = fraction});
}

/* Wait until a group is through with `blocks` of its blocks.  Other threads are training them, since every thread takes
 * its blocks in order; with many more blocks than threads there is seldom anything to wait for.  Returns false where
 * the training is cancelled. */
static bool wait_for(struct sgd *sgd, atomic_uint *done, uint32_t blocks)
{
	for (unsigned spins = 0; atomic_load_explicit(done, memory_order_acquire) < blocks; spins++) {
		if (atomic_load(&sgd->cancelled))
			return false;
		if (spins >= SPINS)
			(void)sched_yield();
	}
	return true;
}

/* Train the number-th block in the order of a round.  Returns false where the training is cancelled. */
static bool train_block(struct sgd *sgd, uint32_t round, uint32_t number)
{
	const uint32_t grid = sgd->blocks.grid, diagonal = number / grid, g = number % grid;
	const uint32_t h = (g + sgd->diagonals[diagonal]) % grid, block = (round * grid + g) * grid + h;
	const size_t start = sgd->blocks.starts[block], end = sgd->blocks.starts[block + 1];

	if (atomic_load(&sgd->cancelled) || !wait_for(sgd, &sgd->users_done[g], diagonal) ||
	    !wait_for(sgd, &sgd->items_done[h], diagonal))
		return false;
	const struct sgd_task task = task_at(sgd, rate_at(sgd, round, diagonal));
	sgd->errors[block] = kernels_best()->sgd(&task, sgd->blocks.cells + start, end - start);
	atomic_store_explicit(&sgd->users_done[g], diagonal + 1, memory_order_release);
	atomic_store_explicit(&sgd->items_done[h], diagonal + 1, memory_order_release);
	return true;
}

static void score_piece(struct sgd *sgd, uint32_t piece)
{
	const size_t n = sgd->fit->data->valid.n, start = n * piece / SCORE_PIECES,
		     end = n * (piece + 1) / SCORE_PIECES;
	const struct sgd_task task = task_at(sgd, 0);

	sgd->scores[piece] = kernels_best()->score(&task, sgd->valid + start, end - start);
}

/* Done once a round, by one thread, while the others leave what it writes alone. */
static void begin_round(struct sgd *sgd)
{
	for (uint32_t i = 0; i < sgd->blocks.grid; i++) {
		atomic_store(&sgd->users_done[i], 0);
		atomic_store(&sgd->items_done[i], 0);
	}
	atomic_store(&sgd->next_block, 0);
}

/* Done once an epoch, by one thread, while the others wait. */
static void begin_epoch(struct sgd *sgd)
{
	for (uint32_t i = 0; i < sgd->blocks.grid; i++) {
		uint32_t j = rng_below(&sgd->rng, i + 1);
		sgd->diagonals[i] = sgd->diagonals[j];
		sgd->diagonals[j] = i;
	}
	atomic_store(&sgd->next_piece, 0);
	begin_round(sgd);
}

static void end_epoch(struct sgd *sgd, double start)
{
	struct fit *fit = sgd->fit;
	double errors = 0, scores = 0;

	for (uint32_t b = 0; b < sgd->blocks.rounds * sgd->blocks.grid * sgd->blocks.grid; b++)
		errors += sgd->errors[b];
	for (uint32_t i = 0; i < SCORE_PIECES; i++)
		scores += sgd->scores[i];
	fit->train_loss = errors / (double)fit->data->train.n;
	fit->valid_loss = fit->data->valid.n ? scores / (double)fit->data->valid.n : NAN;
	sgd->finished = fit_end_epoch(fit, sgd->epoch, now_seconds() - start) || ++sgd->epoch == fit->epochs;
}

/* Gather the implicit term of the users of a round.  The groups are shared out among the threads. */
static void open_round(struct sgd *sgd, unsigned thread, uint32_t round)
{
	const uint32_t grid = sgd->blocks.grid;

	for (uint32_t g = thread; g < grid; g += sgd->threads)
		implicit_gather(&sgd->implicit, sgd->fit, &sgd->blocks, sgd->user_counts, round * grid + g);
	pthread_barrier_wait(&sgd->barrier);
}

/* Hand what those users learnt on to the items. */
static void close_round(struct sgd *sgd, unsigned thread, uint32_t round)
{
	const uint32_t grid = sgd->blocks.grid;
	const float rate = rate_at(sgd, round, grid / 2.0);

	for (uint32_t g = thread; g < grid; g += sgd->threads)
		implicit_settle(&sgd->implicit, sgd->fit, &sgd->blocks, sgd->users, sgd->user_counts, rate,
				round * grid + g);
	pthread_barrier_wait(&sgd->barrier);
	if (thread == 0)
		begin_round(sgd);
	for (uint32_t h = thread; h < grid; h += sgd->threads)
		implicit_learn(&sgd->implicit, sgd->fit, &sgd->blocks, rate, round, h);
	pthread_barrier_wait(&sgd->barrier);
}

/* The block that a thread trains next.  Where the groups of users can be shared out evenly each thread keeps its own,
 * whose rows stay in the cache of its core, since rows that another core has written are slow to come by: two threads
 * are 1.70 times as fast as one, and 1.65 times where whichever is free takes a block. */
static uint32_t take_block(struct sgd *sgd, unsigned thread, uint32_t turn)
{
	if (sgd->blocks.grid % sgd->threads == 0)
		return turn * sgd->threads + thread;
	return atomic_fetch_add(&sgd->next_block, 1);
}

/* Train a round.  Returns false, in all threads alike, where the training is cancelled or memory is short. */
static bool train_round(struct sgd *sgd, unsigned thread, uint32_t round)
{
	const uint32_t blocks = sgd->blocks.grid * sgd->blocks.grid;
	uint32_t i;

	if (sgd->fit->implicit)
		open_round(sgd, thread, round);
	for (uint32_t turn = 0; !atomic_load(&sgd->no_memory) && (i = take_block(sgd, thread, turn)) < blocks; turn++) {
		if (thread == 0)
			report(sgd, round, i);
		if (!train_block(sgd, round, i))
			break;
	}
	pthread_barrier_wait(&sgd->barrier);
	if (atomic_load(&sgd->cancelled) || atomic_load(&sgd->no_memory))
		return false;
	if (sgd->fit->implicit)
		close_round(sgd, thread, round);
	return true;
}

/* The work of each thread.  Number 0 also begins and ends rounds and epochs. */
static void work(struct sgd *sgd, unsigned thread)
{
	uint32_t i;

	start_off(sgd, thread);
	for (;;) {
		const double start = now_seconds();
		if (thread == 0 && !sgd->finished) {
			begin_epoch(sgd);
			report(sgd, 0, 0);
		}
		pthread_barrier_wait(&sgd->barrier);
		if (sgd->finished)
			return;
		for (uint32_t round = 0; round < sgd->blocks.rounds; round++) {
			if (!train_round(sgd, thread, round))
				return;
		}
		while ((i = atomic_fetch_add(&sgd->next_piece, 1)) < SCORE_PIECES)
			score_piece(sgd, i);
		pthread_barrier_wait(&sgd->barrier);
		if (thread == 0)
			end_epoch(sgd, start);
	}
}

static void *worker(void *arg)
{
	struct sgd *sgd = arg;

	/* the gate is held until all threads that could be started are counted */
	(void)pthread_mutex_lock(&sgd->gate);
	(void)pthread_mutex_unlock(&sgd->gate);
	work(sgd, atomic_fetch_add(&sgd->joined, 1) + 1);
	return NULL;
}

static int no_memory(const struct fit *fit, struct animed_error *err)
{
	return animed_fail(err, "not enough memory to sort %zu ratings", fit->data->train.n);
}

/* Start the other threads, work beside them, and wait for them.  With fewer than asked for the result is the same. */
static int run_threads(struct sgd *sgd, unsigned threads, struct animed_error *err)
{
	pthread_t helpers[BLOCKS_MAX_GRID];
	unsigned started = 0;

	(void)pthread_mutex_init(&sgd->gate, NULL);
	(void)pthread_mutex_lock(&sgd->gate);
	while (started + 1 < threads && pthread_create(&helpers[started], NULL, worker, sgd) == 0)
		started++;
	sgd->threads = started + 1;
	(void)pthread_barrier_init(&sgd->barrier, NULL, sgd->threads);
	(void)pthread_mutex_unlock(&sgd->gate);
	work(sgd, 0);
	for (unsigned i = 0; i < started; i++)
		(void)pthread_join(helpers[i], NULL);
	(void)pthread_barrier_destroy(&sgd->barrier);
	(void)pthread_mutex_destroy(&sgd->gate);
	if (sgd->no_memory)
		return no_memory(sgd->fit, err);
	return sgd->cancelled ? animed_fail(err, "cancelled") : 0;
}

static struct sgd_cell *copy_cells(const struct animed_ratings *ratings)
{
	struct sgd_cell *cells = malloc((ratings->n + 1) * sizeof *cells);

	for (size_t r = 0; cells && r < ratings->n; r++)
		cells[r] = (struct sgd_cell){ratings->users[r], ratings->items[r], ratings->scores[r]};
	return cells;
}

static int sgd_prepare(struct sgd *sgd)
{
	struct fit *fit = sgd->fit;
	const struct animed_dataset *data = fit->data;

	sgd->user_counts = count_rows(&data->train, data->train.users, data->n_users);
	sgd->item_counts = count_rows(&data->train, data->train.items, data->n_items);
	sgd->users = calloc(data->n_users, sizeof *sgd->users);
	sgd->items = calloc(data->n_items, sizeof *sgd->items);
	sgd->valid = copy_cells(&data->valid);
	if (!sgd->user_counts || !sgd->item_counts || !sgd->users || !sgd->items || !sgd->valid)
		return -1;
	sgd->init_seed = rng_next(&sgd->rng);
	if (blocks_make(&sgd->blocks, data, sgd->user_counts, sgd->item_counts, choose_grid(fit, sgd->item_counts),
			fit->implicit ? BLOCKS_MAX_ROUNDS : 1, &sgd->rng) < 0 ||
	    (fit->implicit && implicit_make(&sgd->implicit, fit) < 0))
		return -1;
	return 0;
}

int optim_sgd(struct fit *fit, struct animed_error *err)
{
	struct sgd *sgd = calloc(1, sizeof *sgd);
	int status;

	if (!sgd)
		return no_memory(fit, err);
	sgd->fit = fit;
	rng_seed(&sgd->rng, fit->seed);
	if (sgd_prepare(sgd) < 0)
		status = no_memory(fit, err);
	else
		status = run_threads(sgd, fit->host->threads < sgd->blocks.grid ? fit->host->threads : sgd->blocks.grid,
				     err);
	blocks_free(&sgd->blocks);
	implicit_free(&sgd->implicit);
	free(sgd->valid);
	free(sgd->user_counts);
	free(sgd->item_counts);
	free(sgd->users);
	free(sgd->items);
	free(sgd);
	return status;
}
