/* fault.h - makes allocations fail on request: one or several in a row, beginning with the n-th from now.
 *
 * fault.c replaces malloc(), calloc(), realloc(), aligned_alloc(), posix_memalign() and free() in the whole process,
 * shared libraries and plugins included, so that strdup(), fopen() and the like fail too.  It is linked into a test, or
 * preloaded into a program that was built without it.  Its counters and its orders lie in shared memory.  A test shares
 * this memory with the processes that it forks.  Where FAULT_FILE names a file, they lie in this file, which fault.py
 * maps too. */
#ifndef TESTS_FAULT_H
#define TESTS_FAULT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Make `row` allocations in a row fail, beginning with the n-th from now; n = 1 is the next one, n = 0 means none. */
void fault_arm(uint64_t n, uint64_t row);
/* Make no further allocation fail.  Returns how many there were since fault_arm(), failed ones included. */
uint64_t fault_disarm(void);
/* Whether an allocation has failed since fault_arm(). */
bool fault_struck(void);
/* How many blocks are allocated and not freed. */
int64_t fault_live(void);
/* Print the calls that led to the first failed allocation, innermost first, one on each line. */
void fault_print(FILE *out);

#endif
