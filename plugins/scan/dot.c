/* dot.c - similarity: the scalar product of item vectors, any number.  A long vector is similar to many. */
#include "config.h"

#include "scan/scan.h"

static const struct scan_metric dot = {.prepare = scan_plain, .sum = SCAN_PRODUCTS};

SCAN_PLUGIN("dot", "the scalar product of item vectors", false, dot);
