/* gate.c - checks a new model by the rules. */
#include "config.h"

#include "control/gate.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	SAMPLE = 32, /* items asked for by their vectors */
	GOLDEN = 50, /* golden items, where none are configured: those with the most ratings */
	NEIGHBOURS = 10,
	GOLDEN_MAX = 1000, /* the most golden items that are configured; each costs two scans */
};

/* More than the error of rounding in sums of some hundred products. */
#define SELF_TOLERANCE 1e-3

struct check {
	const struct conf_gate *conf;
	const struct model *serving; /* NULL: none */
	const struct model *candidate;
	bool lenient;
	struct gate_report *report;
};

const char *gate_outcome_name(enum gate_outcome outcome)
{
	static const char *const names[] = {
	    [GATE_PASSED] = "passed", [GATE_FAILED] = "failed", [GATE_SKIPPED] = "skipped"};

	return names[outcome];
}

__attribute__((format(printf, 6, 7))) static void add_finding(struct check *check, const char *rule,
							      enum gate_outcome outcome, double value, double limit,
							      const char *fmt, ...)
{
	struct gate_finding *finding = &check->report->findings[check->report->n++];
	va_list ap;

	*finding = (struct gate_finding){.rule = rule, .outcome = outcome, .value = value, .limit = limit};
	va_start(ap, fmt);
	(void)vsnprintf(finding->text, sizeof finding->text, fmt, ap);
	va_end(ap);
}

/* ---- self-similarity ---- */

/* The score of the item for its own vector; NaN where the item is not among the best, or another one is nearer.  With
 * `first` false it is the best score, whichever item has it; NaN where that is not a number. */
static double self_score(const struct measure *measure, const struct animed_vectors *vectors, uint32_t item, bool first)
{
	const struct animed_query query = {.item = ANIMED_NO_ITEM, .vector = vectors->rows + (size_t)item * vectors->k};
	struct animed_hit hits[NEIGHBOURS];
	struct animed_error err;
	size_t n;

	if (measure->ops->top_k(measure->index, &query, NEIGHBOURS, hits, &n, &err) < 0 || n == 0 ||
	    !isfinite(hits[0].score))
		return NAN;
	if (!first)
		return (double)hits[0].score;
	for (size_t i = 0; i < n; i++) {
		if (hits[i].item == item)
			return hits[0].score - hits[i].score <= SELF_TOLERANCE ? (double)hits[i].score : NAN;
	}
	/* so many items have the same vector that this one has no place among the hits */
	return n == NEIGHBOURS && hits[0].score - hits[n - 1].score <= SELF_TOLERANCE ? (double)hits[0].score : NAN;
}

/* Returns the first similarity that compares the vectors of the model; NULL: none does. */
static const struct measure *comparing(const struct model *model)
{
	for (unsigned i = 0; i < model->n_measures; i++) {
		if (!measure_learns(&model->measures[i]))
			return &model->measures[i];
	}
	return NULL;
}

static void check_self(struct check *check)
{
	const struct model *model = check->candidate;
	const uint32_t n = model->file.factors.n_items, step = n / SAMPLE ? n / SAMPLE : 1;
	const struct measure *measure = comparing(model);
	const bool first = measure && measure->ops->directional;
	struct animed_vectors vectors;
	unsigned asked = 0, good = 0;
	double least = INFINITY;

	if (!check->conf->self_similarity) {
		add_finding(check, "self-similarity", GATE_SKIPPED, NAN, NAN, "switched off by gate.self_similarity");
		return;
	}
	if (!measure) {
		add_finding(check, "self-similarity", GATE_SKIPPED, NAN, NAN, "no similarity compares vectors");
		return;
	}
	model->model->item_vectors(&model->file.factors, &vectors.rows, &vectors.k);
	for (uint64_t at = 0; at < n && asked < SAMPLE; at += step) { /* `at` may end above UINT32_MAX */
		uint32_t item = (uint32_t)at;
		while (item < n && item < at + step && !model_rated(model, item))
			item++;
		if (item == n || item == at + step)
			continue;
		double score = self_score(measure, &vectors, item, first);
		asked++;
		good += isfinite(score) && (!first || fabs(score - 1) <= SELF_TOLERANCE);
		least = isfinite(score) ? fmin(least, score) : least;
	}
	if (asked == 0)
		add_finding(check, "self-similarity", GATE_SKIPPED, NAN, NAN, "no item has ratings");
	else
		add_finding(check, "self-similarity", good == asked ? GATE_PASSED : GATE_FAILED, (double)good / asked,
			    1, "%u of %u sampled items are %s", good, asked,
			    first ? "nearest to themselves, at 1"
				  : "found by their vectors, with a score that is a number");
}

/* ---- loss ---- */

static bool number_of(const struct model *model, const char *key, double *number)
{
	const char *text = st_metadata(model->file.file, key);
	char *end = NULL;

	*number = text ? strtod(text, &end) : NAN;
	return text && end != text && *end == '\0' && isfinite(*number);
}

/* Whether both models have the same text under a key of their metadata. */
static bool same_text(const struct check *check, const char *key)
{
	const char *a = st_metadata(check->serving->file.file, key), *b = st_metadata(check->candidate->file.file, key);

	return a && b && strcmp(a, b) == 0;
}

/* Why the losses of the models cannot be compared; NULL: they can.  The same share of the ratings must have been held
 * out, and the scores must have the same range.  The ratings themselves may differ: a training on new ratings is the
 * usual case, and what goes wrong with it shows in the loss. */
static const char *incomparable(const struct check *check)
{
	const struct animed_scale *a = &check->serving->file.factors.scale, *b = &check->candidate->file.factors.scale;
	double x, y;

	if (!number_of(check->serving, "valid_pct", &x) || !number_of(check->candidate, "valid_pct", &y))
		return "a model does not say what share of the ratings was held out";
	if (fabs(x - y) > 1e-9)
		return "another share of the ratings was held out";
	if (fabsf(a->low - b->low) > 0 || fabsf(a->high - b->high) > 0)
		return "the scores have another range";
	return NULL;
}

static void check_loss(struct check *check)
{
	const double limit = check->conf->loss_rise;
	const char *why = NULL;
	double before, now;

	if (limit < 0)
		why = "switched off by gate.loss_rise";
	else if (!check->serving)
		why = "no model serves that it could be compared with";
	else if (!number_of(check->serving, "valid_loss", &before) || !number_of(check->candidate, "valid_loss", &now))
		why = "a model has no held-out loss";
	else
		why = incomparable(check);
	if (why) {
		add_finding(check, "loss", GATE_SKIPPED, NAN, NAN, "%s", why);
		return;
	}
	const double rise = before > 0 ? now / before - 1 : now > 0 ? INFINITY : 0;
	add_finding(check, "loss", rise <= limit || check->lenient ? GATE_PASSED : GATE_FAILED, rise, limit,
		    "held-out loss %.4f, of the serving model %.4f%s: %+.1f %%, at most %+.1f %%%s", now, before,
		    same_text(check, "dataset_digest") ? "" : " on other ratings", rise * 100, limit * 100,
		    check->lenient ? ", which does not count here" : "");
}

/* ---- ndcg ---- */

/* Why the NDCG of the models cannot be compared, as incomparable() does. */
static const char *other_ranking(const struct check *check)
{
	double x, y;

	if (!number_of(check->serving, "valid_pct", &x) || !number_of(check->candidate, "valid_pct", &y) ||
	    fabs(x - y) > 1e-9)
		return "another share of the ratings was held out";
	return same_text(check, "ranking") ? NULL : "they are of different rankings";
}

/* Returns the standard error of the difference between the NDCG of the models. */
static double difference_error(const struct check *check)
{
	double x, y;

	if (!number_of(check->serving, "ndcg_error", &x) || !number_of(check->candidate, "ndcg_error", &y))
		return 0;
	return hypot(x, y);
}

static void check_ndcg(struct check *check)
{
	const double limit = check->conf->ndcg_fall;
	const char *why = NULL;
	double before, now;

	if (limit < 0)
		why = "switched off by gate.ndcg_fall";
	else if (!check->serving)
		why = "no model serves that it could be compared with";
	else if (!number_of(check->serving, "ndcg", &before) || !number_of(check->candidate, "ndcg", &now))
		why = "a model has no held-out NDCG";
	else
		why = other_ranking(check);
	if (why) {
		add_finding(check, "ndcg", GATE_SKIPPED, NAN, NAN, "%s", why);
		return;
	}
	const double noise = before > 0 ? 2 * difference_error(check) / before : 0, most = limit + noise;
	const double fall = before > 0 ? 1 - now / before : 0;
	add_finding(
	    check, "ndcg", fall <= most || check->lenient ? GATE_PASSED : GATE_FAILED, fall, most,
	    "held-out NDCG@10 of %s %.4f, of the serving model %.4f%s: it falls by %.1f %%, at most %.1f %% and "
	    "%.1f %% of chance%s",
	    st_metadata(check->candidate->file.file, "ranking"), now, before,
	    same_text(check, "dataset_digest") ? "" : " on other ratings", fall * 100, limit * 100, noise * 100,
	    check->lenient ? ", which does not count here" : "");
}

/* ---- overlap ---- */

/* Find a golden item, which the configuration names by id or title, in the serving model.  Returns ANIMED_NO_ITEM where
 * it is not found. */
static uint32_t named_item(const struct model *model, const char *name)
{
	struct lookup_hit hits[8];
	enum lookup_way way;
	size_t n = 8;
	char *end;

	errno = 0;
	long long id = strtoll(name, &end, 10);
	if (errno == 0 && end != name && *end == '\0') {
		uint32_t item = catalogue_find(&model->file.catalogue, id);
		if (item != ANIMED_NO_ITEM)
			return item;
	}
	return lookup_resolve(model->lookup, text_of(name), hits, &n, &way) == LOOKUP_FOUND ? hits[0].item
											    : ANIMED_NO_ITEM;
}

static int by_count(const void *a, const void *b, void *counts)
{
	const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	const int64_t *of = counts;

	return of[x] != of[y] ? (of[x] < of[y]) - (of[x] > of[y]) : (x > y) - (x < y);
}

/* Choose at most `room` rated items: those with the most ratings or, without counts, some spread over all.  Returns how
 * many there are.  Returns -1 where memory is short. */
static long usual_items(const struct model *model, uint32_t *items, size_t room)
{
	const struct catalogue *catalogue = &model->file.catalogue;
	uint32_t *all = malloc(catalogue->n * sizeof *all);
	size_t n = 0, taken;

	if (!all)
		return -1;
	for (uint32_t i = 0; i < catalogue->n; i++) {
		if (model_rated(model, i))
			all[n++] = i;
	}
	if (catalogue->counts && n > 0)
		qsort_r(all, n, sizeof *all, by_count, (void *)(uintptr_t)catalogue->counts);
	taken = n < room ? n : room;
	for (size_t i = 0; i < taken; i++)
		items[i] = all[catalogue->counts ? i : i * n / taken];
	free(all);
	return (long)taken;
}

/* Write the nearest items of an item to `hits`.  Returns how many there are; 0 where memory is short, too. */
static size_t nearest(const struct model *model, uint32_t item, struct animed_hit hits[NEIGHBOURS])
{
	const struct measure *measure = &model->measures[0];
	const struct animed_query query = {.item = item, .mask = measure->mask, .weights = measure->weights};
	struct animed_error err;
	size_t n;

	return measure->ops->top_k(measure->index, &query, NEIGHBOURS, hits, &n, &err) < 0 ? 0 : n;
}

/* The share of the item's nearest in the serving model that is among its nearest in the candidate.  NaN where it has
 * none in the serving model. */
static double overlap_of(const struct check *check, uint32_t item)
{
	const struct model *old = check->serving, *new = check->candidate;
	const struct catalogue *before = &old->file.catalogue, *after = &new->file.catalogue;
	struct animed_hit was[NEIGHBOURS], is[NEIGHBOURS];
	uint32_t same = catalogue_find(after, before->ids[item]);
	size_t n_was = nearest(old, item, was), n_is = 0, both = 0;

	if (n_was == 0)
		return NAN;
	if (same != ANIMED_NO_ITEM && model_rated(new, same))
		n_is = nearest(new, same, is);
	for (size_t i = 0; i < n_was; i++) {
		for (size_t j = 0; j < n_is; j++)
			both += before->ids[was[i].item] == after->ids[is[j].item];
	}
	return (double)both / (double)n_was;
}

static long golden_items(const struct check *check, uint32_t items[GOLDEN_MAX], size_t *missing)
{
	const struct animed_list *golden = &check->conf->golden;
	long n = 0;

	*missing = 0;
	if (golden->n == 0)
		return usual_items(check->serving, items, GOLDEN);
	for (size_t i = 0; i < golden->n && i < GOLDEN_MAX; i++) {
		uint32_t item = named_item(check->serving, golden->at[i]);
		if (item == ANIMED_NO_ITEM || !model_rated(check->serving, item))
			++*missing;
		else
			items[n++] = item;
	}
	return n;
}

static int check_overlap(struct check *check, struct animed_error *err)
{
	const double limit = check->conf->overlap;
	uint32_t items[GOLDEN_MAX];
	double sum = 0;
	unsigned asked = 0;
	size_t missing;
	long n;

	if (limit <= 0 || !check->serving) {
		add_finding(check, "overlap", GATE_SKIPPED, NAN, NAN,
			    limit <= 0 ? "switched off by gate.overlap"
				       : "no model serves that it could be compared with");
		return 0;
	}
	if (strcmp(check->serving->measures[0].name, check->candidate->measures[0].name) != 0) {
		add_finding(check, "overlap", GATE_SKIPPED, NAN, NAN, "the similarity %s answers, in the place of %s",
			    check->candidate->measures[0].name, check->serving->measures[0].name);
		return 0;
	}
	n = golden_items(check, items, &missing);
	if (n < 0)
		return animed_fail(err, "out of memory");
	for (long i = 0; i < n; i++) {
		double share = overlap_of(check, items[i]);
		asked += isnan(share) ? 0u : 1u;
		sum += isnan(share) ? 0 : share;
	}
	if (asked == 0) {
		add_finding(check, "overlap", GATE_SKIPPED, NAN, NAN,
			    "no golden item has neighbours in the serving model");
		return 0;
	}
	const double share = sum / asked;
	add_finding(check, "overlap", share >= limit || check->lenient ? GATE_PASSED : GATE_FAILED, share, limit,
		    "of the %d nearest to %u golden items %.1f %% stay the same, at least %.1f %%%s%s", NEIGHBOURS,
		    asked, share * 100, limit * 100, check->lenient ? ", which does not count here" : "",
		    missing ? "; some of gate.golden are not in the serving model" : "");
	return 0;
}

/* Refuse the candidate for a rule that it does not pass, and say what to do. */
static int refuse(const struct check *check, const struct gate_finding *finding, struct animed_error *err)
{
	static const struct {
		const char *rule, *key;
		bool strict; /* holds in a lenient check too */
	} rules[] = {{"self-similarity", "gate.self_similarity", true},
		     {"loss", "gate.loss_rise", false},
		     {"ndcg", "gate.ndcg_fall", false},
		     {"overlap", "gate.overlap", false}};
	size_t at = 0;

	while (strcmp(rules[at].rule, finding->rule) != 0)
		at++;
	if (rules[at].strict)
		return animed_fail(err, "%s: does not pass the gate: %s: %s; to have it served, switch %s off",
				   check->candidate->path, finding->rule, finding->text, rules[at].key);
	return animed_fail(err,
			   "%s: does not pass the gate: %s: %s; to serve it all the same: animectl rollback %" PRIu64
			   "; %s has the limit",
			   check->candidate->path, finding->rule, finding->text, check->candidate->version,
			   rules[at].key);
}

int gate_check(const struct conf *conf, const struct model *serving, const struct model *candidate, bool lenient,
	       struct gate_report *report, struct animed_error *err)
{
	struct check check = {&conf->gate, serving, candidate, lenient, report};
	const struct animed_factors *factors = &candidate->file.factors;
	const size_t biases = factors->user_bias ? 1 : 0;

	report->n = 0;
	add_finding(&check, "finite", GATE_PASSED, NAN, NAN, "all of the %zu values that make scores are numbers",
		    ((size_t)factors->n_users + factors->n_items) * (factors->k + biases));
	check_self(&check);
	check_loss(&check);
	check_ndcg(&check);
	if (check_overlap(&check, err) < 0)
		return -1;
	for (size_t i = 0; i < report->n; i++) {
		const struct gate_finding *finding = &report->findings[i];
		if (finding->outcome == GATE_FAILED)
			return refuse(&check, finding, err);
	}
	return 0;
}
