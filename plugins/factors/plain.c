/* plain.c - model: matrix factorisation without biases: the scalar product of user and item factors. */
#include "config.h"

#include "factors/factors.h"

static int train(const struct animed_value *values, const struct animed_dataset *data, uint64_t seed,
		 const struct animed_host *host, struct animed_train_result *result, struct animed_error *err)
{
	return factors_train(FACTORS_PLAIN, values, data, seed, host, result, err);
}

static int check(const struct animed_factors *factors, struct animed_error *err)
{
	return factors_check(false, factors, err);
}

static const struct animed_model_ops ops = {
    .train = train,
    .release = factors_release,
    .check = check,
    .predict = factors_predict,
    .item_vectors = factors_item_vectors,
    .fold_in = factors_fold_in,
    .complete = factors_complete,
};

ANIMED_PLUGIN(.kind = ANIMED_MODEL, .name = "plain",
	      .summary = "matrix factorisation without biases: the scalar product of user and item factors",
	      .params = factors_params, .ops.model = &ops);
