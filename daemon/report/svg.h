/* svg.h - the parts of a chart: escaped text, shapes, and scales with ticks at round numbers.  Everything is written to
 * a stream whose errors the caller looks at in the end. */
#ifndef ANIMED_SVG_H
#define ANIMED_SVG_H

#include <stdint.h>
#include <stdio.h>

/* Write text into XML or HTML: markup escaped, what is not UTF-8 or not allowed in XML replaced by U+FFFD. */
void xml_text(FILE *out, const char *text);

/* From data to places: `low` lies at `from`, `high` at `to`. */
struct scale {
	double low, high, from, to;
};
double scale_at(const struct scale *scale, double value);

/* Ticks at 1, 2 or 5 times a power of ten. */
struct ticks {
	double first, step; /* the first is the least multiple of `step` that is >= low */
	int n;
	int digits; /* behind the point, that labels need */
};

/* About `about` ticks (>= 1) in [low, high]; at least one, whatever the numbers, as long as they are finite. */
struct ticks ticks_between(double low, double high, int about);

/* The round number nearest above `step`: 1, 2 or 5 times a power of ten. */
double round_step(double step);

/* `attributes` are written as they are ("class='axis' text-anchor='end'"); the text is escaped. */
__attribute__((format(printf, 5, 6))) void svg_text(FILE *out, double x, double y, const char *attributes,
						    const char *fmt, ...);
void svg_line(FILE *out, double x1, double y1, double x2, double y2, const char *attributes);

/* A rectangle that says `title` (NULL: nothing) when it is pointed at. */
void svg_rect(FILE *out, double x, double y, double width, double height, const char *attributes, const char *title);

#endif
