/* where.c - compares cells with the values of a rule. */
#include "config.h"

#include "rows/where.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "rows/cell.h"
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

/* Note a value that is none of those wanted, unless it or as many as are shown are known. */
static void note_other(struct where_seen *seen, size_t column, const char *shown)
{
	for (size_t i = 0; i < seen->n[column]; i++) {
		if (strcmp(seen->others[column][i], shown) == 0)
			return;
	}
	if (seen->n[column] < WHERE_SHOWN)
		(void)snprintf(seen->others[column][seen->n[column]++], WHERE_TEXT, "%s", shown);
}

/* Whether the cell is one of the values of a column. */
static bool has_value(const struct where *where, size_t column, const char *cell, size_t length,
		      struct where_seen *seen)
{
	char shown[WHERE_TEXT];

	for (size_t p = 0; p + 1 < where->pairs->n; p += 2) {
		if (strcmp(where->pairs->at[p], where->columns[column]) != 0 ||
		    !is_value(cell, length, where->pairs->at[p + 1]))
			continue;
		if (p / 2 < WHERE_PAIRS)
			seen->pairs |= (uint64_t)1 << (p / 2);
		return true;
	}
	if (seen->n[column] < WHERE_SHOWN)
		note_other(seen, column, cell_show(cell, shown, sizeof shown));
	return false;
}

bool where_holds(const struct where *where, const struct row *row, struct where_seen *seen)
{
	bool holds = true;

	/* each column is looked at, so that a value is not told to be missing because of another column */
	for (size_t c = 0; c < where->n; c++) {
		const size_t at = (size_t)where->at[c];
		const bool there = at < row->n && row->cells[at];
		if (!has_value(where, c, there ? row->cells[at] : "", there ? row->lengths[at] : 0, seen))
			holds = false;
	}
	return holds;
}

void where_add(struct where_seen *sum, const struct where_seen *more)
{
	sum->pairs |= more->pairs;
	for (size_t c = 0; c < WHERE_COLUMNS; c++) {
		for (size_t i = 0; i < more->n[c]; i++)
			note_other(sum, c, more->others[c][i]);
	}
}
