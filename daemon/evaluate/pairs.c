/* pairs.c - asks what clients ask, and judges the answers by pairs. */
#include "config.h"

#include "evaluate/pairs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/sorted.h"
#include "kit/parallel.h"
#include "query/query.h"

/* A show that is asked about, and its pairs. */
struct asker {
	int64_t id, ratings;
	size_t first, n; /* its pairs */
};

/* What an answer is worth. */
struct worth {
	double ndcg, recall;
	bool unanswered;
};

struct asking {
	const struct conf *conf;
	const struct animed_host *host;
	const struct pairs *pairs;
	const struct asker *askers; /* by ascending number of ratings, then id */
	size_t n;
	const struct model *model;
	const char *by;      /* the similarity */
	struct worth *worth; /* [n] */
};

/* ---- one question ---- */

/* Ask a model for the `limit` shows nearest to one, as the method `similar` does.  Their rows go to `answers` and their
 * number to *n, which is 0 where the show is refused.  Returns 0.  On failure returns -1 and fills err. */
static int ask(const struct conf *conf, const struct model *model, const char *by, int64_t id, size_t limit,
	       uint32_t *answers, size_t *n, struct animed_error *err)
{
	msgpack_object_kv options[] = {
	    {.key = {.type = MSGPACK_OBJECT_STR, .via.str = {5, "limit"}},
	     .val = {.type = MSGPACK_OBJECT_POSITIVE_INTEGER, .via.u64 = limit}},
	    {.key = {.type = MSGPACK_OBJECT_STR, .via.str = {2, "by"}},
	     .val = {.type = MSGPACK_OBJECT_STR, .via.str = {(uint32_t)strlen(by), by}}},
	};
	const msgpack_object params[] = {
	    {.type = id < 0 ? MSGPACK_OBJECT_NEGATIVE_INTEGER : MSGPACK_OBJECT_POSITIVE_INTEGER, .via.i64 = id},
	    {.type = MSGPACK_OBJECT_MAP, .via.map = {2, options}},
	};
	struct question question = {.conf = conf, .model = model, .params = params, .n_params = 2};
	struct query_result result = {0};
	struct query query;
	int status = query_read_options(&question, 1, QUERY_SIMILAR, &query);

	*n = 0;
	if (status == 0)
		status = query_read_terms(&question, 0, &query);
	if (status == 0)
		status = query_run(&question, &query, &result);
	for (; status == 0 && *n < result.n; ++*n)
		answers[*n] = result.hits[*n].item;
	query_result_free(&result);
	query_free(&query);
	if (status < 0 && question.err.class == RPC_DAEMON_ERROR)
		return animed_fail(err, "similar: show %lld: %.900s", (long long)id, question.err.text);
	return 0;
}

/* ---- the worth of answers ---- */

static int descending(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x < y) - (x > y);
}

/* Returns the pair of an asker with this partner; NULL: there is none. */
static const struct pair *find_pair(const struct asking *asking, const struct asker *asker, int64_t partner)
{
	const struct pair *of = asking->pairs->at + asker->first;
	const size_t at = SORTED_BEFORE(i, asker->n, of[i].partner < partner);

	return at < asker->n && of[at].partner == partner ? &of[at] : NULL;
}

static double gain_of(const struct pair *pair)
{
	return log2(1 + (double)pair->votes);
}

/* Returns the greatest DCG that the partners of an asker can have; NaN where memory is short. */
static double ideal_of(const struct asking *asking, const struct asker *asker)
{
	double *gains = malloc(asker->n * sizeof *gains), ideal = 0;

	if (!gains)
		return NAN;
	for (size_t p = 0; p < asker->n; p++)
		gains[p] = gain_of(&asking->pairs->at[asker->first + p]);
	qsort(gains, asker->n, sizeof *gains, descending);
	for (size_t p = 0; p < asker->n && p < PAIRS_TOP; p++)
		ideal += gains[p] / log2((double)p + 2);
	free(gains);
	return ideal;
}

static int judge(void *ctx, size_t i, unsigned worker, struct animed_error *err)
{
	const struct asking *asking = ctx;
	const struct asker *asker = &asking->askers[i];
	uint32_t answers[PAIRS_LONG];
	double gain = 0, found = 0;
	size_t n;

	(void)worker;
	if (asking->host->cancelled(asking->host->ctx))
		return animed_fail(err, "cancelled");
	if (ask(asking->conf, asking->model, asking->by, asker->id, PAIRS_LONG, answers, &n, err) < 0)
		return -1;
	const double ideal = ideal_of(asking, asker);
	if (isnan(ideal))
		return animed_fail(err, "out of memory");
	for (size_t p = 0; p < n; p++) {
		const struct pair *pair = find_pair(asking, asker, asking->model->file.catalogue.ids[answers[p]]);
		gain += pair && p < PAIRS_TOP ? gain_of(pair) / log2((double)p + 2) : 0;
		found += pair ? 1 : 0;
	}
	asking->worth[i] = (struct worth){.ndcg = ideal > 0 ? gain / ideal : 0,
					  .recall = found / (double)(asker->n < PAIRS_LONG ? asker->n : PAIRS_LONG),
					  .unanswered = n == 0};
	return 0;
}

/* Sum up the askers [first, end). */
static struct pairs_figures sum_up(const struct asking *asking, size_t first, size_t end)
{
	struct pairs_figures figures = {.shows = end - first, .ndcg = NAN, .recall = NAN};

	if (end == first)
		return figures;
	figures.least = asking->askers[first].ratings;
	figures.most = asking->askers[end - 1].ratings;
	figures.ndcg = figures.recall = 0;
	for (size_t i = first; i < end; i++) {
		figures.ndcg += asking->worth[i].ndcg / (double)figures.shows;
		figures.recall += asking->worth[i].recall / (double)figures.shows;
		figures.unanswered += asking->worth[i].unanswered;
	}
	return figures;
}

/* ---- who is asked ---- */

static int by_ratings(const void *a, const void *b)
{
	const struct asker *x = a, *y = b;

	if (x->ratings != y->ratings)
		return x->ratings < y->ratings ? -1 : 1;
	return (x->id > y->id) - (x->id < y->id);
}

/* Find the shows of the catalogue with enough partners and ratings.  Returns a new array; NULL where memory is short. */
static struct asker *find_askers(const struct catalogue *catalogue, const struct pairs *pairs, size_t *n)
{
	struct asker *askers = malloc((pairs->n + 1) * sizeof *askers);

	*n = 0;
	for (size_t p = 0, end; askers && p < pairs->n; p = end) {
		const uint32_t item = catalogue_find(catalogue, pairs->at[p].query);
		for (end = p; end < pairs->n && pairs->at[end].query == pairs->at[p].query;)
			end++;
		if (item != ANIMED_NO_ITEM && end - p >= PAIRS_PARTNERS && catalogue->counts[item] >= PAIRS_RATINGS)
			askers[(*n)++] = (struct asker){pairs->at[p].query, catalogue->counts[item], p, end - p};
	}
	if (askers)
		qsort(askers, *n, sizeof *askers, by_ratings);
	return askers;
}

/* ---- overlap ---- */

struct overlapping {
	const struct conf *conf;
	const struct animed_host *host;
	const struct model *halves[2];
	const char *by;
	const struct catalogue *catalogue; /* of all ratings */
	double *shares;                    /* [items], NaN for those that are not asked about */
};

static int compare_answers(void *ctx, size_t i, unsigned worker, struct animed_error *err)
{
	const struct overlapping *of = ctx;
	uint32_t answers[2][PAIRS_TOP];
	size_t n[2], common = 0;

	(void)worker;
	of->shares[i] = NAN;
	if (of->host->cancelled(of->host->ctx))
		return animed_fail(err, "cancelled");
	if (of->catalogue->counts[i] < PAIRS_RATINGS)
		return 0;
	for (size_t h = 0; h < 2; h++) {
		if (ask(of->conf, of->halves[h], of->by, of->catalogue->ids[i], PAIRS_TOP, answers[h], &n[h], err) < 0)
			return -1;
	}
	for (size_t a = 0; a < n[0]; a++) {
		for (size_t b = 0; b < n[1]; b++)
			common += answers[0][a] == answers[1][b] ? 1u : 0u;
	}
	of->shares[i] = (double)common / PAIRS_TOP;
	return 0;
}

/* Compare the answers of two models by the similarity number `at`. */
static int overlap_of(const struct overlapping *of, struct pairs_result *out, unsigned at, struct animed_error *err)
{
	double sum = 0;

	if (parallel_for(of->catalogue->n, of->host->threads, compare_answers, (void *)(uintptr_t)of, err) < 0)
		return -1;
	out->overlap_shows = 0;
	for (uint32_t i = 0; i < of->catalogue->n; i++) {
		sum += isnan(of->shares[i]) ? 0 : of->shares[i];
		out->overlap_shows += isnan(of->shares[i]) ? 0u : 1u;
	}
	out->at[at].overlap = out->overlap_shows > 0 ? sum / (double)out->overlap_shows : NAN;
	return 0;
}

static int compare_halves(const struct conf *conf, const struct dataset *dataset, const struct animed_host *host,
			  const struct pairs_model halves[2], struct pairs_result *out, struct animed_error *err)
{
	const struct catalogue *catalogue = dataset_catalogue(dataset);
	struct overlapping of = {.conf = conf,
				 .host = host,
				 .halves = {halves[0].model, halves[1].model},
				 .catalogue = catalogue,
				 .shares = malloc(((size_t)catalogue->n + 1) * sizeof *of.shares)};
	int status = of.shares ? 0 : animed_fail(err, "out of memory");

	for (unsigned i = 0; status == 0 && i < out->n; i++) {
		of.by = out->at[i].name;
		status = overlap_of(&of, out, i, err);
	}
	free(of.shares);
	return status;
}

/* Train on each half of the ratings, and compare the answers. */
static int measure_overlap(const struct conf *conf, const struct dataset *dataset, const struct animed_host *host,
			   struct pairs_result *out, struct animed_error *err)
{
	struct pairs_model halves[2] = {{.fd = -1}, {.fd = -1}};
	struct animed_dataset view, other;
	struct split *split;

	if (split_random(dataset, 0.5, out->seed, &split, &view, err) < 0)
		return -1;
	other = view;
	other.train = view.valid;
	host->log(host->ctx, ANIMED_INFO, "training on the first half, %zu ratings", view.train.n);
	int status = pairs_model_open(conf, dataset, &view, host, &halves[0], err);
	if (status == 0) {
		host->log(host->ctx, ANIMED_INFO, "training on the second half, %zu ratings", other.train.n);
		status = pairs_model_open(conf, dataset, &other, host, &halves[1], err);
	}
	if (status == 0)
		status = compare_halves(conf, dataset, host, halves, out, err);
	pairs_model_close(&halves[0]);
	pairs_model_close(&halves[1]);
	split_free(split);
	return status;
}

/* ---- all of it ---- */

const char *pairs_part_name(enum pairs_part part)
{
	static const char *const names[] = {
	    [PAIRS_FEW] = "few", [PAIRS_SOME] = "some", [PAIRS_MANY] = "many", [PAIRS_ALL] = "all"};

	return names[part];
}

/* Judge the answers of every similarity of the model. */
static int judge_all(struct asking *asking, struct pairs_result *out, struct animed_error *err)
{
	const size_t n = asking->n, third = n / 3;

	for (unsigned i = 0; i < asking->model->n_measures; i++) {
		out->at[i].name = asking->by = asking->model->measures[i].name;
		if (parallel_for(n, asking->host->threads, judge, asking, err) < 0)
			return -1;
		out->at[i].parts[PAIRS_FEW] = sum_up(asking, 0, third);
		out->at[i].parts[PAIRS_SOME] = sum_up(asking, third, 2 * third);
		out->at[i].parts[PAIRS_MANY] = sum_up(asking, 2 * third, n);
		out->at[i].parts[PAIRS_ALL] = sum_up(asking, 0, n);
	}
	out->n = asking->model->n_measures;
	return 0;
}

/* Train on everything, and judge the answers. */
static int measure_answers(struct asking *asking, const struct dataset *dataset, struct pairs_result *out,
			   struct animed_error *err)
{
	struct animed_dataset view;
	struct pairs_model model;
	struct split *split;

	/* with nothing held out the whole is trained on */
	if (split_random(dataset, 0, out->seed, &split, &view, err) < 0)
		return -1;
	asking->host->log(asking->host->ctx, ANIMED_INFO, "training on all %zu ratings", view.train.n);
	int status = pairs_model_open(asking->conf, dataset, &view, asking->host, &model, err);
	split_free(split);
	if (status == 0) {
		asking->model = model.model;
		status = judge_all(asking, out, err);
	}
	pairs_model_close(&model);
	return status;
}

static int measure(struct asking *asking, const struct dataset *dataset, struct pairs_result *out,
		   struct animed_error *err)
{
	struct asker *askers = find_askers(dataset_catalogue(dataset), asking->pairs, &asking->n);
	int status = -1;

	asking->askers = askers;
	asking->worth = malloc((asking->n + 1) * sizeof *asking->worth);
	if (!askers || !asking->worth)
		(void)animed_fail(err, "out of memory");
	else if (asking->n == 0)
		(void)animed_fail(
		    err,
		    "%s: none of its shows has %d partners there and %d ratings; the ids must be those of "
		    "the catalogue",
		    out->file, PAIRS_PARTNERS, PAIRS_RATINGS);
	else
		status = measure_answers(asking, dataset, out, err);
	free(askers);
	free(asking->worth);
	return status < 0 ? -1 : measure_overlap(asking->conf, dataset, asking->host, out, err);
}

int pairs_measure(const struct conf *conf, const struct dataset *dataset, const char *file, uint64_t seed,
		  const struct animed_host *host, struct pairs_result *out, struct animed_error *err)
{
	struct conf unranked = *conf; /* the ranking answers nothing here, and need not learn */
	struct asking asking = {.conf = &unranked, .host = host};
	struct pairs pairs;

	unranked.ranking = (struct conf_stage){.values = NULL};
	asking.pairs = &pairs;
	*out = (struct pairs_result){.file = file, .seed = seed};
	int status = pairs_read(file, &pairs, err);
	out->pairs = pairs.n;
	if (status == 0)
		status = measure(&asking, dataset, out, err);
	pairs_free(&pairs);
	return status;
}
