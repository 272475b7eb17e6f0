/* cosine.c - similarity: the cosine of the angle between item vectors, -1 to 1. */
#include "config.h"

#include "scan/scan.h"

static const struct scan_metric cosine = {.prepare = scan_unit, .sum = SCAN_PRODUCTS, .score = scan_clamp};

SCAN_PLUGIN("cosine", "the cosine of the angle between item vectors", true, cosine);
