/* svdpp.c - model: matrix factorisation with biases, which also learns from which items a user rated. */
#include "config.h"

#include "factors/factors.h"

FACTORS_PLUGIN(FACTORS_SVDPP, "svdpp",
	       "matrix factorisation with biases, which also learns from which items a user rated");
