/* batch.c - grows the columns of a batch, and counts the rows that are left out. */
#include "config.h"

#include "rows/batch.h"

#include <stdlib.h>
#include <string.h>

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
	batch->rows = batch->unrated = batch->rejects = 0;
	memset(batch->unread, 0, sizeof batch->unread);
	batch->of = 0;
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

int batch_text_add(struct batch_text *text, size_t row, const char *bytes, size_t length, size_t (*tidy)(char *text))
{
	const size_t at = row ? (size_t)text->offsets[row] : 0;

	if (row + 2 > text->rows_room) {
		if (resize(&text->offsets, (row + 2) * 2, sizeof *text->offsets) < 0)
			return -1;
		text->rows_room = (row + 2) * 2;
	}
	/* one byte more, for a NUL while the string is made uniform */
	if (at + length + 1 > text->bytes_room) {
		if (resize(&text->bytes, (at + length + 1) * 2, 1) < 0)
			return -1;
		text->bytes_room = (at + length + 1) * 2;
	}
	if (length > 0)
		memcpy(text->bytes + at, bytes, length);
	text->bytes[at + length] = '\0';
	if (tidy && length > 0)
		length = tidy(text->bytes + at);
	text->offsets[0] = 0;
	text->offsets[row + 1] = at + length;
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

void batch_unread(struct batch *batch, enum batch_count column, uint64_t place, const char *text)
{
	struct batch_unread *unread = &batch->unread[column];

	if (unread->n++ > 0)
		return;
	unread->place = place;
	(void)cell_show(text, unread->text, sizeof unread->text);
}
