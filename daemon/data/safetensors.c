/* safetensors.c - maps a container and checks everything in it. */
#include "config.h"

#include "data/safetensors.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"

#define MAX_HEADER 100000000u /* bytes; the format's own limit */

struct st_file {
	const char *path; /* the caller's; read only while the file is being opened */
	uint8_t *map;
	size_t size;
	json_t *header; /* owns the names of the tensors */
	struct st_tensor *tensors;
	size_t n;
};

static const struct {
	const char *name;
	size_t size;
} dtypes[] = {
    [ST_BOOL] = {"BOOL", 1}, [ST_U8] = {"U8", 1},   [ST_I8] = {"I8", 1},     [ST_U16] = {"U16", 2},
    [ST_I16] = {"I16", 2},   [ST_F16] = {"F16", 2}, [ST_BF16] = {"BF16", 2}, [ST_U32] = {"U32", 4},
    [ST_I32] = {"I32", 4},   [ST_F32] = {"F32", 4}, [ST_U64] = {"U64", 8},   [ST_I64] = {"I64", 8},
    [ST_F64] = {"F64", 8},
};

const char *st_dtype_name(enum st_dtype dtype)
{
	return dtypes[dtype].name;
}

size_t st_dtype_size(enum st_dtype dtype)
{
	return dtypes[dtype].size;
}

static int map_file(struct st_file *file, int fd, struct animed_error *err)
{
	struct stat st;

	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return animed_fail(err, "%s: not a regular file", file->path);
	file->size = (size_t)st.st_size;
	if (file->size < 8)
		return animed_fail(err, "%s: %zu bytes are too few for a safetensors file", file->path, file->size);
	void *map = mmap(NULL, file->size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (map == MAP_FAILED)
		return animed_fail(err, "%s: cannot map: %s", file->path, strerror(errno));
	file->map = map;
	return 0;
}

/* Parse the header; *begin receives where the data of the tensors begins. */
static int parse_header(struct st_file *file, size_t *begin, struct animed_error *err)
{
	uint64_t length;
	struct animed_error why;

	memcpy(&length, file->map, sizeof length);
	length = le64toh(length);
	if (length > MAX_HEADER)
		return animed_fail(err, "%s: header of %" PRIu64 " bytes; not a safetensors file, or damaged",
				   file->path, length);
	if (length > file->size - 8)
		return animed_fail(err, "%s: header of %" PRIu64 " bytes in a file of %zu; the file is cut off",
				   file->path, length, file->size);
	const char *text = (const char *)file->map + 8;
	if (length == 0 || text[0] != '{')
		return animed_fail(err, "%s: header does not begin with '{'; not a safetensors file", file->path);
	if (read_json(text, (size_t)length, JSON_REJECT_DUPLICATES, 8, &file->header, &why) < 0)
		return animed_fail(err, "%s: header %s", file->path, why.text);
	*begin = 8 + (size_t)length;
	return 0;
}

static int parse_dtype(const char *name, enum st_dtype *dtype)
{
	for (size_t i = 0; name && i < sizeof dtypes / sizeof *dtypes; i++) {
		if (strcmp(name, dtypes[i].name) == 0) {
			*dtype = (enum st_dtype)i;
			return 0;
		}
	}
	return -1;
}

static int parse_shape(const struct st_file *file, const json_t *shape, struct st_tensor *tensor, uint64_t *bytes,
		       struct animed_error *err)
{
	const size_t rank = json_array_size(shape);

	if (!json_is_array(shape) || rank > ST_MAX_RANK)
		return animed_fail(err, "%s: tensor %s: shape is not a list of at most %d numbers", file->path,
				   tensor->name, ST_MAX_RANK);
	*bytes = st_dtype_size(tensor->dtype);
	for (size_t d = 0; d < rank; d++) {
		const json_t *length = json_array_get(shape, d);
		if (!json_is_integer(length) || json_integer_value(length) < 0)
			return animed_fail(err, "%s: tensor %s: shape holds something that is not a length", file->path,
					   tensor->name);
		tensor->shape[d] = (uint64_t)json_integer_value(length);
		if (__builtin_mul_overflow(*bytes, tensor->shape[d], bytes))
			return animed_fail(err, "%s: tensor %s: shape is larger than memory can be", file->path,
					   tensor->name);
	}
	tensor->rank = (unsigned)rank;
	return 0;
}

static int parse_tensor(const struct st_file *file, const char *name, const json_t *entry, size_t begin,
			struct st_tensor *tensor, struct animed_error *err)
{
	const json_t *offsets = json_object_get(entry, "data_offsets");
	const json_t *from = json_array_get(offsets, 0), *to = json_array_get(offsets, 1);
	const uint64_t room = file->size - begin;
	const char *dtype = json_string_value(json_object_get(entry, "dtype"));
	uint64_t bytes = 0;

	*tensor = (struct st_tensor){.name = name};
	if (!json_is_object(entry) || json_object_size(entry) != 3 || !json_object_get(entry, "shape"))
		return animed_fail(err, "%s: tensor %s: needs dtype, shape and data_offsets and nothing else",
				   file->path, name);
	if (parse_dtype(dtype, &tensor->dtype) < 0)
		return animed_fail(err, "%s: tensor %s: unknown dtype %s", file->path, name,
				   dtype ? dtype : "(no text)");
	if (parse_shape(file, json_object_get(entry, "shape"), tensor, &bytes, err) < 0)
		return -1;
	if (json_array_size(offsets) != 2 || !json_is_integer(from) || !json_is_integer(to) ||
	    json_integer_value(from) < 0 || json_integer_value(from) > json_integer_value(to))
		return animed_fail(err, "%s: tensor %s: data_offsets is not [begin, end] with begin <= end", file->path,
				   name);
	const uint64_t first = (uint64_t)json_integer_value(from), end = (uint64_t)json_integer_value(to);
	if (end > room)
		return animed_fail(err, "%s: tensor %s: ends at byte %" PRIu64 " of %" PRIu64 "; the file is cut off",
				   file->path, name, end, room);
	if (end - first != bytes)
		return animed_fail(err, "%s: tensor %s: shape and dtype make %" PRIu64 " bytes, data_offsets %" PRIu64,
				   file->path, name, bytes, end - first);
	tensor->data = file->map + begin + first;
	tensor->bytes = bytes;
	if ((begin + first) % st_dtype_size(tensor->dtype) != 0)
		return animed_fail(err,
				   "%s: tensor %s: not aligned to its %zu-byte elements; write the file again with the "
				   "larger elements first and the header padded to 8 bytes",
				   file->path, name, st_dtype_size(tensor->dtype));
	return 0;
}

static int by_position(const void *a, const void *b)
{
	const struct st_tensor *x = a, *y = b;

	if (x->data != y->data)
		return x->data < y->data ? -1 : 1;
	return (x->bytes > y->bytes) - (x->bytes < y->bytes);
}

/* Sort the tensors by position, and refuse them unless they cover the data from its first byte to its last. */
static int check_tiling(struct st_file *file, size_t begin, struct animed_error *err)
{
	const uint8_t *at = file->map + begin;

	if (file->n > 0)
		qsort(file->tensors, file->n, sizeof *file->tensors, by_position);
	for (size_t i = 0; i < file->n; i++) {
		const struct st_tensor *tensor = &file->tensors[i];
		const uint8_t *first = tensor->data;
		if (first != at)
			return animed_fail(err, "%s: tensor %s: %s before it", file->path, tensor->name,
					   first < at ? "overlaps the tensor" : "a hole is left");
		at += tensor->bytes;
	}
	if (at != file->map + file->size)
		return animed_fail(err, "%s: %zu bytes after the last tensor", file->path,
				   (size_t)(file->map + file->size - at));
	return 0;
}

static int parse_tensors(struct st_file *file, size_t begin, struct animed_error *err)
{
	const char *name;
	json_t *entry, *metadata = json_object_get(file->header, "__metadata__");

	if (metadata && !json_is_object(metadata))
		return animed_fail(err, "%s: __metadata__ is not a map", file->path);
	json_object_foreach(metadata, name, entry)
	{
		if (!json_is_string(entry))
			return animed_fail(err, "%s: metadata %s: not text", file->path, name);
	}
	file->tensors = calloc(json_object_size(file->header) + 1, sizeof *file->tensors);
	if (!file->tensors)
		return animed_fail(err, "%s: out of memory", file->path);
	json_object_foreach(file->header, name, entry)
	{
		if (strcmp(name, "__metadata__") == 0)
			continue;
		if (parse_tensor(file, name, entry, begin, &file->tensors[file->n], err) < 0)
			return -1;
		file->n++;
	}
	return check_tiling(file, begin, err);
}

/* A float is NaN or Inf when all bits of its exponent are set.  The loops have no early exit, so that the compiler
 * vectorises them: a model of 100 MB is checked in the time that reading it takes. */
static bool finite32(const uint32_t *bits, size_t n)
{
	uint32_t bad = 0;

	for (size_t i = 0; i < n; i++)
		bad |= (bits[i] & 0x7f800000u) == 0x7f800000u;
	return !bad;
}

static bool finite64(const uint64_t *bits, size_t n)
{
	uint64_t bad = 0;

	for (size_t i = 0; i < n; i++)
		bad |= (bits[i] & 0x7ff0000000000000u) == 0x7ff0000000000000u;
	return !bad;
}

static int check_finite(const struct st_file *file, const struct st_tensor *tensor, struct animed_error *err)
{
	const size_t n = (size_t)(tensor->bytes / st_dtype_size(tensor->dtype));
	size_t at = 0;

	if (tensor->dtype == ST_F32) {
		if (finite32(tensor->data, n))
			return 0;
		while (finite32((const uint32_t *)tensor->data + at, 1))
			at++;
	} else if (tensor->dtype == ST_F64) {
		if (finite64(tensor->data, n))
			return 0;
		while (finite64((const uint64_t *)tensor->data + at, 1))
			at++;
	} else {
		return 0;
	}
	return animed_fail(err, "%s: tensor %s: element %zu is NaN or infinite", file->path, tensor->name, at);
}

/* Map the file and check all but the values. */
static int peek_fd(int fd, const char *path, struct st_file **out, struct animed_error *err)
{
	struct st_file *file = calloc(1, sizeof *file);
	size_t begin;
	int status;

	*out = NULL;
	if (!file)
		return animed_fail(err, "%s: out of memory", path);
	file->path = path;
	status = map_file(file, fd, err);
	if (status == 0)
		status = parse_header(file, &begin, err);
	if (status == 0)
		status = parse_tensors(file, begin, err);
	if (status == 0)
		*out = file;
	else
		st_close(file);
	return status;
}

int st_open_fd(int fd, const char *path, struct st_file **out, struct animed_error *err)
{
	int status = peek_fd(fd, path, out, err);

	for (size_t i = 0; status == 0 && i < (*out)->n; i++)
		status = check_finite(*out, &(*out)->tensors[i], err);
	if (status < 0) {
		st_close(*out);
		*out = NULL;
	}
	return status;
}

static int open_path(const char *path, int (*open_fd)(int, const char *, struct st_file **, struct animed_error *),
		     struct st_file **out, struct animed_error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	*out = NULL;
	if (fd < 0)
		return animed_fail(err, "%s: cannot open: %s", path, strerror(errno));
	const int status = open_fd(fd, path, out, err);
	(void)close(fd);
	return status;
}

int st_open(const char *path, struct st_file **out, struct animed_error *err)
{
	return open_path(path, st_open_fd, out, err);
}

int st_peek(const char *path, struct st_file **out, struct animed_error *err)
{
	return open_path(path, peek_fd, out, err);
}

void st_close(struct st_file *file)
{
	if (!file)
		return;
	if (file->map)
		(void)munmap(file->map, file->size);
	json_decref(file->header);
	free(file->tensors);
	free(file);
}

void st_let_go(const struct st_file *file)
{
	(void)madvise(file->map, file->size, MADV_DONTNEED); /* a private mapping that is never written to */
}

const struct st_tensor *st_find(const struct st_file *file, const char *name)
{
	for (size_t i = 0; i < file->n; i++) {
		if (strcmp(file->tensors[i].name, name) == 0)
			return &file->tensors[i];
	}
	return NULL;
}

const char *st_metadata(const struct st_file *file, const char *key)
{
	return json_string_value(json_object_get(json_object_get(file->header, "__metadata__"), key));
}

size_t st_tensors(const struct st_file *file, const struct st_tensor **tensors)
{
	*tensors = file->tensors;
	return file->n;
}

size_t st_size(const struct st_file *file)
{
	return file->size;
}
