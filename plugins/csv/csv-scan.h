/* csv-scan.h - finds where rows end, exactly where libcsv sees it but without parsing, to cut a file into pieces. */
#ifndef PLUGINS_CSV_SCAN_H
#define PLUGINS_CSV_SCAN_H

#include <stddef.h>

/* `text` begins where a row does.  Returns the offset just past the line break of the last, or the first, row that ends
 * within `size` bytes whatever comes after them; 0 where none does.  A line break within quotes ends no row. */
size_t csv_last_row_end(const char *text, size_t size, char separator);
size_t csv_first_row_end(const char *text, size_t size, char separator);

#endif
