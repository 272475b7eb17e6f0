/* blas.c - ends the threads of OpenBLAS. */
#include "config.h"

#include "base/blas.h"

#include <cblas.h>

/* OpenBLAS exports it without a declaration, and calls it before each fork; a build without threads lacks it. */
extern int blas_thread_shutdown_(void) __attribute__((weak));

void blas_use_one_thread(void)
{
	/* one thread keeps products away from the pool, and so the pool from being started again */
	openblas_set_num_threads(1);
	if (blas_thread_shutdown_)
		(void)blas_thread_shutdown_();
}
