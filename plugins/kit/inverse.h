/* inverse.h - the inverse of a large symmetric matrix, in place and on several threads. */
#ifndef PLUGINS_INVERSE_H
#define PLUGINS_INVERSE_H

#include "animed-plugin.h"

/* Replace the lower triangle of a symmetric positive definite matrix, cells a[i * n + j] with j <= i, by that of its
 * inverse.  What is above the diagonal is neither read nor written.  The time is that of n^3 multiplications and
 * additions.  The bits are the same for any number of host->threads, provided that OpenBLAS works in the thread that
 * calls it, as it does in the daemon.  Returns 0.  On failure returns -1 and fills err, and the triangle has no meaning:
 * the matrix is not positive definite in 32-bit floats, memory is short, or the host was cancelled. */
int inverse_in_place(float *a, uint32_t n, const struct animed_host *host, struct animed_error *err);

/* Copy the lower triangle to the upper one, so that rows can be read in one piece.  Fails as above where memory is short
 * or the host was cancelled. */
int inverse_mirror(float *a, uint32_t n, const struct animed_host *host, struct animed_error *err);

#endif
