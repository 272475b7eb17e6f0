/* report-text.h - what a report says in words, the same on the page and in the picture. */
#ifndef ANIMED_REPORT_TEXT_H
#define ANIMED_REPORT_TEXT_H

#include "report/report.h"

enum { DATE_SIZE = 40, BIN_SIZE = 64 };

/* When the run was, as "2026-01-31 17:05 UTC"; "" where the time is out of range.  Returns `out`. */
const char *report_date(const struct report *report, char out[DATE_SIZE]);

/* Copy `text` to `out`.  What does not fit into `size` bytes (at least 4) is cut off between two characters, and "..."
 * takes its place.  Returns `out`. */
const char *report_cut(const char *text, char *out, size_t size);

/* A bin in words: "7", "2–4", "10,000+".  Returns `out`. */
const char *report_bin_name(const struct report_bins *bins, size_t i, char out[BIN_SIZE]);

#endif
