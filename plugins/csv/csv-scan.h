/* csv-scan.h - where rows end, for cutting a CSV file into pieces: exactly where libcsv sees it, without parsing. */
#ifndef PLUGINS_CSV_SCAN_H
#define PLUGINS_CSV_SCAN_H

#include <stddef.h>

/* `text` begins where a row does.  The functions return the offset just past the line break that ends the last, or
 * first, row which ends within `size` bytes, whatever comes after them; 0: none does.  A line break within quotes ends
 * no row. */
size_t csv_last_row_end(const char *text, size_t size, char separator);
size_t csv_first_row_end(const char *text, size_t size, char separator);

#endif
