/* favourites.c - reads the favourites of a user, which are a list of ids in a cell, into a batch. */
#include "config.h"

#include <string.h>

#include "rows/cell.h"
#include "rows/number.h"
#include "rows/table-private.h"

/* What stands around ids: a list may be [1, 2], ['1', '2'], 1|2, 1;2 or 1,2. */
#define AROUND " []'\"|;,"

/* Take the next id off the list at *at.  Returns 1, 0 at the end of the list, or -1 where what comes next is no id. */
static int next_id(const char **at, int64_t *id)
{
	char digits[32];

	*at += strspn(*at, AROUND);
	const size_t n = strcspn(*at, AROUND);
	if (n == 0)
		return 0;
	if (n >= sizeof digits)
		return -1;
	memcpy(digits, *at, n);
	digits[n] = '\0';
	*at += n;
	return cell_to_id(digits, n, id) ? 1 : -1;
}

static bool is_list(const char *list)
{
	int64_t id;
	int status;

	while ((status = next_id(&list, &id)) > 0)
		;
	return status == 0;
}

static int append(struct batch *batch, const char *user, size_t length, const char *list)
{
	int64_t id;

	while (next_id(&list, &id) > 0) {
		if (batch_reserve(batch) < 0 ||
		    batch_text_add(&batch->users, batch->n, user, rows_user_length(user, length), NULL) < 0)
			return -1;
		batch->ids[batch->n++] = id;
	}
	return 0;
}

int rows_add_favourites(const struct rows_table *table, struct batch *batch, const struct row *row)
{
	size_t user_length, list_length;
	const char *user = rows_cell(table, row, COLUMN_FAN, &user_length);
	const char *list = rows_cell(table, row, COLUMN_FAVOURITES, &list_length);

	if (user_length == 0)
		batch_reject(batch, row->place, "no user beside the favourites", list);
	else if (!cell_is_utf8(user, user_length))
		batch_reject(batch, row->place, rows_no_text(table, row), list);
	else if (memchr(list, '\0', list_length))
		batch_reject(batch, row->place, "a NUL character in the favourites, after", list);
	else if (cell_is_none(list, list_length))
		return 0;
	else if (!is_list(list))
		batch_reject(batch, row->place, "the favourites are not a list of ids:", list);
	else
		return append(batch, user, user_length, list);
	return 0;
}
