/* safetensors-write.c - writes a container. */
#include "config.h"

#include <endian.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "data/safetensors.h"

#define HEADER_ALIGN 64u

/* Order by descending size of element, then name, so that every tensor begins at a multiple of its elements without
 * a gap. */
static int by_layout(const void *a, const void *b)
{
	const struct st_tensor *x = *(const struct st_tensor *const *)a, *y = *(const struct st_tensor *const *)b;
	const size_t xs = st_dtype_size(x->dtype), ys = st_dtype_size(y->dtype);

	if (xs != ys)
		return xs > ys ? -1 : 1;
	return strcmp(x->name, y->name);
}

static int write_all(int fd, const void *data, size_t size, struct animed_error *err)
{
	const char *at = data;

	while (size > 0) {
		ssize_t n = write(fd, at, size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return animed_fail(err, "cannot write: %s, with %zu bytes of this tensor to go",
					   strerror(errno), size);
		at += n;
		size -= (size_t)n;
	}
	return 0;
}

/* NULL: memory is short. */
static json_t *tensor_entry(const struct st_tensor *tensor, uint64_t begin)
{
	json_t *shape = json_array();
	int bad = 0;

	for (unsigned d = 0; d < tensor->rank; d++)
		bad |= json_array_append_new(shape, json_integer((json_int_t)tensor->shape[d]));
	if (bad) {
		json_decref(shape);
		return NULL;
	}
	return json_pack("{s:s, s:o, s:[I, I]}", "dtype", st_dtype_name(tensor->dtype), "shape", shape, "data_offsets",
			 (json_int_t)begin, (json_int_t)(begin + tensor->bytes));
}

/* Returns the header as compact JSON, metadata first; the caller frees it with free().  NULL: memory is short, or a
 * text is not UTF-8. */
static char *make_header(const struct st_tensor *const *order, size_t n, const struct st_pair *metadata,
			 size_t n_metadata)
{
	json_t *header = json_object(), *pairs = json_object();
	uint64_t at = 0;
	int bad = 0;

	for (size_t i = 0; i < n_metadata; i++)
		bad |= json_object_set_new(pairs, metadata[i].key, json_string(metadata[i].value));
	bad |= json_object_set_new(header, "__metadata__", pairs);
	for (size_t i = 0; i < n; i++) {
		bad |= json_object_set_new(header, order[i]->name, tensor_entry(order[i], at));
		at += order[i]->bytes;
	}
	char *text = bad ? NULL : json_text(header);
	json_decref(header);
	return text;
}

static int write_header(int fd, const char *text, struct animed_error *err)
{
	static const char spaces[HEADER_ALIGN + 1] = "                                                                ";
	const size_t length = strlen(text), padding = (HEADER_ALIGN - (8 + length) % HEADER_ALIGN) % HEADER_ALIGN;
	const uint64_t prefix = htole64(length + padding);

	if (write_all(fd, &prefix, sizeof prefix, err) < 0 || write_all(fd, text, length, err) < 0)
		return -1;
	return write_all(fd, spaces, padding, err);
}

int st_write(int fd, const struct st_tensor *tensors, size_t n, const struct st_pair *metadata, size_t n_metadata,
	     struct animed_error *err)
{
	const struct st_tensor **order = malloc((n + 1) * sizeof *order);
	char *header = NULL;
	int status = -1;

	if (!order)
		return animed_fail(err, "out of memory");
	for (size_t i = 0; i < n; i++)
		order[i] = &tensors[i];
	qsort(order, n, sizeof *order, by_layout);
	header = make_header(order, n, metadata, n_metadata);
	if (!header) {
		animed_fail(err, "cannot make the header: out of memory, or a text that is not UTF-8");
		goto out;
	}
	if (write_header(fd, header, err) < 0)
		goto out;
	for (size_t i = 0; i < n; i++) {
		if (write_all(fd, order[i]->data, (size_t)order[i]->bytes, err) < 0)
			goto out;
	}
	status = 0;
out:
	free(header);
	free(order);
	return status;
}
