/* peaks.h - what one core of this machine can do: the measures that a kernel's speed is a share of. */
#ifndef BENCH_PEAKS_H
#define BENCH_PEAKS_H

#include <stddef.h>

struct peaks {
	double flops;  /* a second: independent fused multiply-adds on registers, two operations each */
	double stream; /* bytes a second read and written, each counted: a pass over `bytes`, row after row */
	double rows;   /* the same with the rows in random order */
};

/* Measure on rows of `row` bytes (a multiple of 64) in `bytes` of memory; takes about half a second. */
struct peaks peaks_measure(size_t bytes, size_t row);

#endif
