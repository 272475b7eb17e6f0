/* tune-print.h - what came of a search. */
#ifndef ANIMED_TUNE_PRINT_H
#define ANIMED_TUNE_PRINT_H

#include <stdio.h>

#include "evaluate/tune-bench.h"

/* A table of the trials, best first, what is to be said of the best one, and it as YAML. */
void tune_print_text(const struct tune_run *tune, FILE *out);

/* The same as one JSON object.  -1: out of memory. */
int tune_print_json(const struct tune_run *tune, FILE *out);

#endif
