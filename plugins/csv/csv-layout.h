/* csv-layout.h - how well-known datasets are laid out: a table of parameters for each. */
#ifndef PLUGINS_CSV_LAYOUT_H
#define PLUGINS_CSV_LAYOUT_H

#include "rows/table.h"

/* What the parameter "layout" may be; auto: the one whose columns a file has. */
#define CSV_LAYOUTS                                                                                                    \
	"auto|kaggle-reviews|cooperunion|hernan4444|dbdmobile|azathoth42|movielens-100k|movielens-1m|movielens|"       \
	"netflix"

/* The values of a layout, for parameters of the plugin and for those that struct csv_options and rows_table_defaults()
 * have besides. */
struct csv_layout {
	const char *name;
	/* Columns by which the files are known, besides those that are needed, where others could be of this layout as
	 * well; NULL: no such column. */
	const char *items_sign, *ratings_sign;
	bool header; /* the files have a header, by which the layout can be found out */
	const struct rows_default *values;
};

/* In the order in which a header is compared with them, ended by one without a name.  The first one, kaggle-reviews, is
 * for files that have none of them, too. */
extern const struct csv_layout csv_layouts[];

/* Returns the layout of this name; the first one for "auto". */
const struct csv_layout *csv_layout_of(const char *name);

#endif
