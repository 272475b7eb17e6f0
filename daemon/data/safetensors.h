/* safetensors.h - the safetensors container: 8 bytes of little-endian header length, a JSON header, the tensors without
 * a hole between them.  https://github.com/huggingface/safetensors#format
 *
 * The reader maps the file and trusts nothing in it. */
#ifndef ANIMED_SAFETENSORS_H
#define ANIMED_SAFETENSORS_H

#include "animed-plugin.h"

enum st_dtype {
	ST_BOOL,
	ST_U8,
	ST_I8,
	ST_U16,
	ST_I16,
	ST_F16,
	ST_BF16,
	ST_U32,
	ST_I32,
	ST_F32,
	ST_U64,
	ST_I64,
	ST_F64
};

#define ST_MAX_RANK 8

struct st_tensor {
	const char *name;
	enum st_dtype dtype;
	unsigned rank;
	uint64_t shape[ST_MAX_RANK];
	const void *data;
	uint64_t bytes; /* the product of the shape times the size of the dtype */
};

struct st_pair {
	const char *key, *value;
};

struct st_file;

/* Map `path` and check its header: length and size of the file, JSON with no key twice, known dtypes, ranges in order,
 * without overlap or hole and filling the file exactly, shape times dtype equal to the range.  Values of F32 and F64
 * tensors are checked too: NaN and Inf are refused with the tensor and index of the first.  The mapping stays valid
 * though the file is unlinked. */
int st_open(const char *path, struct st_file **out, struct animed_error *err);
/* The same from a descriptor, which stays the caller's; `path` is for messages. */
int st_open_fd(int fd, const char *path, struct st_file **out, struct animed_error *err);
/* st_open() without the look at the values: for the header and the metadata alone. */
int st_peek(const char *path, struct st_file **out, struct animed_error *err);
void st_close(struct st_file *file);

/* Give the pages of the mapping back for now, after all of them were looked at: the page cache keeps them, and those
 * that are read again come back at the cost of a page fault without I/O. */
void st_let_go(const struct st_file *file);

/* NULL where there is none of that name. */
const struct st_tensor *st_find(const struct st_file *file, const char *name);
const char *st_metadata(const struct st_file *file, const char *key);
size_t st_tensors(const struct st_file *file, const struct st_tensor **tensors);
size_t st_size(const struct st_file *file); /* of the file, bytes */

/* Write a file to the open descriptor `fd`, from its beginning; `tensors` come in any order and are laid out by
 * descending alignment, then name; the header is padded with spaces to a multiple of 64 bytes so that data starts
 * aligned.  Does not sync. */
int st_write(int fd, const struct st_tensor *tensors, size_t n, const struct st_pair *metadata, size_t n_metadata,
	     struct animed_error *err);

const char *st_dtype_name(enum st_dtype dtype); /* "F32" */
size_t st_dtype_size(enum st_dtype dtype);      /* bytes */

#endif
