/* factors.h - the factor model that the variants `plain`, `bias` and `svdpp` share. */
#ifndef PLUGINS_FACTORS_H
#define PLUGINS_FACTORS_H

#include "animed-plugin.h"

/* The variants: factors alone; with a bias for each row; with biases and the implicit term of SVD++ in users'
 * factors. */
enum factors_kind { FACTORS_PLAIN, FACTORS_BIAS, FACTORS_SVDPP };

/* The parameter table, the same for all variants. */
extern const struct animed_param factors_params[];

/* The operations of struct animed_model_ops, which take the variant where they depend on it. */
int factors_train(enum factors_kind kind, const struct animed_value *values, const struct animed_dataset *data,
		  uint64_t seed, const struct animed_host *host, struct animed_train_result *result,
		  struct animed_error *err);
void factors_release(struct animed_train_result *result);
int factors_check(bool biased, const struct animed_factors *factors, struct animed_error *err);
float factors_predict(const struct animed_factors *factors, uint32_t user, uint32_t item);
void factors_item_vectors(const struct animed_factors *factors, const float **vectors, uint32_t *k);
int factors_fold_in(const struct animed_factors *factors, size_t n, const uint32_t *items, const float *scores,
		    float *user, float *bias, struct animed_error *err);
void factors_complete(struct animed_value *values);

/* The description of the plugin NAME that is the variant KIND. */
#define FACTORS_PLUGIN(KIND, NAME, SUMMARY)                                                                            \
	static int train(const struct animed_value *values, const struct animed_dataset *data, uint64_t seed,          \
			 const struct animed_host *host, struct animed_train_result *result, struct animed_error *err) \
	{                                                                                                              \
		return factors_train((KIND), values, data, seed, host, result, err);                                   \
	}                                                                                                              \
	static int check(const struct animed_factors *factors, struct animed_error *err)                               \
	{                                                                                                              \
		return factors_check((KIND) != FACTORS_PLAIN, factors, err);                                           \
	}                                                                                                              \
	static const struct animed_model_ops ops = {.train = train,                                                    \
						    .release = factors_release,                                        \
						    .check = check,                                                    \
						    .predict = factors_predict,                                        \
						    .item_vectors = factors_item_vectors,                              \
						    .fold_in = factors_fold_in,                                        \
						    .complete = factors_complete};                                     \
	ANIMED_PLUGIN(.kind = ANIMED_MODEL, .name = (NAME), .summary = (SUMMARY), .params = factors_params,            \
		      .ops.model = &ops)

#endif
