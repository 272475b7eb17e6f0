/* where.c - compares cells with the values of a rule. */
#include "config.h"

#include "rows/where.h"

#include <string.h>
#include <strings.h>

#include "rows/number.h"

int where_read(const struct animed_value *value, struct where *where, struct animed_error *err)
{
	where->pairs = value ? &value->list : NULL;
	where->n = 0;
	for (size_t p = 0; value && p + 1 < value->list.n; p += 2) {
		const char *name = value->list.at[p];
		size_t c = 0;
		while (c < where->n && strcmp(where->columns[c], name) != 0)
			c++;
		if (c == WHERE_COLUMNS)
			return animed_fail(err, "where: more than %d columns", WHERE_COLUMNS);
		if (c == where->n)
			where->columns[where->n++] = name;
	}
	return 0;
}

static bool is_value(const char *cell, size_t length, const char *value)
{
	int64_t a, b;

	if (strlen(value) == length && strncasecmp(cell, value, length) == 0)
		return true;
	return cell_to_id(cell, length, &a) && cell_to_id(value, strlen(value), &b) && a == b;
}

bool where_holds(const struct where *where, const struct row *row)
{
	for (size_t c = 0; c < where->n; c++) {
		const size_t at = (size_t)where->at[c];
		const bool there = at < row->n && row->cells[at];
		bool found = false;
		for (size_t p = 0; !found && p + 1 < where->pairs->n; p += 2)
			found = strcmp(where->pairs->at[p], where->columns[c]) == 0 &&
				is_value(there ? row->cells[at] : "", there ? row->lengths[at] : 0,
					 where->pairs->at[p + 1]);
		if (!found)
			return false;
	}
	return true;
}
