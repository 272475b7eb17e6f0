/* blas.h - OpenBLAS in a program that has threads of its own. */
#ifndef ANIMED_BLAS_H
#define ANIMED_BLAS_H

/* Let OpenBLAS work in the thread that calls it, and end the threads that it started when it was loaded.  To be called
 * once, before anything else uses OpenBLAS.  Threads of OpenBLAS would be in the way of the daemon's own, add up in
 * another order on another number of cores, and end at every fork: a product that runs in another thread at that time
 * waits for them for ever. */
void blas_use_one_thread(void);

#endif
