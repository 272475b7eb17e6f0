/* tune-print.h - prints what a search found. */
#ifndef ANIMED_TUNE_PRINT_H
#define ANIMED_TUNE_PRINT_H

#include <stdio.h>

#include "evaluate/tune-bench.h"

/* Print a table of the trials, best first, then remarks on the best one, and its parameters as YAML.  Returns -1 where
 * memory is short; the YAML is missing then. */
int tune_print_text(const struct tune_run *tune, FILE *out);

/* Print the same as one JSON object.  Returns -1 where memory is short. */
int tune_print_json(const struct tune_run *tune, FILE *out);

#endif
