/* optim-notebook.c - the optimiser of the fastai notebook: Adam with decoupled weight decay under a one-cycle schedule.
 *
 * Adam is dense: at every step it moves every row, also those without a gradient, by their momentum and decay.  Rows do
 * not depend on each other.  So a row is left alone until a batch needs it, and is then brought up to date in
 * registers: the same arithmetic in another order, without the memory traffic of 15,000 rows a step. */
#include "config.h"

#include "factors/optim.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kit/rng.h"

/* fastai's defaults: fit_one_cycle(div=25, div_final=1e5, pct_start=0.25, moms=(0.95, 0.85, 0.95)), batch size 64. */
#define BATCH     64u
#define DIV       25.0
#define DIV_FINAL 1e5
#define PCT_START 0.25
#define MOM_HIGH  0.95
#define MOM_LOW   0.85
#define SMOOTHING 0.98 /* of the training loss that is shown */
#define INIT_STD  0.1

/* The share of its momentum at which a row without gradients is moved by less than a float holds.  From there on only
 * the decay is left, which has a closed form; that halves the time of an epoch. */
#define QUIET 1e-7

/* The rows of one embedding with the state of Adam.  A bias is an embedding of one column. */
struct table {
	float *p, *m, *v; /* [n, width] */
	float *g;         /* [BATCH, width], the gradients of the rows that the batch names */
	uint32_t n, width;
	uint32_t *done; /* [n], how many steps have been applied */
	uint32_t *slot; /* [n], the row of g, or UINT32_MAX */
	uint32_t rows[BATCH];
	uint32_t used; /* how many rows of g are in use */
	bool *seen;    /* [n], whether a row has a training rating; others are zero and stay so */
};

struct notebook {
	struct fit *fit;
	struct table users, items;
	struct table user_bias, item_bias; /* width KERNEL_LANES, one column used */
	uint32_t *order;                   /* the order of the training ratings in this epoch */
	uint32_t per_epoch;                /* whole batches; the rest of an epoch is dropped, as in the notebook */
	struct adam_step *steps;           /* [epochs * per_epoch] */
	double *kept;                      /* kept[t] is the product of steps[0 .. t).keep */
	uint32_t *quiet; /* quiet[t] is the step at which the momentum from before step t is down to QUIET */
	struct rng rng;
	bool finished; /* patience has ended the training */
};

static double cosine_between(double from, double to, double at)
{
	return from + (to - from) * (1 - cos(M_PI * at)) / 2;
}

static void fill_schedule(struct notebook *nb, size_t n)
{
	const double top = nb->fit->learning_rate;
	double kept = 1;

	for (size_t t = 0; t < n; t++) {
		double at = (double)t / (double)n, lr, mom;
		if (at < PCT_START) {
			lr = cosine_between(top / DIV, top, at / PCT_START);
			mom = cosine_between(MOM_HIGH, MOM_LOW, at / PCT_START);
		} else {
			lr = cosine_between(top, top / DIV_FINAL, (at - PCT_START) / (1 - PCT_START));
			mom = cosine_between(MOM_LOW, MOM_HIGH, (at - PCT_START) / (1 - PCT_START));
		}
		double step = (double)(t + 1), keep = 1 - lr * nb->fit->weight_decay;
		nb->steps[t] = (struct adam_step){
		    .beta1 = (float)mom,
		    .keep = (float)keep,
		    .rate = (float)(lr / (1 - pow(mom, step))),
		    .debias = (float)(1 / sqrt(1 - pow((double)ADAM_BETA2, step))),
		};
		nb->kept[t] = kept;
		kept *= keep;
	}
	nb->kept[n] = kept;
}

/* Fill nb->quiet.  Two indices go along the schedule; `left` is the product of beta1 over the steps [t, end). */
static void fill_quiet(struct notebook *nb, size_t n)
{
	double left = 1;
	size_t end = 0;

	for (size_t t = 0; t < n; t++) {
		for (; end < n && left > QUIET; end++)
			left *= (double)nb->steps[end].beta1;
		nb->quiet[t] = (uint32_t)end;
		left /= (double)nb->steps[t].beta1;
	}
}

/* Make a table of the rows p, which stay the fit's; the rest belongs to the table.  Returns -1 where memory is
 * short. */
static int table_open(struct table *table, float *p, uint32_t n, uint32_t width, const struct animed_ratings *train,
		      const uint32_t *column)
{
	uint32_t *counts = count_rows(train, column, n);

	*table = (struct table){.p = p, .n = n, .width = width};
	table->m = alloc_aligned(n, sizeof(float) * width);
	table->v = alloc_aligned(n, sizeof(float) * width);
	table->g = alloc_aligned(BATCH, sizeof(float) * width);
	table->done = calloc(n, sizeof *table->done);
	table->slot = malloc(n * sizeof *table->slot);
	table->seen = calloc(n, sizeof *table->seen);
	if (!counts || !p || !table->m || !table->v || !table->g || !table->done || !table->slot || !table->seen) {
		free(counts);
		return -1;
	}
	memset(table->slot, 0xff, n * sizeof *table->slot);
	for (uint32_t i = 0; i < n; i++)
		table->seen[i] = counts[i] > 0;
	free(counts);
	return 0;
}

static void table_close(struct table *table)
{
	free(table->m);
	free(table->v);
	free(table->g);
	free(table->done);
	free(table->slot);
	free(table->seen);
}

static void table_init(struct table *table, uint32_t columns, struct rng *rng)
{
	for (uint32_t i = 0; i < table->n; i++) {
		if (!table->seen[i])
			continue;
		for (uint32_t j = 0; j < columns; j++)
			table->p[(size_t)i * table->width + j] = (float)(INIT_STD * rng_normal(rng));
	}
}

/* Bring `row` up to date: to where it is before step `now`. */
static void catch_up(const struct notebook *nb, struct table *table, uint32_t row, uint32_t now)
{
	const struct kernels *kernels = kernels_best();
	const size_t at = (size_t)row * table->width;
	uint32_t from = table->done[row], idle = now - from;

	if (idle == 0 || !table->seen[row])
		return;
	table->done[row] = now;
	uint32_t run = (now < nb->quiet[from] ? now : nb->quiet[from]) - from;
	kernels->adam_idle(table->p + at, table->m + at, table->v + at, table->width, nb->steps + from, run);
	if (run == idle)
		return;
	const float keep = (float)(nb->kept[now] / nb->kept[from + run]);
	const float decay = powf(ADAM_BETA2, (float)(idle - run));
	for (uint32_t j = 0; j < table->width; j++) {
		table->p[at + j] *= keep;
		table->m[at + j] = 0;
		table->v[at + j] *= decay;
	}
}

/* The gradient that is collected for `row` in this batch. */
static float *grad(struct table *table, uint32_t row)
{
	if (table->slot[row] == UINT32_MAX) {
		table->slot[row] = table->used;
		table->rows[table->used++] = row;
	}
	return table->g + (size_t)table->slot[row] * table->width;
}

static void apply(const struct notebook *nb, struct table *table, uint32_t now)
{
	for (uint32_t i = 0; i < table->used; i++) {
		const uint32_t row = table->rows[i];
		const size_t at = (size_t)row * table->width;
		kernels_best()->adam(table->p + at, table->m + at, table->v + at, table->g + (size_t)i * table->width,
				     table->width, &nb->steps[now]);
		table->done[row] = now + 1;
		table->slot[row] = UINT32_MAX;
	}
	memset(table->g, 0, (size_t)table->used * table->width * sizeof *table->g);
	table->used = 0;
}

/* Train on one batch.  Returns its mean squared error before the step. */
static double train_batch(struct notebook *nb, const uint32_t *batch, uint32_t now)
{
	const struct fit *fit = nb->fit;
	const struct animed_ratings *train = &fit->data->train;
	const float low = fit->scale.low, range = fit->scale.high - fit->scale.low;
	double loss = 0;

	for (uint32_t b = 0; b < BATCH; b++) {
		const uint32_t u = train->users[batch[b]], i = train->items[batch[b]];
		catch_up(nb, &nb->users, u, now);
		catch_up(nb, &nb->items, i, now);
		if (fit->biased) {
			catch_up(nb, &nb->user_bias, u, now);
			catch_up(nb, &nb->item_bias, i, now);
		}
	}
	for (uint32_t b = 0; b < BATCH; b++) {
		const uint32_t u = train->users[batch[b]], i = train->items[batch[b]];
		const float *p = nb->users.p + (size_t)u * fit->width, *q = nb->items.p + (size_t)i * fit->width;
		float *gp = grad(&nb->users, u), *gq = grad(&nb->items, i);
		float z = kernel_dot(p, q, fit->width);
		if (fit->biased)
			z += nb->user_bias.p[(size_t)u * KERNEL_LANES] + nb->item_bias.p[(size_t)i * KERNEL_LANES];
		const float s = 1 / (1 + expf(-z)), error = low + range * s - train->scores[batch[b]];
		const float dz = 2 * error * range * s * (1 - s) / BATCH;
		loss += (double)error * (double)error;
		for (uint32_t j = 0; j < fit->width; j++) {
			gp[j] += dz * q[j];
			gq[j] += dz * p[j];
		}
		if (fit->biased) {
			grad(&nb->user_bias, u)[0] += dz;
			grad(&nb->item_bias, i)[0] += dz;
		}
	}
	apply(nb, &nb->users, now);
	apply(nb, &nb->items, now);
	if (fit->biased) {
		apply(nb, &nb->user_bias, now);
		apply(nb, &nb->item_bias, now);
	}
	return loss / BATCH;
}

static void catch_up_all(const struct notebook *nb, struct table *table, uint32_t now)
{
	for (uint32_t i = 0; i < table->n; i++)
		catch_up(nb, table, i, now);
}

/* Bring all rows up to date, and copy the biases to the arrays of the fit. */
static void settle(struct notebook *nb, uint32_t now)
{
	struct fit *fit = nb->fit;

	catch_up_all(nb, &nb->users, now);
	catch_up_all(nb, &nb->items, now);
	if (!fit->biased)
		return;
	catch_up_all(nb, &nb->user_bias, now);
	catch_up_all(nb, &nb->item_bias, now);
	for (uint32_t u = 0; u < nb->users.n; u++)
		fit->bu[u] = nb->user_bias.p[(size_t)u * KERNEL_LANES];
	for (uint32_t i = 0; i < nb->items.n; i++)
		fit->bi[i] = nb->item_bias.p[(size_t)i * KERNEL_LANES];
}

static int train_epoch(struct notebook *nb, int epoch, struct animed_error *err)
{
	struct fit *fit = nb->fit;
	const double start = now_seconds();
	const uint32_t n = (uint32_t)fit->data->train.n, first = (uint32_t)epoch * nb->per_epoch;
	double smooth = 0, weight = 0;

	for (uint32_t i = n - 1; i > 0; i--) {
		uint32_t j = rng_below(&nb->rng, i + 1), t = nb->order[i];
		nb->order[i] = nb->order[j];
		nb->order[j] = t;
	}
	for (uint32_t b = 0; b < nb->per_epoch; b++) {
		double loss = train_batch(nb, nb->order + (size_t)b * BATCH, first + b);
		smooth = SMOOTHING * smooth + (1 - SMOOTHING) * loss;
		weight = SMOOTHING * weight + (1 - SMOOTHING);
		if (b % 64 != 0)
			continue;
		if (fit->host->cancelled(fit->host->ctx))
			return animed_fail(err, "cancelled");
		fit->host->progress(fit->host->ctx, &(struct animed_progress){.epoch = epoch,
									      .epochs = fit->epochs,
									      .fraction = (double)b / nb->per_epoch});
	}
	settle(nb, first + nb->per_epoch);
	fit->train_loss = smooth / weight;
	fit->valid_loss = fit_valid_loss(fit);
	nb->finished = fit_end_epoch(fit, epoch, now_seconds() - start);
	return 0;
}

static int notebook_open(struct notebook *nb, struct fit *fit)
{
	const struct animed_ratings *train = &fit->data->train;
	const uint32_t U = fit->data->n_users, I = fit->data->n_items;

	*nb = (struct notebook){.fit = fit, .per_epoch = (uint32_t)(train->n / BATCH)};
	rng_seed(&nb->rng, fit->seed);
	const size_t steps = (size_t)fit->epochs * nb->per_epoch;
	nb->steps = malloc(steps * sizeof *nb->steps);
	nb->kept = malloc((steps + 1) * sizeof *nb->kept);
	nb->order = malloc(train->n * sizeof *nb->order);
	nb->quiet = malloc(steps * sizeof *nb->quiet);
	if (!nb->steps || !nb->kept || !nb->quiet || !nb->order)
		return -1;
	for (uint32_t i = 0; i < train->n; i++)
		nb->order[i] = i;
	fill_schedule(nb, steps);
	fill_quiet(nb, steps);
	if (table_open(&nb->users, fit->P, U, fit->width, train, train->users) < 0 ||
	    table_open(&nb->items, fit->Q, I, fit->width, train, train->items) < 0)
		return -1;
	table_init(&nb->users, fit->k, &nb->rng);
	table_init(&nb->items, fit->k, &nb->rng);
	if (!fit->biased)
		return 0;
	float *user = alloc_aligned(U, sizeof(float) * KERNEL_LANES),
	      *item = alloc_aligned(I, sizeof(float) * KERNEL_LANES);
	int a = table_open(&nb->user_bias, user, U, KERNEL_LANES, train, train->users);
	int b = table_open(&nb->item_bias, item, I, KERNEL_LANES, train, train->items);
	if (a < 0 || b < 0)
		return -1;
	table_init(&nb->user_bias, 1, &nb->rng);
	table_init(&nb->item_bias, 1, &nb->rng);
	return 0;
}

static void notebook_close(struct notebook *nb)
{
	table_close(&nb->users);
	table_close(&nb->items);
	free(nb->user_bias.p);
	free(nb->item_bias.p);
	table_close(&nb->user_bias);
	table_close(&nb->item_bias);
	free(nb->order);
	free(nb->quiet);
	free(nb->kept);
	free(nb->steps);
}

int optim_notebook(struct fit *fit, struct animed_error *err)
{
	struct notebook nb;
	int status = 0;

	if (fit->data->train.n < BATCH)
		return animed_fail(
		    err,
		    "optimizer: notebook needs at least %u training ratings, one batch, and there are %zu; "
		    "use optimizer: sgd",
		    BATCH, fit->data->train.n);
	if ((double)fit->data->train.n / BATCH * fit->epochs > 2e9 || fit->data->train.n > UINT32_MAX)
		return animed_fail(err, "optimizer: notebook cannot count that many steps; use optimizer: sgd");
	if (notebook_open(&nb, fit) < 0)
		status = animed_fail(err, "not enough memory to train %u users and %u items with %u factors",
				     fit->data->n_users, fit->data->n_items, fit->k);
	for (int epoch = 0; status == 0 && !nb.finished && epoch < fit->epochs; epoch++)
		status = train_epoch(&nb, epoch, err);
	notebook_close(&nb);
	return status;
}
