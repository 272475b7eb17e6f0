/* details.c - puts what another list knows of an item into a batch. */
#include "config.h"

#include <string.h>

#include "rows/table-private.h"

static int add(struct batch_text *column, size_t n, const char *text)
{
	return batch_text_add(column, n, text, strlen(text), NULL);
}

int rows_add_details(struct batch *batch, const struct rows_details *details)
{
	const size_t n = batch->n;

	if (batch_reserve(batch) < 0 || add(&batch->titles, n, details->title) < 0 ||
	    add(&batch->alt_titles, n, details->alt_titles) < 0 || add(&batch->tags, n, details->tags) < 0 ||
	    add(&batch->types, n, details->type) < 0 || add(&batch->pictures, n, details->picture) < 0)
		return -1;
	batch->ids[n] = details->id;
	batch->years[n] = details->year;
	batch->episodes[n] = details->episodes;
	batch->members[n] = 0;
	batch->n++;
	return 0;
}
