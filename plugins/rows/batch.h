/* batch.h - rows as columns for the sink, and the rows that were left out. */
#ifndef PLUGINS_BATCH_H
#define PLUGINS_BATCH_H

#include "animed-plugin.h"
#include "rows/where.h"

enum { BATCH_SHOWN = 5, BATCH_REASON = 160, BATCH_CELL = 48 };

/* A column of strings, one for each row. */
struct batch_text {
	char *bytes;
	uint64_t *offsets;
	size_t bytes_room, rows_room;
};

/* A row that cannot be used. */
struct batch_reject {
	uint64_t place;
	char reason[BATCH_REASON];
};

/* The cells of a column of numbers that could not be read. */
struct batch_unread {
	uint64_t n;
	uint64_t place; /* of the first one, with its text */
	char text[BATCH_CELL];
};

/* The columns of numbers that an item can do without. */
enum batch_count { BATCH_EPISODES, BATCH_MEMBERS, BATCH_COUNTS };

/* Rows of items, of details of items, of ratings or of favourites; the columns of the other kinds stay empty. */
struct batch {
	size_t n, room;
	int64_t *ids, *members;
	float *scores;
	int32_t *years, *episodes;
	struct batch_text users, titles, alt_titles, synopses, genres, types, tags, links, pictures;
	uint64_t rows, unrated, rejects; /* how many there were: in all, not rated, not usable */
	uint64_t others;                 /* and of other kinds, in none of these */
	struct batch_reject first[BATCH_SHOWN];
	bool has_group; /* a row has named the item of the ratings after it; `group` is the last such item, */
	int64_t group;  /* and the first `pending` ratings came before the first one */
	size_t pending;
	bool lost; /* the last such row is at fault, so that nobody knows of what the ratings after it are */
	uint64_t
	    dropped; /* ratings that are left out for this, which are among no others that are counted but `rows` */
	struct where_seen seen; /* by the rule for rows of other kinds */
	struct batch_unread unread[BATCH_COUNTS];
	int of;            /* what the scores are out of, such as 10 in 9/10; 0: not written so */
	uint64_t of_place; /* the first row whose score is */
};

struct batch *batch_new(void); /* NULL where memory is short */
void batch_free(struct batch *batch);
void batch_clear(struct batch *batch); /* keeps its memory */

/* Make room for row n.  Returns -1 where memory is short. */
int batch_reserve(struct batch *batch);

/* Set string `row` of a column that has those before it.  `tidy`, where it is not NULL, then makes the string uniform in
 * place and returns its new length.  Returns -1 where memory is short. */
int batch_text_add(struct batch_text *text, size_t row, const char *bytes, size_t length, size_t (*tidy)(char *text));

/* Add to string `row`, the last one of a column, with '|' before what is added unless one of the two is empty. */
int batch_text_join(struct batch_text *text, size_t row, const char *bytes, size_t length, size_t (*tidy)(char *text));

/* Count a row that cannot be used, and keep the first few with their reasons: WHY "WHAT", or WHY where
 * `what` is NULL. */
void batch_reject(struct batch *batch, uint64_t place, const char *why, const char *what);

/* Count a cell that could not be read. */
void batch_unread(struct batch *batch, enum batch_count column, uint64_t place, const char *text);

/* Take the first n ratings out of a batch of them. */
void batch_drop_ratings(struct batch *batch, size_t n);

static inline struct animed_strings batch_text_view(const struct batch_text *text)
{
	return (struct animed_strings){text->bytes ? text->bytes : "", text->offsets};
}

/* String `row` of a column, which is not NUL-terminated. */
static inline const char *batch_text_at(const struct batch_text *text, size_t row, size_t *length)
{
	*length = (size_t)(text->offsets[row + 1] - text->offsets[row]);
	return text->bytes + text->offsets[row];
}

#endif
