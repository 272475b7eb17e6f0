/* report-private.h - the report as its own files see it. */
#ifndef ANIMED_REPORT_PRIVATE_H
#define ANIMED_REPORT_PRIVATE_H

#include "report/report.h"

/* The picture as an element, for a file of its own or for a page. */
void report_picture(const struct report *report, FILE *out);

enum { DATE_SIZE = 40 };

/* "2026-01-31 17:05 UTC". */
const char *report_date(const struct report *report, char out[DATE_SIZE]);

/* `text` with what does not fit into `size` bytes cut off between two characters, and "..." in its place. */
const char *report_cut(const char *text, char *out, size_t size);

#endif
