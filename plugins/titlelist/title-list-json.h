/* title-list-json.h - reads the anime-offline-database, as JSON or as JSON lines. */
#ifndef PLUGINS_TITLE_LIST_JSON_H
#define PLUGINS_TITLE_LIST_JSON_H

#include "rows/table.h"

/* Read the file at `path` into `table`, which has the kind ROWS_DETAILS.  Returns 0.  On failure returns -1 and fills
 * err. */
int title_list_read_json(struct rows_table *table, const char *path, struct animed_error *err);

#endif
