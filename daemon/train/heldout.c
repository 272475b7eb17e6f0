/* heldout.c - makes a list for each of some users, and judges it by what was held out. */
#include "config.h"

#include "train/heldout.h"

#include <math.h>
#include <stdlib.h>

#include "base/host.h"
#include "kit/parallel.h"
#include "kit/rng.h"
#include "kit/topk.h"
#include "train/ndcg.h"
#include "train/ranker.h"

/* ---- the sample ---- */

/* The ratings that are measured on: of HELDOUT_ITEMS items at most, and of some of the users where there are more than
 * HELDOUT_RATINGS. */
struct sample {
	struct animed_dataset data; /* users and items are numbered as in the whole */
	uint32_t n_items;           /* that have ratings to train on */
	uint32_t *users, *items;
	float *scores;
};

static void sample_free(struct sample *sample)
{
	free(sample->users);
	free(sample->items);
	free(sample->scores);
}

static int by_number(const void *a, const void *b)
{
	const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x < y) - (x > y);
}

/* Choose the most-rated items; of those with equally many ratings the first.  Returns a new array of flags, NULL where
 * memory is short. */
static bool *choose_items(const struct animed_dataset *view, uint32_t *chosen)
{
	uint32_t *counts = calloc((size_t)view->n_items + 1, sizeof *counts);
	uint32_t *sorted = malloc(((size_t)view->n_items + 1) * sizeof *sorted);
	bool *keep = calloc((size_t)view->n_items + 1, sizeof *keep);
	uint32_t least = 1, above = 0;

	*chosen = 0;
	if (!counts || !sorted || !keep) {
		free(keep);
		keep = NULL;
	}
	for (size_t r = 0; keep && r < view->train.n; r++)
		counts[view->train.items[r]]++;
	for (uint32_t i = 0; keep && i < view->n_items; i++)
		sorted[i] = counts[i];
	if (keep && view->n_items > HELDOUT_ITEMS) {
		qsort(sorted, view->n_items, sizeof *sorted, by_number);
		least = sorted[HELDOUT_ITEMS - 1] > 0 ? sorted[HELDOUT_ITEMS - 1] : 1;
	}
	for (uint32_t i = 0; keep && i < view->n_items; i++)
		above += counts[i] > least;
	for (uint32_t i = 0; keep && i < view->n_items; i++) {
		keep[i] = counts[i] > least || (counts[i] == least && above < HELDOUT_ITEMS);
		above += keep[i] && counts[i] == least;
		*chosen += keep[i];
	}
	free(counts);
	free(sorted);
	return keep;
}

/* Whether the ratings of a user are in the sample, by a number that depends on nothing but user and seed. */
static bool has_user(uint32_t user, uint64_t seed, double share)
{
	uint64_t state = seed + user * UINT64_C(0x9e3779b97f4a7c15); /* as far apart as the steps of splitmix64 */

	return share >= 1 || rng_share(rng_splitmix(&state)) < share;
}

/* Append the ratings of the sample behind the n that there are, or count them where there is no memory yet. */
static struct animed_ratings take(struct sample *sample, size_t n, const struct animed_ratings *from, const bool *keep,
				  uint64_t seed, double share)
{
	const size_t first = n;

	for (size_t r = 0; r < from->n; r++) {
		if (!keep[from->items[r]] || !has_user(from->users[r], seed, share))
			continue;
		if (sample->scores) {
			sample->users[n] = from->users[r];
			sample->items[n] = from->items[r];
			sample->scores[n] = from->scores[r];
		}
		n++;
	}
	if (!sample->scores)
		return (struct animed_ratings){.n = n - first};
	return (struct animed_ratings){n - first, sample->users + first, sample->items + first, sample->scores + first};
}

/* Returns 0, or -1 where memory is short.  The caller frees *sample with sample_free() in either case. */
static int sample_take(struct sample *sample, const struct animed_dataset *view, uint64_t seed)
{
	const double share = view->train.n > HELDOUT_RATINGS ? HELDOUT_RATINGS / (double)view->train.n : 1;

	*sample = (struct sample){.data = *view};
	bool *keep = choose_items(view, &sample->n_items);
	if (!keep)
		return -1;
	const size_t n =
	    take(sample, 0, &view->train, keep, seed, share).n + take(sample, 0, &view->valid, keep, seed, share).n;
	sample->users = malloc((n + 1) * sizeof *sample->users);
	sample->items = malloc((n + 1) * sizeof *sample->items);
	sample->scores = malloc((n + 1) * sizeof *sample->scores);
	const int status = sample->users && sample->items && sample->scores ? 0 : -1;
	if (status == 0) {
		sample->data.train = take(sample, 0, &view->train, keep, seed, share);
		sample->data.valid = take(sample, sample->data.train.n, &view->valid, keep, seed, share);
	}
	free(keep);
	return status;
}

/* ---- lists and their judgement ---- */

/* Somebody on whom the ranking is measured: rows of what was trained on and of what was held out. */
struct judge {
	size_t known, n_known, hidden, n_hidden;
	double ndcg, popularity;
};

/* Memory of one thread. */
struct scratch {
	float *values;      /* [items] */
	uint32_t *relevant; /* [items] */
};

struct measuring {
	const struct ranker *ranker;
	const struct animed_host *host;
	float threshold;
	float *liked;         /* [items], relevant ratings that were trained on */
	struct judge *judges; /* [n] */
	size_t n;
	struct scratch *scratch; /* [host->threads] */
};

/* Returns where the ratings of one user, which begin at `begin`, end. */
static size_t user_end(const struct animed_ratings *ratings, size_t begin)
{
	size_t end = begin;

	while (end < ratings->n && ratings->users[end] == ratings->users[begin])
		end++;
	return end;
}

static bool has_relevant(const struct measuring *m, const struct judge *judge)
{
	const float *scores = m->ranker->of.data->valid.scores + judge->hidden;

	for (size_t r = 0; r < judge->n_hidden; r++) {
		if (scores[r] >= m->threshold)
			return true;
	}
	return false;
}

/* Find the users who can be measured on, in their order.  Returns how many there are; writes them where `judges` is not
 * NULL. */
static size_t find_judges(const struct measuring *m, struct judge *judges)
{
	const struct animed_ratings *train = &m->ranker->of.data->train, *valid = &m->ranker->of.data->valid;
	size_t n = 0, known = 0;

	for (size_t r = 0, end; r < valid->n; r = end) {
		end = user_end(valid, r);
		while (known < train->n && train->users[known] < valid->users[r])
			known++;
		if (known == train->n || train->users[known] != valid->users[r])
			continue;
		const struct judge judge = {known, user_end(train, known) - known, r, end - r, 0, 0};
		if (!has_relevant(m, &judge))
			continue;
		if (judges)
			judges[n] = judge;
		n++;
	}
	return n;
}

/* Keep HELDOUT_USERS of the judges. */
static void choose(struct measuring *m, uint64_t seed)
{
	size_t wanted = HELDOUT_USERS, kept = 0;
	struct rng rng;

	rng_seed(&rng, seed);
	for (size_t j = 0; j < m->n; j++) {
		if (rng_select(1 - rng_unit(&rng), m->n - j, &wanted))
			m->judges[kept++] = m->judges[j];
	}
	m->n = kept;
}

/* Judge the list of the items with the greatest values, without those of the user and those that nobody has rated. */
static double judge_values(const struct measuring *m, const struct judge *judge, const float *values,
			   uint32_t *relevant)
{
	const struct ranker *ranker = m->ranker;
	const struct animed_dataset *data = ranker->of.data;
	const uint32_t *own = data->train.items + judge->known;
	struct animed_hit hits[HELDOUT_TOP];
	struct topk best = {.hits = hits, .limit = HELDOUT_TOP, .ids = ranker->of.catalogue->ids};
	uint32_t list[HELDOUT_TOP];
	size_t n_relevant = 0, at = 0, found;

	for (uint32_t i = 0; i < data->n_items; i++) {
		while (at < judge->n_known && own[at] < i)
			at++;
		const bool known = at < judge->n_known && own[at] == i;
		if (!known && ranker->counts[i] > 0 && values[i] > topk_least(&best))
			topk_offer(&best, i, values[i]);
	}
	const size_t n = topk_finish(&best);
	for (size_t p = 0; p < n; p++)
		list[p] = hits[p].item;
	for (size_t r = judge->hidden; r < judge->hidden + judge->n_hidden; r++) {
		if (data->valid.scores[r] >= m->threshold)
			relevant[n_relevant++] = data->valid.items[r];
	}
	return ndcg(list, n, relevant, n_relevant, HELDOUT_TOP, &found);
}

static int measure_one(void *ctx, size_t j, unsigned worker, struct animed_error *err)
{
	struct measuring *m = ctx;
	const struct scratch *scratch = &m->scratch[worker];
	const struct animed_factors *factors = m->ranker->of.factors;
	const struct animed_ratings *train = &m->ranker->of.data->train;
	struct judge *judge = &m->judges[j];
	const uint32_t user = train->users[judge->known];
	const struct ranker_person person = {.n = judge->n_known,
					     .items = train->items + judge->known,
					     .scores = train->scores + judge->known,
					     .vector = factors->user_factors + (size_t)user * factors->k,
					     .bias = factors->user_bias ? factors->user_bias[user] : 0};

	if (m->host->cancelled(m->host->ctx))
		return animed_fail(err, "cancelled");
	if (ranker_values(m->ranker, &person, scratch->values, err) < 0)
		return -1;
	judge->ndcg = judge_values(m, judge, scratch->values, scratch->relevant);
	judge->popularity = judge_values(m, judge, m->liked, scratch->relevant);
	return 0;
}

static int allocate(struct measuring *m)
{
	const struct animed_dataset *data = m->ranker->of.data;
	bool all = true;

	m->n = find_judges(m, NULL);
	m->judges = malloc((m->n + 1) * sizeof *m->judges);
	m->liked = calloc((size_t)data->n_items + 1, sizeof *m->liked);
	m->scratch = calloc(m->host->threads, sizeof *m->scratch);
	for (unsigned w = 0; m->scratch && w < m->host->threads; w++) {
		m->scratch[w].values = malloc(((size_t)data->n_items + 1) * sizeof *m->scratch->values);
		m->scratch[w].relevant = malloc(((size_t)data->n_items + 1) * sizeof *m->scratch->relevant);
		all = all && m->scratch[w].values && m->scratch[w].relevant;
	}
	return all && m->judges && m->liked && m->scratch ? 0 : -1;
}

static void free_all(struct measuring *m)
{
	for (unsigned w = 0; m->scratch && w < m->host->threads; w++) {
		free(m->scratch[w].values);
		free(m->scratch[w].relevant);
	}
	free(m->scratch);
	free(m->liked);
	free(m->judges);
}

static double standard_error(const struct measuring *m, double mean)
{
	double squares = 0;

	for (size_t j = 0; j < m->n; j++)
		squares += (m->judges[j].ndcg - mean) * (m->judges[j].ndcg - mean);
	return m->n > 1 ? sqrt(squares / (double)(m->n - 1) / (double)m->n) : 1; /* of one user nothing can be said */
}

/* Measure a ranker that is open. */
static int measure(const struct ranker *ranker, uint64_t seed, const struct animed_host *host, struct heldout *out,
		   struct animed_error *err)
{
	const struct animed_dataset *data = ranker->of.data;
	struct measuring m = {
	    .ranker = ranker,
	    .host = host,
	    .threshold = (float)relevant_from((double)data->score_min, (double)data->score_max),
	};
	int status = allocate(&m);

	if (status < 0)
		(void)animed_fail(err, "not enough memory to rank %u items for the users held out", data->n_items);
	if (status == 0) {
		(void)find_judges(&m, m.judges);
		choose(&m, seed);
		for (size_t r = 0; r < data->train.n; r++)
			m.liked[data->train.items[r]] += data->train.scores[r] >= m.threshold;
		status = parallel_for(m.n, host->threads, measure_one, &m, err);
	}
	if (status == 0 && m.n > 0) {
		out->users = (uint32_t)m.n;
		out->ndcg = out->popularity = 0;
		for (size_t j = 0; j < m.n; j++) {
			out->ndcg += m.judges[j].ndcg / (double)m.n;
			out->popularity += m.judges[j].popularity / (double)m.n;
		}
		out->error = standard_error(&m, out->ndcg);
	}
	free_all(&m);
	return status;
}

static void log_warnings(void *ctx, enum animed_level level, const char *fmt, ...)
{
	const struct host_relay *relay = ctx;
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	if (level >= ANIMED_WARN)
		relay->to->log(relay->to->ctx, level, "%s", text);
}

int heldout_measure(const struct conf *conf, const struct dataset *dataset, const struct animed_dataset *view,
		    const struct animed_factors *factors, const struct animed_host *host, struct heldout *out,
		    struct animed_error *err)
{
	struct conf alone = *conf; /* without similarities */
	struct learning learning = {.n = 0};
	struct ranker ranker = {.ranking_open = false};
	struct host_relay quiet; /* the training tells what is served, not what is measured with */
	struct sample sample;

	*out = (struct heldout){.ndcg = NAN, .popularity = NAN};
	host_forward(&quiet, host);
	quiet.host.log = log_warnings;
	alone.n_similarities = 0;
	if (sample_take(&sample, view, conf->seed) < 0) {
		sample_free(&sample);
		return animed_fail(err, "not enough memory for a sample of %zu ratings", view->train.n);
	}
	const struct ranker_input of = {.conf = &alone,
					.catalogue = dataset_catalogue(dataset),
					.data = &sample.data,
					.factors = factors,
					.learning = &learning,
					.alone = true};
	int status = learning_run(&alone, dataset, &sample.data, &quiet.host, &learning, err);
	if (status == 0)
		status = ranker_open(&ranker, &of, &quiet.host, err);
	if (status == 0)
		status = measure(&ranker, conf->seed, &quiet.host, out, err);
	out->items = sample.n_items;
	ranker_close(&ranker);
	learning_free(&learning);
	sample_free(&sample);
	return status;
}
