/* fault.h - allocations that fail on request: the n-th from now, and so many in a row from there on.
 *
 * fault.c takes the place of malloc(), calloc(), realloc(), aligned_alloc(), posix_memalign() and free() in the whole
 * process, shared libraries and plugins included, so strdup(), fopen() and the like fail with them.  It is linked into
 * a test, or preloaded into a program that was built without it.  What it counts and what it is told lies in shared
 * memory: of a test and the processes that it forks, or of the file that FAULT_FILE names, see fault.py. */
#ifndef TESTS_FAULT_H
#define TESTS_FAULT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Let the n-th allocation from now fail, where 1 is the next one, and the row - 1 after it. */
void fault_arm(uint64_t n, uint64_t row);
/* Let no more fail.  Returns how many allocations there were since fault_arm(), failed ones included. */
uint64_t fault_disarm(void);
/* Whether any has failed since fault_arm(). */
bool fault_struck(void);
/* How many blocks are allocated and not freed. */
int64_t fault_live(void);
/* Print where the first one failed, a line a call. */
void fault_print(FILE *out);

#endif
