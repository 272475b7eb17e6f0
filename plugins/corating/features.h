/* features.h - the genres of items and the words of their synopses as sparse rows, whose scalar products say how much
 * two items have in common. */
#ifndef PLUGINS_FEATURES_H
#define PLUGINS_FEATURES_H

#include "animed-plugin.h"

/* Row i is that of item i; its columns are names, in ascending order. */
struct features {
	uint32_t rows, n_names;
	uint64_t *offsets; /* [rows + 1] */
	uint32_t *columns; /* [offsets[rows]] */
	float *values;     /* [offsets[rows]], above 0 */
	char *bytes;       /* name c is bytes[name_offsets[c] .. name_offsets[c + 1]) */
	uint64_t *name_offsets;
};

/* The genres of n items, and their tags, which are compared as genres are: sqrt(ln(n / (1 + df))) for one of df items,
 * then each row at length 1.  One of all items but one or of all tells nothing, and is left out.  What is in both columns
 * counts once.  Without the columns all rows are empty.  Returns 0.  Where memory is short, returns -1 and fills err;
 * free them in either case. */
int features_genres(struct features *features, const struct animed_items *items, struct animed_error *err);

/* The words of the synopses of n items: (1 + ln tf) (ln((1 + n) / (1 + df)) + 1) for a word that is tf times in this
 * synopsis and in df synopses (Salton and Buckley, "Term-weighting approaches in automatic text retrieval", 1988), then
 * each row at length sqrt(weight).  Words of one synopsis alone, and of more than n / 10, are left out.  Otherwise as
 * features_genres(). */
int features_words(struct features *features, const struct animed_strings *synopses, uint32_t n, double weight,
		   struct animed_error *err);

void features_free(struct features *features);

/* The names of the tensors of a matrix. */
struct features_tensors {
	const char *offsets, *columns, *values; /* U64 [rows + 1], U32 and F32 [offsets[rows]] */
	const char *bytes, *name_offsets;       /* U8 [name_offsets[n_names]], U64 [n_names + 1] */
};

extern const struct features_tensors genres_tensors, words_tensors;

enum { FEATURES_TENSORS = 5 };

/* Write the matrix as tensors, which point to its memory. */
void features_write(const struct features *features, const struct features_tensors *names,
		    struct animed_tensor tensors[FEATURES_TENSORS]);

#endif
