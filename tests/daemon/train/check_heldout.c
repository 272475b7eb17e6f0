/* Tests what a training measures of its ranking, on tastes that are known: everybody likes the shows of one half. */
#include "config.h"

#include <math.h>

#include "base/host.h"
#include "scratch.h"
#include "train/heldout.h"
#include "train/ndcg.h"

enum { FACTORS = 1 };

static struct conf *conf;
static struct dataset *dataset;
static struct split *split;
static struct animed_dataset view;
static struct animed_factors factors;
static struct heldout out;
static struct animed_error err;

/* ---- a ranking that knows the tastes ---- */

static uint32_t half; /* the items below it are of one taste, the others of the other */
static size_t learnt_ratings;
static uint32_t learnt_items, least_item;
static bool refuse;

static int learn(const struct animed_value *values, const struct animed_dataset *data, const struct animed_items *items,
		 const struct animed_host *host, struct animed_learnt *learnt, struct animed_error *why)
{
	bool *seen = calloc(items->n, sizeof *seen);

	(void)values;
	(void)host;
	ck_assert_ptr_nonnull(seen);
	ck_assert_ptr_nonnull(items->franchises);
	*learnt = (struct animed_learnt){.opaque = NULL};
	learnt_ratings = data->train.n;
	learnt_items = 0;
	least_item = UINT32_MAX;
	for (size_t r = 0; r < data->train.n; r++) {
		learnt_items += !seen[data->train.items[r]];
		seen[data->train.items[r]] = true;
		least_item = data->train.items[r] < least_item ? data->train.items[r] : least_item;
	}
	free(seen);
	return refuse ? animed_fail(why, "no luck") : 0;
}

static void release(struct animed_learnt *learnt)
{
	(void)learnt;
}

static int open_index(const struct animed_value *values, const struct animed_ranking_input *input,
		      const struct animed_host *host, void **index, struct animed_error *why)
{
	uint32_t *items = malloc(sizeof *items);

	(void)values;
	(void)host;
	if (!items)
		return animed_fail(why, "out of memory");
	*items = input->items.n;
	*index = items;
	return 0;
}

/* Rank the half that the first item is of before the other one. */
static int scores(const void *index, const struct animed_person *person, float *to, struct animed_error *why)
{
	const uint32_t n = *(const uint32_t *)index;
	const struct animed_term term = {person->items[0], 1};

	ck_assert_uint_ge(person->n, 1);
	ck_assert_int_eq(person->similar(person->ctx, &term, 1, to, why), 0);
	for (uint32_t i = 0; i < n; i++)
		ck_assert(to[i] == 0); /* the ranking is measured alone */
	ck_assert_int_eq(person->predict(person->ctx, to, why), 0);
	ck_assert(to[0] == 7); /* the mean and no more: all factors are 0 */
	for (uint32_t i = 0; i < n; i++)
		to[i] = (i < half) == (person->items[0] < half) ? 1 : 0;
	return 0;
}

static const struct animed_learn_ops learn_ops = {.learn = learn, .release = release};
static const struct animed_ranking_ops ops = {.learn = &learn_ops, .open = open_index, .close = free, .scores = scores};
static const struct animed_param params[] = {{NULL, 0, NULL, 0, 0, NULL, 0, NULL}};
static const struct animed_plugin plugin = {
    .kind = ANIMED_RANKING, .name = "tastes", .summary = "-", .params = params, .ops.ranking = &ops};

/* ---- data ---- */

static FILE *ratings, *animes;
static const struct animed_plugin *configured; /* the ranking, in whose place the one above is */

static void begin(uint32_t items)
{
	scratch_open();
	animes = fopen(scratch_path("animes.csv"), "we");
	ratings = fopen(scratch_path("reviews.csv"), "we");
	ck_assert(animes && ratings);
	(void)fputs("uid,title\n", animes);
	for (uint32_t i = 0; i < items; i++)
		(void)fprintf(animes, "%u,T\n", i + 1);
	(void)fputs("profile,anime_uid,score\n", ratings);
	half = items / 2;
	refuse = false;
}

/* Load what was written, and hold a share of it out. */
static void load(double share)
{
	const struct animed_host host = host_quiet(2);
	struct conf_errors errors;
	char text[5 * PATH_MAX];

	ck_assert_int_eq(fclose(animes), 0);
	ck_assert_int_eq(fclose(ratings), 0);
	(void)snprintf(text, sizeof text,
		       "models: %s/m\nplugins: " BUILDDIR "/plugins\nlog: error\npipeline:\n"
		       "  source: {plugin: csv, ratings: {path: %s/reviews.csv}, items: {path: %s/animes.csv}}\n"
		       "  similarity: {plugin: cosine}\n  ranking: {plugin: predicted}\n",
		       scratch, scratch, scratch);
	ck_assert_int_eq(conf_load(scratch_text("animed.yaml", text), &conf, &errors), 0);
	conf_errors_free(&errors);
	configured = conf->ranking.plugin.info;
	conf->ranking.plugin.info = &plugin;
	ck_assert_msg(dataset_load(&conf->source, &conf->dataset, &host, &dataset, &err) == 0, "%s", err.text);
	ck_assert_int_eq(split_random(dataset, share, 5, &split, &view, &err), 0);
	factors = (struct animed_factors){.n_users = view.n_users,
					  .n_items = view.n_items,
					  .k = FACTORS,
					  .user_factors = calloc(view.n_users, sizeof(float)),
					  .item_factors = calloc(view.n_items, sizeof(float)),
					  .scale = {ANIMED_IDENTITY, 1, 10, 7}};
	ck_assert(factors.user_factors && factors.item_factors);
}

static int measure(unsigned threads)
{
	const struct animed_host host = host_quiet(threads);

	return heldout_measure(conf, dataset, &view, &factors, &host, &out, &err);
}

static void end(void)
{
	free((void *)(uintptr_t)factors.user_factors);
	free((void *)(uintptr_t)factors.item_factors);
	split_free(split);
	dataset_free(dataset);
	conf->ranking.plugin.info = configured;
	conf_free(conf);
	scratch_close();
}

/* ---- tests ---- */

/* Users 0 to 39 have rated the ten shows of their taste, so that what they are not shown is all of their taste that is
 * left: the lists are perfect. */
START_TEST(a_ranking_that_knows_the_tastes)
{
	begin(20);
	for (unsigned user = 0; user < 40; user++) {
		for (unsigned item = 0; item < 10; item++)
			(void)fprintf(ratings, "u%02u,%u,%u\n", user, item + (user % 2 ? 11 : 1), 8 + item % 3);
	}
	(void)fputs("z,1,1\n", ratings); /* without it 8 would be the lowest score, and not relevant */
	load(0.2);
	ck_assert_msg(measure(2) == 0, "%s", err.text);
	ck_assert_uint_eq(learnt_ratings, 321);
	ck_assert_uint_eq(out.items, 20);
	ck_assert(out.users > 25 && out.users <= 40);
	ck_assert_double_eq_tol(out.ndcg, 1, 1e-12);
	ck_assert_double_eq_tol(out.error, 0, 1e-9);
	/* what most people like is of both tastes */
	ck_assert(out.popularity > 0.1 && out.popularity < 0.8);
	const struct heldout before = out;
	ck_assert_int_eq(measure(1), 0);
	ck_assert(before.ndcg == out.ndcg && before.popularity == out.popularity && before.users == out.users);
	refuse = true;
	ck_assert_int_eq(measure(2), -1);
	ck_assert_str_eq(err.text, "tastes: no luck");
	end();
}
END_TEST

/* 4 is not relevant on a scale of 1 to 10. */
START_TEST(nothing_relevant)
{
	begin(20);
	for (unsigned user = 0; user < 40; user++) {
		for (unsigned item = 0; item < 10; item++)
			(void)fprintf(ratings, "u%02u,%u,4\n", user, item + (user % 2 ? 11 : 1));
	}
	(void)fputs("w,1,1\nx,1,10\n", ratings);
	load(0.1);
	/* the one rating that is relevant is all that x has, so that x cannot be measured on whichever side it is */
	ck_assert_int_eq(measure(2), 0);
	ck_assert_uint_eq(out.users, 0);
	ck_assert(isnan(out.ndcg) && isnan(out.popularity));
	end();
}
END_TEST

/* Of 2,300 items the first 400 have one rating, the others three: the sample leaves out 300 of the first. */
START_TEST(the_most_rated_items_are_measured_on)
{
	begin(2300);
	for (unsigned item = 0; item < 2300; item++) {
		for (unsigned user = 0; user < (item < 400 ? 1 : 3); user++)
			(void)fprintf(ratings, "u%u,%u,9\n", (item + user) % 30, item + 1);
	}
	load(0);
	view.valid = (struct animed_ratings){1, view.train.users, view.train.items, view.train.scores};
	ck_assert_msg(measure(2) == 0, "%s", err.text);
	ck_assert_uint_eq(learnt_items, HELDOUT_ITEMS);
	ck_assert_uint_eq(out.items, HELDOUT_ITEMS);
	/* all that have three, and the first hundred of those with one */
	ck_assert_uint_eq(learnt_ratings, 1900 * 3 + 100);
	ck_assert_uint_eq(least_item, 0);
	end();
}
END_TEST

/* There are lists for HELDOUT_USERS at most. */
START_TEST(some_of_many_users)
{
	begin(20);
	for (unsigned user = 0; user < 1500; user++) {
		for (unsigned item = 0; item < 10; item++)
			(void)fprintf(ratings, "u%04u,%u,9\n", user, item + (user % 2 ? 11 : 1));
	}
	(void)fputs("z,1,1\n", ratings);
	load(0.2);
	ck_assert_int_eq(measure(2), 0);
	ck_assert_uint_eq(out.users, HELDOUT_USERS);
	ck_assert_double_eq_tol(out.ndcg, 1, 1e-9);
	end();
}
END_TEST

START_TEST(relevance)
{
	ck_assert(relevant_from(1, 10) == 7.75);
	ck_assert(relevant_from(1, 5) == 4);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("heldout");
	TCase *tc = tcase_create("heldout");

	tcase_add_test(tc, a_ranking_that_knows_the_tastes);
	tcase_add_test(tc, nothing_relevant);
	tcase_add_test(tc, the_most_rated_items_are_measured_on);
	tcase_add_test(tc, some_of_many_users);
	tcase_add_test(tc, relevance);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
