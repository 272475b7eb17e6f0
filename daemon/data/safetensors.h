/* safetensors.h - the safetensors container: 8 bytes of little-endian header length, a JSON header, the tensors without
 * a hole between them.  https://github.com/huggingface/safetensors#format
 *
 * The reader maps the file and checks everything in it before it is used. */
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

/* Map a file and check it: the length of the header against the size of the file, JSON with no key twice, known
 * dtypes, a range for each tensor that fits its shape and dtype, ranges that cover the data exactly, and no NaN and
 * Inf among the values of F32 and F64 tensors.  The caller frees *out with st_close(); until then the mapping is
 * valid, though the file be removed.  Returns 0.  On failure returns -1 and fills err. */
int st_open(const char *path, struct st_file **out, struct animed_error *err);
/* The same for a descriptor, which stays the caller's; `path` is for messages. */
int st_open_fd(int fd, const char *path, struct st_file **out, struct animed_error *err);
/* The same without the check of the values, which reads the whole file: for who wants the metadata alone. */
int st_peek(const char *path, struct st_file **out, struct animed_error *err);
void st_close(struct st_file *file);

/* Give the pages of the mapping back, once all have been checked.  The page cache keeps them: a page that is read
 * again costs a page fault and no I/O. */
void st_let_go(const struct st_file *file);

/* The tensor, or the value of the metadata, of this name.  NULL: there is none. */
const struct st_tensor *st_find(const struct st_file *file, const char *name);
const char *st_metadata(const struct st_file *file, const char *key);
size_t st_tensors(const struct st_file *file, const struct st_tensor **tensors);
size_t st_size(const struct st_file *file); /* of the file, bytes */

/* Write a container to `fd`.  The tensors are laid out by descending size of element, then name, and the header is
 * padded with spaces to a multiple of 64 bytes, so that all data is aligned.  Does not sync.  Returns 0.  On failure
 * returns -1 and fills err. */
int st_write(int fd, const struct st_tensor *tensors, size_t n, const struct st_pair *metadata, size_t n_metadata,
	     struct animed_error *err);

const char *st_dtype_name(enum st_dtype dtype); /* "F32" */
size_t st_dtype_size(enum st_dtype dtype);      /* bytes */

#endif
