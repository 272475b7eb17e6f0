/* blas.c - ends the threads of OpenBLAS. */
#include "config.h"

#include "base/blas.h"

#include <cblas.h>

/* OpenBLAS calls this function before each fork to end its threads.  It exports the function, but no header declares
 * it.  The symbol is weak, since a build of OpenBLAS without threads does not have it. */
extern int blas_thread_shutdown_(void) __attribute__((weak));

void blas_use_one_thread(void)
{
	/* OpenBLAS starts its threads again for a product that may use more than one; with this limit none may */
	openblas_set_num_threads(1);
	if (blas_thread_shutdown_)
		(void)blas_thread_shutdown_();
}
