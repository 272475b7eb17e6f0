/* bias.c - model: matrix factorisation with a bias for every user and item. */
#include "config.h"

#include "factors/factors.h"

FACTORS_PLUGIN(FACTORS_BIAS, "bias", "matrix factorisation with a bias for every user and item");
