/* blas.c - ends the threads of OpenBLAS. */
#include "config.h"

#include "base/blas.h"

#include <cblas.h>
#include <sys/resource.h>

/* OpenBLAS calls this function before each fork to end its threads.  It exports the function, but no header declares
 * it.  The symbol is weak, since a build of OpenBLAS without threads does not have it. */
extern int blas_thread_shutdown_(void) __attribute__((weak));

/* Each of these threads maps 32 MB or more at its start, as a rule 128 MB with its stack, and tries again without end
 * where it cannot.  The rest is for the program and its libraries. */
enum { THREAD_MB = 128, PROGRAM_MB = 128 };

/* Whether the address space is large enough for the threads of OpenBLAS to come to their work, and so to their end. */
static int check_address_space(struct animed_error *err)
{
	const rlim_t threads = (rlim_t)openblas_get_num_threads(), needed = PROGRAM_MB + THREAD_MB * threads;
	struct rlimit limit;

	if (threads <= 1 || getrlimit(RLIMIT_AS, &limit) < 0 || limit.rlim_cur == RLIM_INFINITY ||
	    limit.rlim_cur >> 20 >= needed)
		return 0;
	return animed_fail(
	    err,
	    "the address space is limited to %llu MB (ulimit -v), and OpenBLAS with %llu threads needs %llu; "
	    "raise the limit, or set OPENBLAS_NUM_THREADS=1 in the environment",
	    (unsigned long long)(limit.rlim_cur >> 20), (unsigned long long)threads, (unsigned long long)needed);
}

int blas_use_one_thread(struct animed_error *err)
{
	if (check_address_space(err) < 0)
		return -1;
	/* OpenBLAS starts its threads again for a product that may use more than one; with this limit none may */
	openblas_set_num_threads(1);
	if (blas_thread_shutdown_)
		(void)blas_thread_shutdown_();
	return 0;
}
