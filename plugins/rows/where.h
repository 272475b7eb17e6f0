/* where.h - the rule by which rows of other kinds are left out: where a column has none of its values. */
#ifndef PLUGINS_WHERE_H
#define PLUGINS_WHERE_H

#include "animed-plugin.h"
#include "rows/row.h"

enum { WHERE_COLUMNS = 8, WHERE_PAIRS = 64, WHERE_SHOWN = 5, WHERE_TEXT = 32 };

struct where {
	const struct animed_list *pairs; /* of a parameter of type ANIMED_MATCH; NULL: there is no rule */
	const char *columns[WHERE_COLUMNS];
	int at[WHERE_COLUMNS]; /* where each of the columns is in a row */
	size_t n;
};

/* What rows had in the columns of a rule.  A zeroed one is of no rows. */
struct where_seen {
	uint64_t pairs;          /* bit p: a row had the value of pair p, of the first WHERE_PAIRS */
	size_t n[WHERE_COLUMNS]; /* the first other values of each column, as a message may show them */
	char others[WHERE_COLUMNS][WHERE_SHOWN][WHERE_TEXT];
};

/* Read the rule.  On failure, where it names too many columns, returns -1 and fills err. */
int where_read(const struct animed_value *value, struct where *where, struct animed_error *err);

/* Whether the row is of the kind that is wanted.  A cell is one of the values where the text is the same, but for upper
 * and lower case, or the number.  What the row has is added to *seen. */
bool where_holds(const struct where *where, const struct row *row, struct where_seen *seen);

/* Add what further rows had. */
void where_add(struct where_seen *sum, const struct where_seen *more);

#endif
