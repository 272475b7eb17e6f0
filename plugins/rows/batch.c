/* batch.c - grows the columns of a batch, and counts the rows that are left out. */
#include "config.h"

#include "rows/batch.h"

#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "rows/cell.h"

struct batch *batch_new(void)
{
	return calloc(1, sizeof(struct batch));
}

void batch_free(struct batch *batch)
{
	struct batch_text *texts[] = {&batch->users,    &batch->titles, &batch->alt_titles,
				      &batch->synopses, &batch->genres, &batch->types,
				      &batch->tags,     &batch->links,  &batch->pictures};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		free(texts[i]->bytes);
		free(texts[i]->offsets);
	}
	free(batch->ids);
	free(batch->members);
	free(batch->scores);
	free(batch->years);
	free(batch->episodes);
	free(batch);
}

void batch_clear(struct batch *batch)
{
	batch->n = 0;
	batch->rows = batch->unrated = batch->rejects = batch->others = 0;
	batch->seen.pairs = 0;
	memset(batch->seen.n, 0, sizeof batch->seen.n);
	memset(batch->unread, 0, sizeof batch->unread);
	batch->of = 0;
	batch->has_group = batch->lost = false;
	batch->dropped = 0;
}

/* Make room for `n` elements of `size` bytes in the column that `column` points to.  Returns -1 where memory is
 * short. */
static int resize(void *column, size_t n, size_t size)
{
	void *memory, *more;

	memcpy(&memory, column, sizeof memory);
	more = realloc(memory, n * size);
	if (!more)
		return -1;
	memcpy(column, &more, sizeof more);
	return 0;
}

int batch_reserve(struct batch *batch)
{
	const size_t room = batch->room ? batch->room * 2 : 4096;

	if (batch->n < batch->room)
		return 0;
	if (resize(&batch->ids, room, sizeof *batch->ids) < 0 ||
	    resize(&batch->members, room, sizeof *batch->members) < 0 ||
	    resize(&batch->scores, room, sizeof *batch->scores) < 0 ||
	    resize(&batch->years, room, sizeof *batch->years) < 0 ||
	    resize(&batch->episodes, room, sizeof *batch->episodes) < 0)
		return -1;
	batch->room = room;
	return 0;
}

/* Append bytes to the column after the first `at`.  Returns the new length of what was appended, made uniform by `tidy`;
 * -1 where memory is short. */
static inline ssize_t append(struct batch_text *text, size_t at, const char *bytes, size_t length,
			     size_t (*tidy)(char *text))
{
	/* one byte more, for a NUL while the string is made uniform */
	if (at + length + 1 > text->bytes_room) {
		if (resize(&text->bytes, (at + length + 1) * 2, 1) < 0)
			return -1;
		text->bytes_room = (at + length + 1) * 2;
	}
	if (length > 0)
		memcpy(text->bytes + at, bytes, length);
	text->bytes[at + length] = '\0';
	return (ssize_t)(tidy && length > 0 ? tidy(text->bytes + at) : length);
}

int batch_text_add(struct batch_text *text, size_t row, const char *bytes, size_t length, size_t (*tidy)(char *text))
{
	const size_t at = row ? (size_t)text->offsets[row] : 0;

	if (row + 2 > text->rows_room) {
		if (resize(&text->offsets, (row + 2) * 2, sizeof *text->offsets) < 0)
			return -1;
		text->rows_room = (row + 2) * 2;
	}
	const ssize_t added = append(text, at, bytes, length, tidy);
	if (added < 0)
		return -1;
	text->offsets[0] = 0;
	text->offsets[row + 1] = at + (size_t)added;
	return 0;
}

int batch_text_join(struct batch_text *text, size_t row, const char *bytes, size_t length, size_t (*tidy)(char *text))
{
	const size_t end = (size_t)text->offsets[row + 1], bar = end > text->offsets[row];
	const ssize_t added = append(text, end + bar, bytes, length, tidy);

	if (added < 0)
		return -1;
	if (bar && added > 0)
		text->bytes[end] = '|';
	text->offsets[row + 1] = end + (added > 0 ? bar + (size_t)added : 0);
	return 0;
}

void batch_reject(struct batch *batch, uint64_t place, const char *why, const char *what)
{
	struct batch_reject *reject = &batch->first[batch->rejects < BATCH_SHOWN ? batch->rejects : 0];
	char shown[BATCH_CELL];

	if (batch->rejects++ >= BATCH_SHOWN)
		return;
	reject->place = place;
	if (what)
		(void)snprintf(reject->reason, sizeof reject->reason, "%s \"%s\"", why,
			       cell_show(what, shown, sizeof shown));
	else
		(void)snprintf(reject->reason, sizeof reject->reason, "%s", why);
}

void batch_drop_ratings(struct batch *batch, size_t n)
{
	if (n == 0)
		return;
	batch->n -= n;
	memmove(batch->ids, batch->ids + n, batch->n * sizeof *batch->ids);
	memmove(batch->scores, batch->scores + n, batch->n * sizeof *batch->scores);
	memmove(batch->users.offsets, batch->users.offsets + n, (batch->n + 1) * sizeof *batch->users.offsets);
}

void batch_unread(struct batch *batch, enum batch_count column, uint64_t place, const char *text)
{
	struct batch_unread *unread = &batch->unread[column];

	if (unread->n++ > 0)
		return;
	unread->place = place;
	(void)cell_show(text, unread->text, sizeof unread->text);
}
