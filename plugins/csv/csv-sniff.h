/* csv-sniff.h - finds out what separates the fields of a file. */
#ifndef PLUGINS_CSV_SNIFF_H
#define PLUGINS_CSV_SNIFF_H

#include <stddef.h>

#include "csv/csv-format.h"

enum { CSV_SNIFF_LINES = 20 };

/* Returns the separator that each of the first `lines` lines of the text has most of: ",", a tab, ";", "|" or "::". */
const char *csv_sniff(const char *text, size_t size, size_t lines);

/* Whether the line is "sep=;" as Excel reads and writes it, which names the separator; *separator receives it. */
bool csv_names_separator(const char *line, size_t length, char *separator);

#endif
