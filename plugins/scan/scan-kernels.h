/* scan-kernels.h - the inner loops of the scan over item vectors.  There is a build for each instruction set; the
 * choice is made when the object is loaded.
 *
 * The rows lie in panels of SCAN_LANES rows: panel p holds factor j of its rows side by side, at (p * k + j) *
 * SCAN_LANES.  So a sum needs no adding up across lanes, k needs no padding, and the scores of a panel come out in
 * order.  The last panel is filled up with zeros. */
#ifndef PLUGINS_SCAN_KERNELS_H
#define PLUGINS_SCAN_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#define SCAN_LANES 16u
#define SCAN_ALIGN 64u /* bytes, of panels and scores */

/* Sum over the k factors of each row of n panels for each query.  The sum of row r of panel p for query q goes to
 * out[q * stride + p * SCAN_LANES + r].  The queries lie factor by factor: factor j of query q is at queries[j * width
 * + q], where `width` is 1 or scan_kernels.queries. */
typedef void scan_sums(const float *panels, uint32_t k, size_t n, const float *queries, float *out, size_t stride);

/* The sums for one query and for scan_kernels.queries of them at once; both give the same bits. */
struct scan_sums {
	scan_sums *one, *many;
};

struct scan_kernels {
	const char *name;           /* "avx512", "avx2", "baseline" */
	unsigned queries;           /* how many queries `many` takes */
	struct scan_sums products;  /* scalar products */
	struct scan_sums distances; /* minus the squares of the Euclidean distance */

	/* Set bit i where score i of 64 is at least `least`.  A NaN never is. */
	uint64_t (*reaching)(const float *scores, float least);
};

const struct scan_kernels *scan_kernels_best(void);

/* All builds that this machine can run, the best first, with NULL at the end. */
const struct scan_kernels *const *scan_kernels_all(void);

#endif
