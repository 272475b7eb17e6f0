/* peaks.h - measures what one core of this machine can do, as a limit for the speed of kernels. */
#ifndef BENCH_PEAKS_H
#define BENCH_PEAKS_H

#include <stddef.h>

struct peaks {
	double flops;  /* operations a second: independent fused multiply-adds on registers, counted as two each */
	double stream; /* bytes read and bytes written a second: a pass over `bytes`, row after row */
	double rows;   /* the same with the rows in random order */
};

/* Measure on rows of `row` bytes (a multiple of 64) in `bytes` of memory; takes about half a second. */
struct peaks peaks_measure(size_t bytes, size_t row);

#endif
