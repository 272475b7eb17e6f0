/* pearson.c - similarity: the correlation of the factors of two items, -1 to 1, which is the cosine of their vectors
 * after the mean of its factors is taken from each.  A vector whose factors are all the same has none. */
#include "config.h"

#include "scan/scan.h"

static const struct scan_metric pearson = {.prepare = scan_centred_unit, .sum = SCAN_PRODUCTS, .score = scan_clamp};

SCAN_PLUGIN("pearson", "the correlation of item vectors (centred cosine)", true, pearson);
