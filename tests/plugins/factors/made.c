/* made.c - makes the ratings, and trains on them. */
#include "config.h"

#include "made.h"

#include <stdlib.h>
#include <string.h>

#include "kit/rng.h"

enum { VALUES = 7 }; /* rows of factors_params */

struct training training = {.cancel_in = -1};

static void quiet(void *ctx, enum animed_level level, const char *fmt, ...)
{
	(void)ctx;
	(void)level;
	(void)fmt;
}

static void count_epochs(void *ctx, const struct animed_progress *now)
{
	(void)ctx;
	training.inside |= training.cancel_in > 0 && now->epoch >= training.cancel_in && !now->epoch_done;
	if (now->epoch_done && training.epochs < 100)
		training.losses[training.epochs] = now->valid_loss;
	training.epochs += now->epoch_done;
}

static bool cancelled(void *ctx)
{
	(void)ctx;
	return training.cancel_in == 0 || training.inside;
}

struct made *made_new(void)
{
	struct made *made = calloc(1, sizeof *made);
	struct rng rng;
	size_t n = 0;

	rng_seed(&rng, 5);
	for (uint32_t u = 0; u < USERS; u++) {
		for (uint32_t i = 0; i < ITEMS - 1; i++) { /* the last item has no rating */
			if (rng_below(&rng, 2))
				continue;
			made->users[n] = u;
			made->items[n] = i;
			made->scores[n++] = u % 2 == i % 2 ? 9 : 4;
		}
	}
	const size_t train = n * 4 / 5;
	/* shuffle, so that both parts have ratings of every user */
	for (size_t r = n; r > 1; r--) {
		size_t j = rng_below(&rng, (uint32_t)r);
		uint32_t u = made->users[j], i = made->items[j];
		float s = made->scores[j];
		made->users[j] = made->users[r - 1], made->users[r - 1] = u;
		made->items[j] = made->items[r - 1], made->items[r - 1] = i;
		made->scores[j] = made->scores[r - 1], made->scores[r - 1] = s;
	}
	made->data = (struct animed_dataset){
	    .n_users = USERS,
	    .n_items = ITEMS,
	    .train = {train, made->users, made->items, made->scores},
	    .valid = {n - train, made->users + train, made->items + train, made->scores + train},
	    .score_min = 1,
	    .score_max = 10,
	};
	return made;
}

/* Fill the values, which are in the order of factors_params. */
static void values_for(struct animed_value values[VALUES], const char *optimizer, int epochs, double rate)
{
	memset(values, 0, VALUES * sizeof *values);
	values[0] = (struct animed_value){.set = true, .string = optimizer};
	values[1] = (struct animed_value){.set = true, .integer = training.factors};
	values[2] = (struct animed_value){.set = true, .integer = epochs};
	values[3] = (struct animed_value){.set = true, .real = rate};
	values[5] = (struct animed_value){.set = training.y_range, .range = {0, 10.5}};
	values[6] = (struct animed_value){.set = true, .integer = training.patience};
}

int made_train(const struct made *made, enum factors_kind kind, const char *optimizer, int epochs, double rate,
	       uint64_t seed, unsigned threads, struct animed_train_result *result, struct animed_error *err)
{
	const struct animed_host host = {NULL, quiet, count_epochs, cancelled, threads};
	struct animed_value values[VALUES];

	values_for(values, optimizer, epochs, rate);
	training.epochs = 0;
	return factors_train(kind, values, &made->data, seed, &host, result, err);
}

const struct run runs[RUNS] = {{"sgd", FACTORS_PLAIN, 40, 0.05},
			       {"sgd", FACTORS_BIAS, 40, 0.05},
			       {"notebook", FACTORS_PLAIN, 60, 0.02},
			       {"notebook", FACTORS_BIAS, 60, 0.02},
			       {"sgd", FACTORS_SVDPP, 40, 0.05}};

void training_setup(void)
{
	training = (struct training){.factors = FACTORS, .cancel_in = -1};
}
