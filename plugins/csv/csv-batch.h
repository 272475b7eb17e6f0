/* csv-batch.h - the rows of a block on their way to the sink, and what was left out of them. */
#ifndef PLUGINS_CSV_BATCH_H
#define PLUGINS_CSV_BATCH_H

#include "animed-plugin.h"

enum { BATCH_SHOWN = 5, BATCH_REASON = 160 };

/* A column of strings; its string i is there once row i is. */
struct batch_text {
	char *bytes;
	uint64_t *offsets;
	size_t bytes_room, rows_room;
};

/* A row that cannot be used. */
struct batch_reject {
	uint64_t line; /* of the block, from 0 */
	char reason[BATCH_REASON];
};

/* Rows of items or of ratings; a column that the kind does not have stays empty. */
struct batch {
	size_t n, room;
	int64_t *ids, *members;
	float *scores;
	int32_t *years, *episodes;
	struct batch_text users, titles, alt_titles, synopses, genres, types;
	uint64_t rows, unrated, rejects; /* that the block had, of all kinds */
	struct batch_reject first[BATCH_SHOWN];
};

struct batch *batch_new(void); /* NULL: out of memory */
void batch_free(struct batch *batch);
void batch_clear(struct batch *batch); /* its memory stays */

/* Make room for row n.  -1: out of memory. */
int batch_reserve(struct batch *batch);

/* Set string `row` of a column; the rows before it are there.  -1: out of memory. */
int batch_text_add(struct batch_text *text, size_t row, const char *bytes, size_t length);

/* Count a row that cannot be used; the first few are kept with the reason. */
void batch_reject(struct batch *batch, uint64_t line, const char *why, const char *what);

static inline struct animed_strings batch_text_view(const struct batch_text *text)
{
	return (struct animed_strings){text->bytes ? text->bytes : "", text->offsets};
}

#endif
