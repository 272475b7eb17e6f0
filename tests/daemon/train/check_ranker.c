/* Tests what a ranking may ask while it is measured: the predictions of the model, and what is similar by a plugin that
 * compares vectors.  Six items, of which the last has no ratings:
 *
 *   vectors  i0 (1, 0)  i1 (2, 0)  i2 (0, 1)  i3 (0, -3)  i4 (1, 1)  i5 (5, 5) */
#include "config.h"

#include <math.h>

#include "base/host.h"
#include "scratch.h"
#include "train/ranker.h"

enum { ITEMS = 6, K = 2 };

static const float item_factors[ITEMS * K] = {1, 0, 2, 0, 0, 1, 0, -3, 1, 1, 5, 5};
static const float item_bias[ITEMS] = {0.5F, 0, 0, 0, 0, 0}, user_factors[K] = {1, 2}, user_bias[1] = {0.25F};
static const uint32_t users[] = {0, 0, 0, 0, 0}, rated[] = {0, 1, 2, 3, 4};
static const float scores_of[] = {8, 8, 8, 8, 8};
static const int64_t ids[ITEMS] = {1, 2, 3, 4, 5, 6};

/* ---- a ranking that asks ---- */

static struct animed_term terms[3];
static size_t n_terms; /* 0: ask for predictions */

static int open_index(const struct animed_value *values, const struct animed_ranking_input *input,
		      const struct animed_host *host, void **index, struct animed_error *err)
{
	(void)values;
	(void)host;
	(void)err;
	ck_assert_uint_eq(input->items.n, ITEMS);
	ck_assert_ptr_nonnull(input->items.franchises);
	ck_assert_uint_eq(input->learnt.n, 0);
	*index = NULL;
	return 0;
}

static void close_index(void *index)
{
	(void)index;
}

static int scores(const void *index, const struct animed_person *person, float *to, struct animed_error *err)
{
	(void)index;
	ck_assert_uint_eq(person->n, 2);
	return n_terms ? person->similar(person->ctx, terms, n_terms, to, err) : person->predict(person->ctx, to, err);
}

static const struct animed_ranking_ops ops = {.open = open_index, .close = close_index, .scores = scores};
static const struct animed_plugin plugin = {
    .kind = ANIMED_RANKING, .name = "asks", .summary = "-", .ops.ranking = &ops};

/* ---- the pipeline ---- */

static struct conf *conf;
static const struct animed_plugin *configured;
static struct ranker ranker;
static struct animed_error err;
static struct animed_dataset data;
static struct animed_factors factors;
static const struct learning nothing;
static const struct catalogue catalogue = {.n = ITEMS, .ids = ids};

static void start(const char *similarity, bool alone)
{
	const struct animed_host host = host_quiet(1);
	struct conf_errors errors;
	char text[3 * PATH_MAX];

	scratch_open();
	(void)snprintf(text, sizeof text,
		       "models: %s/m\nplugins: " BUILDDIR "/plugins\nlog: error\npipeline:\n  model: {plugin: bias}\n"
		       "  similarity: {plugin: %s}\n  ranking: {plugin: predicted}\n",
		       scratch, similarity);
	ck_assert_int_eq(conf_load(scratch_text("animed.yaml", text), &conf, &errors), 0);
	conf_errors_free(&errors);
	configured = conf->ranking.plugin.info;
	conf->ranking.plugin.info = &plugin;
	data = (struct animed_dataset){
	    .n_users = 1, .n_items = ITEMS, .train = {5, users, rated, scores_of}, .score_min = 1, .score_max = 10};
	factors = (struct animed_factors){
	    1, ITEMS, K, user_factors, item_factors, user_bias, item_bias, {ANIMED_IDENTITY, 1, 10, 7}};
	const struct ranker_input of = {.conf = conf,
					.catalogue = &catalogue,
					.data = &data,
					.factors = &factors,
					.learning = &nothing,
					.alone = alone};
	ck_assert_msg(ranker_open(&ranker, &of, &host, &err) == 0, "%s", err.text);
}

static void end(void)
{
	ranker_close(&ranker);
	conf->ranking.plugin.info = configured;
	conf_free(conf);
	scratch_close();
}

static void ask(size_t n, const float wanted[ITEMS])
{
	const struct ranker_person person = {
	    .n = 2, .items = rated, .scores = scores_of, .vector = user_factors, .bias = user_bias[0]};
	float got[ITEMS];

	n_terms = n;
	ck_assert_msg(ranker_values(&ranker, &person, got, &err) == 0, "%s", err.text);
	for (uint32_t i = 0; i < ITEMS; i++)
		ck_assert_msg(fabsf(got[i] - wanted[i]) < 1e-5F, "item %u: %g, not %g", i, (double)got[i],
			      (double)wanted[i]);
}

/* ---- tests ---- */

START_TEST(predictions)
{
	start("cosine", false);
	/* beyond the end of the scale too, since items there would be equal: 7 + 1/4 + the bias + p q */
	ask(0, (const float[]){8.75F, 9.25F, 9.25F, 1.25F, 10.25F, 22.25F});
	factors.scale = (struct animed_scale){ANIMED_SIGMOID, 0, 10, 0};
	ask(0, (const float[]){10 / (1 + expf(-1.75F)), 10 / (1 + expf(-2.25F)), 10 / (1 + expf(-2.25F)),
			       10 / (1 + expf(5.75F)), 10 / (1 + expf(-3.25F)), 10 / (1 + expf(-15.25F))});
	end();
}
END_TEST

/* The similarities to each term are added up, times its weight; i5 has no ratings, so that its vector means nothing. */
START_TEST(similar_by_direction)
{
	const float half = sqrtf(0.5F);

	start("cosine", false);
	terms[0] = (struct animed_term){0, 1};
	ask(1, (const float[]){0, 1, 0, 0, half, 0});
	/* 2 cos(i1, j) + 2 cos(i2, j); the terms themselves score nothing */
	terms[0] = (struct animed_term){1, 2};
	terms[1] = (struct animed_term){2, 2};
	ask(2, (const float[]){2, 0, 0, -2, 4 * half, 0});
	/* what has no ratings adds nothing */
	terms[0] = (struct animed_term){0, 1};
	terms[1] = (struct animed_term){5, 100};
	ask(2, (const float[]){0, 1, 0, 0, half, 0});
	/* opposite directions cancel each other out */
	terms[0] = (struct animed_term){2, 1};
	terms[1] = (struct animed_term){3, 1};
	ask(2, (const float[]){0, 0, 0, 0, 0, 0});
	end();
}
END_TEST

/* 3 (i0 . j) + (i2 . j) */
START_TEST(similar_by_product)
{
	start("dot", false);
	terms[0] = (struct animed_term){0, 3};
	terms[1] = (struct animed_term){2, 1};
	ask(2, (const float[]){0, 6, 0, -3, 4, 0});
	end();
}
END_TEST

START_TEST(a_ranking_alone)
{
	start("cosine", true);
	terms[0] = (struct animed_term){0, 1};
	ask(1, (const float[]){0, 0, 0, 0, 0, 0});
	end();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ranker");
	TCase *tc = tcase_create("ranker");

	tcase_add_test(tc, predictions);
	tcase_add_test(tc, similar_by_direction);
	tcase_add_test(tc, similar_by_product);
	tcase_add_test(tc, a_ranking_alone);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
