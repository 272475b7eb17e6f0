/* chart-scale.h - the axes of a chart: from data to places, and ticks at round numbers. */
#ifndef ANIMED_CHART_SCALE_H
#define ANIMED_CHART_SCALE_H

/* From data to places: `low` lies at `from`, `high` at `to`. */
struct scale {
	double low, high, from, to;
};

/* The place of `value`; the middle where low and high are the same. */
double scale_at(const struct scale *scale, double value);

/* Ticks at 1, 2 or 5 times a power of ten. */
struct ticks {
	double first, step; /* the first is the least multiple of `step` that is >= low */
	int n;
	int digits; /* behind the point, that labels need */
};

/* About `about` ticks (>= 1) in [low, high]; at least one, whatever the numbers, as long as they are finite. */
struct ticks ticks_between(double low, double high, int about);

/* The round number nearest above `step`: 1, 2 or 5 times a power of ten.  1 where `step` is not above 0 or not
 * finite. */
double round_step(double step);

#endif
