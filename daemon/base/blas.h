/* blas.h - OpenBLAS in a program that has threads of its own. */
#ifndef ANIMED_BLAS_H
#define ANIMED_BLAS_H

#include "animed-plugin.h"

/* Make OpenBLAS compute in the calling thread only, and end the threads that it started when it was loaded.  Call this
 * once, before anything else uses OpenBLAS.  Returns 0.  On failure returns -1 and fills err: the address space is limited
 * to less than these threads need.  The program must then end with _exit(), since OpenBLAS would wait for them for ever
 * when it is unloaded.
 *
 * Threads of OpenBLAS would do harm in three ways.  They would compete with the daemon's own threads for the cores.
 * The order in which they add numbers depends on the number of cores, so that results would differ from machine to
 * machine.  And OpenBLAS ends them at every fork: a product that another thread computes at that moment would wait for
 * them for ever. */
int blas_use_one_thread(struct animed_error *err);

#endif
