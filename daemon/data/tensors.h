/* tensors.h - the columns that a model file and a cached dataset have in common, as tensors of a safetensors file: the
 * catalogue (item_ids I64 [I], item_counts I64 [I], item_tops I64 [I], item_means F32 [I], item_years I32 [I],
 * item_episodes I32 [I], item_members I64 [I]), the ratings user by user (user_ratings.offsets U64 [U+1],
 * user_ratings.items U32 [R], user_ratings.scores F32 [R]), and string tables (NAME.bytes U8 [B] and NAME.offsets U64
 * [n+1]: item_titles, item_alt_titles, item_synopses, item_genres, item_types, item_tags, item_links, item_pictures,
 * user_names).  A model file has the favourites of its users as well (user_favourites.offsets U64 [U+1],
 * user_favourites.items U32 [F]). */
#ifndef ANIMED_TENSORS_H
#define ANIMED_TENSORS_H

#include "data/catalogue.h"
#include "data/safetensors.h"

/* The ratings of user u are at offsets[u] and on, before offsets[u + 1], by ascending item. */
struct rating_lists {
	const uint64_t *offsets; /* [U + 1]; NULL: not known */
	const uint32_t *items;   /* rows of the items */
	const float *scores;
};

/* The favourites of user u are at offsets[u] and on, before offsets[u + 1], by ascending item. */
struct favourite_lists {
	const uint64_t *offsets; /* [U + 1]; NULL: there are none */
	const uint32_t *items;   /* rows of the items */
};

/* ---- reading: what is returned points into the mapping ---- */

struct tensor_reader {
	const char *path; /* for messages */
	struct st_file *file;
	struct animed_error *err;
};

/* Find the tensor of this name and dtype with `rows` rows (UINT64_MAX: any number) and, for rank 2, *columns columns
 * (0: any number, which *columns receives).  *data is NULL where there is none and it is not required.  Returns 0.
 * On failure returns -1 and fills the reader's err, as all of these do. */
int tensor_find(const struct tensor_reader *reader, const char *name, enum st_dtype dtype, unsigned rank, uint64_t rows,
		uint64_t *columns, bool required, const void **data);

/* Find the string table NAME of n rows; *out is a missing column where there is none.  Checked: offsets ascend and
 * span the bytes, these are UTF-8, and rows begin where characters do. */
int tensor_strings(const struct tensor_reader *reader, const char *name, uint64_t n, struct animed_strings *out);

/* Find the columns of n items, of which the ids alone must be there.  Checked: no id comes twice. */
int tensor_catalogue(const struct tensor_reader *reader, uint32_t n, struct catalogue *out);

/* Find the ratings; the offsets of *out are NULL where there are none.  Checked: offsets ascend and span the
 * ratings, and the items of each user ascend and are below `items`. */
int tensor_ratings(const struct tensor_reader *reader, uint64_t users, uint64_t items, struct rating_lists *out);

/* Find the favourites; the offsets of *out are NULL where there are none.  Checked as tensor_ratings() does. */
int tensor_favourites(const struct tensor_reader *reader, uint64_t users, uint64_t items, struct favourite_lists *out);

/* ---- writing: a list points to the columns and texts, which stay the caller's ---- */

/* There is room for more than any file here has; what exceeds it fails an assertion. */
enum { TENSORS_MAX = 96, TENSOR_NAME = 96, PAIRS_MAX = 32, PAIR_VALUE = 64 };

struct tensor_list {
	struct st_tensor at[TENSORS_MAX];
	char names[TENSORS_MAX][TENSOR_NAME];
	size_t n;
};

/* List a tensor, of rank 1 where `columns` is 0.  A column that is missing is not listed. */
void tensors_add(struct tensor_list *tensors, const char *name, enum st_dtype dtype, uint64_t rows, uint64_t columns,
		 const void *data);
void tensors_add_strings(struct tensor_list *tensors, const char *name, uint64_t n,
			 const struct animed_strings *strings);
void tensors_add_catalogue(struct tensor_list *tensors, const struct catalogue *catalogue);
void tensors_add_ratings(struct tensor_list *tensors, uint64_t users, const struct rating_lists *ratings);
void tensors_add_favourites(struct tensor_list *tensors, uint64_t users, const struct favourite_lists *favourites);

struct pair_list {
	struct st_pair at[PAIRS_MAX];
	char values[PAIRS_MAX][PAIR_VALUE];
	size_t n;
};

/* List a pair whose value is printed into the list, and takes less than PAIR_VALUE bytes; or one that stays the
 * caller's. */
__attribute__((format(printf, 3, 4))) void pairs_add(struct pair_list *pairs, const char *key, const char *fmt, ...);
void pairs_add_text(struct pair_list *pairs, const char *key, const char *value);

#endif
