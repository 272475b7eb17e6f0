/* plain.c - model: matrix factorisation without biases: the scalar product of user and item factors. */
#include "config.h"

#include "factors/factors.h"

FACTORS_PLUGIN(FACTORS_PLAIN, "plain",
	       "matrix factorisation without biases: the scalar product of user and item factors");
