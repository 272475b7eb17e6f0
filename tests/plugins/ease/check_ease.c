/* check_ease.c - the matrix of the ranking "ease" beside its formula in doubles, and what is made of it for a person. */
#include "config.h"

#include <cblas.h>
#include <math.h>

#include "ease/ease.h"
#include "hosts.h"
#include "kit/rng.h"
#include "kit/sparse-rows.h"
#include "scratch.h"

/* Two tastes of 12 items each and users who have one of them.  TWIN and TWIN + 1 are one franchise, and no user has rated
 * both.  RARE has 4 ratings, and nobody has rated UNRATED and the items after it. */
enum { TASTE = 12, TWIN = 24, RARE = 26, UNRATED = 27, ITEMS = 128, USERS = 80, MOST = USERS * ITEMS };

static struct animed_error err;
static uint32_t users[MOST], items[MOST], franchises[ITEMS];
static float scores[MOST];
static const struct animed_items catalogue = {.n = ITEMS, .franchises = franchises};

/* The defaults, but for what a test changes. */
static struct animed_value values[] = {
    [EASE_RIDGE] = {.set = true, .real = 100},        [EASE_RIDGE_SHARE] = {.set = true, .real = .3},
    [EASE_FRANCHISE] = {.set = true, .real = .2},     [EASE_KEPT] = {.set = true, .integer = 200},
    [EASE_MIN_RATINGS] = {.set = true, .integer = 5}, [EASE_ITEMS] = {.set = true, .integer = 20000},
};

static void rate(struct animed_dataset *data, uint32_t user, uint32_t item, float score)
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

static struct animed_dataset make(void)
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

static void learn_with(const struct animed_dataset *data, unsigned threads, struct animed_learnt *learnt)
{
	const struct animed_host host = host_with(threads);

	ck_assert_msg(ease_learn(values, data, &catalogue, &host, learnt, &err) == 0, "%s", err.text);
}

static void open_learnt(const struct animed_learnt *learnt, void **index)
{
	const struct animed_ranking_input input = {catalogue, learnt->tensors};

	ck_assert_msg(ease_open(&input, index, &err) == 0, "%s", err.text);
}

static const void *tensor(const struct animed_learnt *learnt, const char *name)
{
	for (size_t t = 0; t < learnt->tensors.n; t++) {
		if (strcmp(learnt->tensors.at[t].name, name) == 0)
			return learnt->tensors.at[t].data;
	}
	ck_abort_msg("no tensor %s", name);
}

static float cell(const struct animed_learnt *learnt, uint32_t row, uint32_t column)
{
	struct sparse_rows rows;

	ck_assert_msg(sparse_rows_read(&rows, &learnt->tensors, ITEMS, &err) == 0, "%s", err.text);
	for (uint64_t k = rows.offsets[row]; k < rows.offsets[row + 1]; k++) {
		if (rows.items[k] == column)
			return rows.values[k];
	}
	return 0;
}

static uint32_t cells_of(const struct animed_learnt *learnt, uint32_t row)
{
	const uint64_t *offsets = tensor(learnt, "offsets");

	return (uint32_t)(offsets[row + 1] - offsets[row]);
}

/* ---- the matrix ---- */

static double plain_counts[ITEMS], plain[ITEMS][ITEMS];

/* B by the formulas of animed-ease(7), in plain loops of doubles over the items with 5 ratings. */
static void make_plain(const struct animed_dataset *data, double franchise)
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

START_TEST(agrees_with_the_formula)
{
	const double franchise = _i ? .2 : 0;
	const struct animed_dataset data = make();
	const uint32_t *counts;
	struct animed_learnt learnt;

	values[EASE_FRANCHISE].real = franchise;
	learn_with(&data, 2, &learnt);
	make_plain(&data, franchise);
	counts = tensor(&learnt, "counts");
	for (uint32_t i = 0; i < ITEMS; i++) {
		ck_assert_uint_eq(counts[i], (uint32_t)plain_counts[i]);
		for (uint32_t j = 0; j < ITEMS; j++)
			ck_assert_double_eq_tol((double)cell(&learnt, i, j), plain[i][j], 1e-6);
	}
	ck_assert_uint_eq(cells_of(&learnt, RARE), 0);
	const float *scale = tensor(&learnt, "scale");
	ck_assert(scale[0] == 1 && scale[1] == 10);
	ease_release(&learnt);
}
END_TEST

START_TEST(keeps_the_largest_cells_of_each_row)
{
	const struct animed_dataset data = make();
	struct animed_learnt all, few;

	learn_with(&data, 2, &all);
	values[EASE_KEPT].integer = 3;
	learn_with(&data, 2, &few);
	const uint32_t *counts = tensor(&all, "counts");
	for (uint32_t i = 0; i < RARE; i++) {
		float least = INFINITY, most_left = 0;
		ck_assert_uint_eq(cells_of(&few, i), 3);
		for (uint32_t j = 0; j < RARE; j++) {
			const float size = fabsf(cell(&all, i, j)) * powf((float)counts[j], -.1F);
			if (cell(&few, i, j) != 0)
				least = fminf(least, size);
			else
				most_left = fmaxf(most_left, size);
		}
		ck_assert(least >= most_left);
	}
	ease_release(&all);
	ease_release(&few);
}
END_TEST

START_TEST(the_most_rated_take_part)
{
	const struct animed_dataset data = make();
	struct animed_learnt learnt;
	uint32_t rows = 0, least = UINT32_MAX;

	values[EASE_ITEMS].integer = 10;
	learn_with(&data, 1, &learnt);
	const uint32_t *counts = tensor(&learnt, "counts");
	for (uint32_t i = 0; i < ITEMS; i++) {
		rows += cells_of(&learnt, i) > 0;
		least = cells_of(&learnt, i) > 0 && counts[i] < least ? counts[i] : least;
	}
	ck_assert_uint_eq(rows, 10);
	for (uint32_t i = 0; i < ITEMS; i++)
		ck_assert(cells_of(&learnt, i) > 0 || counts[i] <= least);
	ease_release(&learnt);
}
END_TEST

static void check_same_bits(const struct animed_learnt *a, const struct animed_learnt *b)
{
	static const size_t sizes[] = {[ANIMED_U8] = 1,
				       [ANIMED_U32] = sizeof(uint32_t),
				       [ANIMED_U64] = sizeof(uint64_t),
				       [ANIMED_F32] = sizeof(float)};

	ck_assert_uint_eq(a->tensors.n, b->tensors.n);
	for (size_t t = 0; t < a->tensors.n; t++) {
		const struct animed_tensor *x = &a->tensors.at[t], *y = &b->tensors.at[t];
		ck_assert_str_eq(x->name, y->name);
		ck_assert_uint_eq(x->n, y->n);
		ck_assert_int_eq(memcmp(x->data, y->data, x->n * sizes[x->dtype]), 0);
	}
}

START_TEST(same_bits_for_any_number_of_threads)
{
	const struct animed_dataset data = make();
	struct animed_learnt one, several;

	learn_with(&data, 1, &one);
	learn_with(&data, (unsigned)_i, &several);
	check_same_bits(&one, &several);
	ease_release(&one);
	ease_release(&several);
}
END_TEST

START_TEST(can_be_cancelled_anywhere)
{
	const struct animed_dataset data = make();
	struct animed_learnt learnt;
	int after = 0, status = -1;

	for (; status < 0; after++) {
		int left = after;
		const struct animed_host host = host_that_cancels(&left);
		status = ease_learn(values, &data, &catalogue, &host, &learnt, &err);
		ck_assert(status == 0 || strcmp(err.text, "cancelled") == 0);
	}
	ck_assert_int_gt(after, 2 * RARE); /* each row is asked at least twice */
	ease_release(&learnt);
}
END_TEST

START_TEST(without_a_ridge_it_may_fail)
{
	const struct animed_host host = host_with(1);
	struct animed_dataset data = make();
	struct animed_learnt learnt;

	data.train.n = 0;
	for (uint32_t u = 0; u < 6; u++) { /* two items that are rated alike */
		rate(&data, u, 0, 10);
		rate(&data, u, 1, 10);
	}
	values[EASE_RIDGE].real = values[EASE_RIDGE_SHARE].real = values[EASE_FRANCHISE].real = 0;
	ck_assert_int_eq(ease_learn(values, &data, &catalogue, &host, &learnt, &err), -1);
	ck_assert_msg(strstr(err.text, "2 items") && strstr(err.text, "larger ridge"), "%s", err.text);
}
END_TEST

/* ---- a person ---- */

/* What the stubs of the host know: an item is the more similar the nearer its number. */
struct stub {
	int asked;
	bool silent;
};

static float stub_similarity(uint32_t a, uint32_t b)
{
	return 1 / (1 + fabsf((float)a - (float)b));
}

static int similar(void *ctx, const struct animed_term *terms, size_t n, float *out, struct animed_error *error)
{
	struct stub *stub = ctx;

	(void)error;
	stub->asked++;
	for (uint32_t j = 0; j < ITEMS; j++) {
		out[j] = 0;
		for (size_t t = 0; t < n && !stub->silent; t++)
			out[j] += terms[t].weight * stub_similarity(terms[t].item, j);
	}
	for (size_t t = 0; t < n; t++)
		out[terms[t].item] = 0;
	return 0;
}

static int refuse(void *ctx, const struct animed_term *terms, size_t n, float *out, struct animed_error *error)
{
	(void)ctx;
	(void)terms;
	(void)n;
	(void)out;
	return animed_fail(error, "no similarity");
}

static struct animed_person person_of(size_t n, const uint32_t *known, const float *liked, struct stub *stub)
{
	return (struct animed_person){.n = n, .items = known, .scores = liked, .ctx = stub, .similar = similar};
}

static bool knows(const struct animed_person *person, uint32_t item)
{
	for (size_t p = 0; p < person->n; p++) {
		if (person->items[p] == item)
			return true;
	}
	return false;
}

static void standardise(double *x)
{
	double sum = 0, squares = 0;

	for (int i = 0; i < ITEMS; i++)
		sum += x[i] / ITEMS;
	for (int i = 0; i < ITEMS; i++)
		squares += (x[i] - sum) * (x[i] - sum) / ITEMS;
	for (int i = 0; i < ITEMS; i++)
		x[i] = squares > 0 ? (x[i] - sum) / sqrt(squares) : 0;
}

/* (1 - t) z(S) + t z(H) in doubles, of the matrix in plain[][]. */
static void plain_values(const struct animed_person *person, double *out)
{
	const double m = (double)person->n, beta = -.2 * m / (m + 40), t = 20 / (m + 25);
	double s[ITEMS] = {0}, h[ITEMS] = {0};

	for (uint32_t j = 0; j < ITEMS; j++) {
		for (size_t p = 0; p < person->n; p++) {
			const double score = (double)person->scores[p], weight = score <= 3 ? 0 : pow(score / 10, 2);
			s[j] += weight * plain[person->items[p]][j];
			if (!knows(person, j))
				h[j] += weight * (double)stub_similarity(person->items[p], j);
		}
		s[j] *= pow(fmax(plain_counts[j], 1), beta);
	}
	standardise(s);
	standardise(h);
	for (int j = 0; j < ITEMS; j++)
		out[j] = m > 100 ? s[j] : (1 - t) * s[j] + t * h[j];
}

/* Check that parts and rest sum up to the value, for all items that may be answers. */
static void check_parts(const void *index, const struct animed_person *person, const float *of)
{
	float parts[ITEMS], rest;

	for (uint32_t j = 0; j < ITEMS; j++) {
		ck_assert_int_eq(ease_parts(index, person, 1, &j, parts, &rest, &err), 0);
		double sum = (double)rest;
		for (size_t p = 0; p < person->n; p++)
			sum += (double)parts[p];
		if (!knows(person, j))
			ck_assert_double_eq_tol(sum, (double)of[j], 1e-5);
	}
}

/* Persons with a few ratings, for whom similarity counts, and with many, for whom it does not. */
START_TEST(values_agree_with_the_formula)
{
	static const size_t sizes[] = {1, 2, 5, 20, 100, 101, 110};
	uint32_t known[ITEMS];
	float liked[ITEMS];
	const struct animed_dataset data = make();
	struct animed_learnt learnt;
	struct stub stub = {0};
	const struct animed_person person = person_of(sizes[_i], known, liked, &stub);
	double expected[ITEMS];
	float got[ITEMS];
	void *index;

	for (uint32_t p = 0; p < ITEMS; p++) {
		known[p] = (p * 11 + 3) % ITEMS;
		liked[p] = (float)(1 + (p * 7 + 4) % 10);
	}
	learn_with(&data, 2, &learnt);
	open_learnt(&learnt, &index);
	make_plain(&data, .2);
	plain_values(&person, expected);
	ck_assert_int_eq(ease_scores(index, &person, got, &err), 0);
	ck_assert_int_eq(stub.asked, person.n <= 100);
	for (int j = 0; j < ITEMS; j++)
		ck_assert_double_eq_tol((double)got[j], expected[j], 1e-4);
	check_parts(index, &person, got);
	ease_close(index);
	ease_release(&learnt);
}
END_TEST

START_TEST(the_own_taste_comes_first)
{
	const struct animed_dataset data = make();
	struct animed_learnt learnt;
	struct stub stub = {.silent = true};
	float got[ITEMS], parts[2], rest;
	void *index;

	learn_with(&data, 2, &learnt);
	open_learnt(&learnt, &index);
	for (uint32_t taste = 0; taste < 2; taste++) {
		const uint32_t known[] = {taste * TASTE, (1 - taste) * TASTE};
		const float liked[] = {10, 2};
		const struct animed_person person = person_of(2, known, liked, &stub);
		ck_assert_int_eq(ease_scores(index, &person, got, &err), 0);
		for (uint32_t own = 1; own < TASTE; own++) {
			const uint32_t item = taste * TASTE + own;
			for (uint32_t other = 1; other < TASTE; other++)
				ck_assert(got[item] > got[(1 - taste) * TASTE + other]);
			/* and for the reason that is said: the liked item speaks for it */
			ck_assert_int_eq(ease_parts(index, &person, 1, &item, parts, &rest, &err), 0);
			ck_assert(parts[0] > 0 && parts[0] > parts[1]);
		}
	}
	ease_close(index);
	ease_release(&learnt);
}
END_TEST

/* What is known of no item that takes part is left to similarity, however much it is. */
START_TEST(similarity_alone_where_no_item_takes_part)
{
	static const uint32_t rare[] = {RARE, UNRATED};
	static const float liked[] = {9, 8};
	const struct animed_dataset data = make();
	struct animed_learnt learnt;
	struct stub stub = {0};
	const struct animed_person person = person_of(2, rare, liked, &stub);
	float got[ITEMS];
	void *index;

	learn_with(&data, 1, &learnt);
	open_learnt(&learnt, &index);
	ck_assert_int_eq(ease_scores(index, &person, got, &err), 0);
	for (uint32_t j = 1; j < RARE; j++)
		ck_assert(got[j] > got[j - 1]); /* nearer to what is known */
	check_parts(index, &person, got);
	ease_close(index);
	ease_release(&learnt);
}
END_TEST

START_TEST(many_items_that_take_no_part_ask_for_similarity)
{
	enum { MANY = 110 };
	const struct animed_dataset data = make();
	struct animed_learnt learnt;
	struct stub stub = {0};
	uint32_t known[ITEMS];
	float liked[ITEMS], got[ITEMS];
	void *index;

	for (uint32_t i = 0; i < MANY; i++) {
		known[i] = i;
		liked[i] = 8;
	}
	const struct animed_person person = person_of(MANY, known, liked, &stub);
	values[EASE_MIN_RATINGS].integer = 1000; /* none takes part */
	learn_with(&data, 1, &learnt);
	open_learnt(&learnt, &index);
	ck_assert_int_eq(ease_scores(index, &person, got, &err), 0);
	ck_assert_int_eq(stub.asked, 1);
	ck_assert(got[MANY] > got[MANY + 1]);
	check_parts(index, &person, got);
	ease_close(index);
	ease_release(&learnt);
}
END_TEST

START_TEST(by_counts_where_nothing_is_known)
{
	static const uint32_t unrated[] = {UNRATED};
	static const float liked[] = {10};
	const struct animed_dataset data = make();
	struct animed_learnt learnt;
	struct stub stub = {.silent = true};
	const struct animed_person person = person_of(1, unrated, liked, &stub);
	float got[ITEMS];
	void *index;

	learn_with(&data, 1, &learnt);
	open_learnt(&learnt, &index);
	ck_assert_int_eq(ease_scores(index, &person, got, &err), 0);
	const uint32_t *counts = tensor(&learnt, "counts");
	for (uint32_t i = 0; i < ITEMS; i++) {
		for (uint32_t j = 0; j < ITEMS; j++)
			ck_assert(counts[i] <= counts[j] || counts[i] < 2 || got[i] > got[j]);
	}
	check_parts(index, &person, got);
	ease_close(index);
	ease_release(&learnt);
}
END_TEST

/* What is like a show that somebody dislikes must not be recommended for it: one dislike is as nothing known, and beside
 * other ratings it changes nothing but their number. */
START_TEST(a_dislike_recommends_nothing)
{
	static const uint32_t known[] = {3, 14, 25};
	static const float dislikes[] = {1, 3, 2}, mixed[] = {9, 3, 1}, other[] = {9, 1, 2};
	const struct animed_dataset data = make();
	struct animed_learnt learnt;
	struct stub stub = {0};
	const struct animed_person hates = person_of(3, known, dislikes, &stub),
				   one = person_of(3, known, mixed, &stub), same = person_of(3, known, other, &stub);
	float got[ITEMS], again[ITEMS];
	void *index;

	learn_with(&data, 1, &learnt);
	open_learnt(&learnt, &index);
	const uint32_t *counts = tensor(&learnt, "counts");
	ck_assert_int_eq(ease_scores(index, &hates, got, &err), 0);
	for (uint32_t i = 0; i < ITEMS; i++) {
		for (uint32_t j = 0; j < ITEMS; j++)
			ck_assert(counts[i] <= counts[j] || counts[i] < 2 || got[i] > got[j]);
	}
	check_parts(index, &hates, got);
	ck_assert_int_eq(ease_scores(index, &one, got, &err), 0);
	ck_assert_int_eq(ease_scores(index, &same, again, &err), 0);
	ck_assert_int_eq(memcmp(got, again, sizeof got), 0);
	ease_close(index);
	ease_release(&learnt);
}
END_TEST

START_TEST(answers_whatever_is_rated)
{
	const struct animed_dataset data = make();
	struct animed_learnt learnt;
	struct stub stub = {0};
	uint32_t known[ITEMS];
	float liked[ITEMS], got[ITEMS];
	void *index;

	learn_with(&data, 1, &learnt);
	open_learnt(&learnt, &index);
	for (uint32_t i = 0; i < ITEMS; i++)
		known[i] = i;
	for (size_t n = 1; n <= ITEMS; n += n < 4 ? 1 : 31) {
		for (int kind = 0; kind < 4; kind++) { /* dislikes alone, likes alone, beyond the scale on both sides */
			static const float kinds[] = {1, 10, -50, 99};
			for (size_t i = 0; i < n; i++)
				liked[i] = kinds[kind];
			const struct animed_person person = person_of(n, known, liked, &stub);
			ck_assert_int_eq(ease_scores(index, &person, got, &err), 0);
			for (int j = 0; j < ITEMS; j++)
				ck_assert(isfinite(got[j]));
			check_parts(index, &person, got);
		}
	}
	ease_close(index);
	ease_release(&learnt);
}
END_TEST

/* All scores the same, on whatever scale: that somebody rated it is all there is to say. */
START_TEST(one_score_for_all)
{
	static const float only[] = {7, 0, -2, 1};
	static const uint32_t known[] = {0};
	struct animed_dataset data = make();
	struct animed_learnt learnt;
	struct stub stub = {.silent = true};
	const struct animed_person person = person_of(1, known, &only[_i], &stub);
	float got[ITEMS];
	void *index;

	for (size_t r = 0; r < data.train.n; r++)
		scores[r] = only[_i];
	data.score_min = data.score_max = only[_i];
	learn_with(&data, 1, &learnt);
	open_learnt(&learnt, &index);
	ck_assert_int_eq(ease_scores(index, &person, got, &err), 0);
	for (uint32_t i = 1; i < TASTE; i++)
		ck_assert(got[i] > got[TASTE + i]);
	ease_close(index);
	ease_release(&learnt);
}
END_TEST

/* On a scale that starts at 0 a rating of 0 weighs nothing; where all are 0, nothing is learnt. */
START_TEST(weights_of_nothing)
{
	static const uint32_t known[] = {0, 1};
	static const float none[] = {0, 0};
	struct animed_dataset data = make();
	struct animed_learnt learnt;
	struct stub stub = {0};
	const struct animed_person person = person_of(2, known, none, &stub);
	float got[ITEMS];
	void *index;

	for (size_t r = 0; r < data.train.n; r++)
		scores[r] = 0;
	data.score_min = 0;
	learn_with(&data, 1, &learnt);
	open_learnt(&learnt, &index);
	for (uint32_t i = 0; i < ITEMS; i++)
		ck_assert_uint_eq(cells_of(&learnt, i), i / 2 == TWIN / 2); /* of what is learnt franchises are left */
	ck_assert_int_eq(ease_scores(index, &person, got, &err), 0);
	for (int j = 0; j < ITEMS; j++)
		ck_assert(isfinite(got[j]));
	check_parts(index, &person, got);
	ease_close(index);
	ease_release(&learnt);
}
END_TEST

START_TEST(without_franchises_and_ratings)
{
	static const uint32_t known[] = {3};
	static const float liked[] = {5};
	const struct animed_items bare = {.n = ITEMS};
	const struct animed_host host = host_with(2);
	struct animed_dataset data = make();
	struct animed_learnt learnt;
	struct stub stub = {.silent = true};
	const struct animed_person person = person_of(1, known, liked, &stub);
	float got[ITEMS];
	void *index;

	ck_assert_int_eq(ease_learn(values, &data, &bare, &host, &learnt, &err), 0);
	ck_assert(cell(&learnt, TWIN, TWIN + 1) < 0);
	ease_release(&learnt);
	data.train.n = 0;
	ck_assert_int_eq(ease_learn(values, &data, &bare, &host, &learnt, &err), 0);
	open_learnt(&learnt, &index);
	ck_assert_int_eq(ease_scores(index, &person, got, &err), 0);
	for (int j = 0; j < ITEMS; j++)
		ck_assert(got[j] == 0); /* nothing tells them apart */
	ease_close(index);
	ease_release(&learnt);
}
END_TEST

START_TEST(a_match_rises_from_0_to_1)
{
	ck_assert(ease_match(-3) == 0 && ease_match(0) == 0 && ease_match(5) == .5F);
	for (int value = 0; value < 100; value++)
		ck_assert(ease_match((float)value) < ease_match((float)value + 1));
	ck_assert(ease_match(1e30F) <= 1);
}
END_TEST

START_TEST(an_error_of_the_host_is_passed_on)
{
	static const uint32_t known[] = {3};
	static const float liked[] = {5};
	const struct animed_dataset data = make();
	const struct animed_person person = {.n = 1, .items = known, .scores = liked, .similar = refuse};
	struct animed_learnt learnt;
	float got[ITEMS], parts[1], rest;
	void *index;

	learn_with(&data, 1, &learnt);
	open_learnt(&learnt, &index);
	ck_assert_int_eq(ease_scores(index, &person, got, &err), -1);
	ck_assert_str_eq(err.text, "no similarity");
	ck_assert_int_eq(ease_parts(index, &person, 1, &(const uint32_t){4}, parts, &rest, &err), -1);
	ck_assert_str_eq(err.text, "no similarity");
	ease_close(index);
	ease_release(&learnt);
}
END_TEST

/* ---- tensors of a file ---- */

static const uint64_t offsets[] = {0, 2, 2, 3};
static const uint32_t cells[] = {1, 2, 0}, counts[] = {9, 8, 7}, twice[] = {1, 1, 0}, beyond[] = {1, 3, 0};
static const uint64_t falling[] = {0, 2, 1, 3};
static const float numbers[] = {.5F, -1, 2}, huge[] = {3e38F, 3e38F, 3e38F}, scale[] = {1, 10}, upside_down[] = {10, 1};

static const struct malformed {
	const char *says;
	struct animed_tensor tensor; /* in the place of the one that has its name */
} malformed[] = {
    {"\"offsets\" has 3 values, and needs 4", {"offsets", ANIMED_U64, 3, offsets}},
    {"\"offsets\" does not ascend to 3 at row 1", {"offsets", ANIMED_U64, 4, falling}},
    {"\"items\" has 2 values, and needs 3", {"items", ANIMED_U32, 2, cells}},
    {"\"items\" does not ascend in row 0", {"items", ANIMED_U32, 3, twice}},
    {"\"items\" has item 3 in row 0, of 3 items", {"items", ANIMED_U32, 3, beyond}},
    {"\"values\" must be of type F32", {"values", ANIMED_U32, 3, cells}},
    {"\"counts\" has 2 values, and needs 3", {"counts", ANIMED_U32, 2, counts}},
    {"\"values\" has 3e+38 at 0, which nobody learns", {"values", ANIMED_F32, 3, huge}},
    {"\"scale\" has 3 values, and needs 2", {"scale", ANIMED_F32, 3, numbers}},
    {"\"scale\" has the lowest score 10 above the highest, 1", {"scale", ANIMED_F32, 2, upside_down}},
};

enum { MALFORMED = sizeof malformed / sizeof *malformed };

static void well_formed(struct animed_tensor tensors[5])
{
	tensors[0] = (struct animed_tensor){"offsets", ANIMED_U64, 4, offsets};
	tensors[1] = (struct animed_tensor){"items", ANIMED_U32, 3, cells};
	tensors[2] = (struct animed_tensor){"values", ANIMED_F32, 3, numbers};
	tensors[3] = (struct animed_tensor){"counts", ANIMED_U32, 3, counts};
	tensors[4] = (struct animed_tensor){"scale", ANIMED_F32, 2, scale};
}

START_TEST(refuses_malformed_tensors)
{
	struct animed_tensor tensors[5];
	const struct animed_ranking_input input = {{.n = 3}, {5, tensors}};
	void *index;

	well_formed(tensors);
	ck_assert_msg(ease_open(&input, &index, &err) == 0, "%s", err.text);
	ease_close(index);
	for (int t = 0; t < 5; t++) {
		if (strcmp(tensors[t].name, malformed[_i].tensor.name) == 0)
			tensors[t] = malformed[_i].tensor;
	}
	ck_assert_int_eq(ease_open(&input, &index, &err), -1);
	ck_assert_msg(strstr(err.text, malformed[_i].says), "%s instead of %s", err.text, malformed[_i].says);
}
END_TEST

START_TEST(refuses_missing_tensors)
{
	struct animed_tensor tensors[5];
	const struct animed_ranking_input input = {{.n = 3}, {5, tensors}};
	char says[64];
	void *index;

	well_formed(tensors);
	(void)snprintf(says, sizeof says, "the tensor \"%s\" is missing", tensors[_i].name);
	tensors[_i].name = "other";
	ck_assert_int_eq(ease_open(&input, &index, &err), -1);
	ck_assert_str_eq(err.text, says);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ease");
	TCase *tc = tcase_create("ease");

	openblas_set_num_threads(1);
	tcase_add_loop_test(tc, agrees_with_the_formula, 0, 2);
	tcase_add_test(tc, keeps_the_largest_cells_of_each_row);
	tcase_add_test(tc, the_most_rated_take_part);
	tcase_add_loop_test(tc, same_bits_for_any_number_of_threads, 2, 5);
	tcase_add_test(tc, can_be_cancelled_anywhere);
	tcase_add_test(tc, without_a_ridge_it_may_fail);
	tcase_add_loop_test(tc, values_agree_with_the_formula, 0, 7);
	tcase_add_test(tc, the_own_taste_comes_first);
	tcase_add_test(tc, similarity_alone_where_no_item_takes_part);
	tcase_add_test(tc, many_items_that_take_no_part_ask_for_similarity);
	tcase_add_test(tc, by_counts_where_nothing_is_known);
	tcase_add_test(tc, a_dislike_recommends_nothing);
	tcase_add_test(tc, answers_whatever_is_rated);
	tcase_add_loop_test(tc, one_score_for_all, 0, 4);
	tcase_add_test(tc, weights_of_nothing);
	tcase_add_test(tc, without_franchises_and_ratings);
	tcase_add_test(tc, a_match_rises_from_0_to_1);
	tcase_add_test(tc, an_error_of_the_host_is_passed_on);
	tcase_add_loop_test(tc, refuses_malformed_tensors, 0, MALFORMED);
	tcase_add_loop_test(tc, refuses_missing_tensors, 0, 5);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
