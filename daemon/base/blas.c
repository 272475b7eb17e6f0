/* blas.c - ends the threads of OpenBLAS. */
#include "config.h"

#include "base/blas.h"

#include <cblas.h>

/* OpenBLAS exports this function without declaring it, and calls it before each fork.  A build of OpenBLAS without
 * threads lacks it. */
extern int blas_thread_shutdown_(void) __attribute__((weak));

void blas_use_one_thread(void)
{
	/* with one thread no product asks for the pool, which would start it again */
	openblas_set_num_threads(1);
	if (blas_thread_shutdown_)
		(void)blas_thread_shutdown_();
}
