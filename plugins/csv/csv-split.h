/* csv-split.h - splits lines at a separator, where there are no quotes or they are text. */
#ifndef PLUGINS_CSV_SPLIT_H
#define PLUGINS_CSV_SPLIT_H

#include "csv/csv-format.h"
#include "csv/csv-taker.h"

/* Hand the rows of `text` over, a row for each line that is not blank.  Blanks around a field do not belong to it.  The
 * text is written to.  *lines receives how many lines there are.  Returns -1 where memory is short. */
int csv_split_text(const struct csv_format *format, char *text, size_t size, const struct csv_taker *taker,
		   uint64_t *lines);

#endif
