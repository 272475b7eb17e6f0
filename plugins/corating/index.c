/* index.c - checks what was learnt, and turns the rows of genres and words into inverted lists. */
#include "config.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "corating/corating.h"

/* Words of more than one synopsis in so many are not named, since they tell little: "all", "school", "who". */
#define TELLING 50u

/* Check that n + 1 offsets ascend from 0. */
static int check_offsets(const char *name, const uint64_t *offsets, uint64_t n, struct animed_error *err)
{
	if (offsets[0] != 0)
		return animed_fail(err, "the tensor \"%s\" must begin with 0", name);
	for (uint64_t i = 0; i < n; i++) {
		if (offsets[i] > offsets[i + 1])
			return animed_fail(err, "the tensor \"%s\" does not ascend at %" PRIu64, name, i);
	}
	return 0;
}

static int check_columns(const struct features_tensors *source, const struct postings *p, struct animed_error *err)
{
	for (uint32_t i = 0; i < p->rows; i++) {
		for (uint64_t at = p->offsets[i]; at < p->offsets[i + 1]; at++) {
			if (p->columns[at] >= p->n_columns)
				return animed_fail(err, "the tensor \"%s\" has number %u in row %u, of %u",
						   source->columns, p->columns[at], i, p->n_columns);
			if (at > p->offsets[i] && p->columns[at] <= p->columns[at - 1])
				return animed_fail(err, "the tensor \"%s\" does not ascend in row %u", source->columns,
						   i);
		}
	}
	return 0;
}

/* Find offsets of a number of rows that nobody knows, as U64 [n + 1].  *n becomes that number. */
static int find_counted(const struct animed_tensors *tensors, const char *name, uint32_t *n, const uint64_t **offsets,
			struct animed_error *err)
{
	const void *data;
	uint64_t length = 1;

	for (size_t t = 0; t < tensors->n; t++) {
		if (strcmp(tensors->at[t].name, name) == 0)
			length = tensors->at[t].n;
	}
	if (length < 1 || length > UINT32_MAX)
		return animed_fail(err, "the tensor \"%s\" has %" PRIu64 " values", name, length);
	if (sparse_rows_find(tensors, name, ANIMED_U64, length, &data, err) < 0 ||
	    check_offsets(name, data, length - 1, err) < 0)
		return -1;
	*n = (uint32_t)(length - 1);
	*offsets = data;
	return 0;
}

/* Check that the names are UTF-8, since explanations send them. */
static int check_names(const struct features_tensors *source, const struct animed_strings *names, uint32_t n,
		       struct animed_error *err)
{
	utf8proc_int32_t codepoint;

	for (uint32_t i = 0; i < n; i++) {
		uint64_t at = names->offsets[i];
		while (at < names->offsets[i + 1]) {
			const utf8proc_ssize_t size =
			    utf8proc_iterate((const utf8proc_uint8_t *)names->bytes + at,
					     (utf8proc_ssize_t)(names->offsets[i + 1] - at), &codepoint);
			if (size <= 0)
				return animed_fail(err, "the tensor \"%s\" is not UTF-8 in name %u", source->bytes, i);
			at += (uint64_t)size;
		}
	}
	return 0;
}

static int read_names(const struct animed_tensors *tensors, const struct features_tensors *source, uint32_t n,
		      struct corating_names *names, struct animed_error *err)
{
	struct postings *p = &names->postings;
	const void *offsets, *columns, *values, *bytes;

	if (find_counted(tensors, source->name_offsets, &p->n_columns, &names->names.offsets, err) < 0 ||
	    sparse_rows_find(tensors, source->bytes, ANIMED_U8, names->names.offsets[p->n_columns], &bytes, err) < 0 ||
	    sparse_rows_find(tensors, source->offsets, ANIMED_U64, (uint64_t)n + 1, &offsets, err) < 0 ||
	    check_offsets(source->offsets, offsets, n, err) < 0)
		return -1;
	names->names.bytes = bytes;
	p->rows = n;
	p->offsets = offsets;
	if (sparse_rows_find(tensors, source->columns, ANIMED_U32, p->offsets[n], &columns, err) < 0 ||
	    sparse_rows_find(tensors, source->values, ANIMED_F32, p->offsets[n], &values, err) < 0)
		return -1;
	p->columns = columns;
	p->values = values;
	if (sparse_rows_within(source->values, p->values, p->offsets[n], 0, err) < 0 ||
	    check_names(source, &names->names, p->n_columns, err) < 0)
		return -1;
	if (check_columns(source, p, err) < 0)
		return -1;
	return postings_make(p, err);
}

static int read_floats(const struct animed_tensors *tensors, const char *name, uint32_t n, const float **values,
		       struct animed_error *err)
{
	const void *data;

	if (sparse_rows_find(tensors, name, ANIMED_F32, n, &data, err) < 0)
		return -1;
	*values = data;
	return sparse_rows_within(name, data, n, 0, err);
}

static int read_learnt(struct corating *c, const struct animed_tensors *learnt, struct animed_error *err)
{
	if (sparse_rows_read(&c->partial, learnt, c->n, err) < 0 ||
	    read_floats(learnt, "ratings", c->n, &c->ratings, err) < 0 ||
	    read_floats(learnt, "content", c->n, &c->content, err) < 0 ||
	    read_floats(learnt, "known", c->n, &c->known, err) < 0 ||
	    read_names(learnt, &genres_tensors, c->n, &c->genres, err) < 0 ||
	    read_names(learnt, &words_tensors, c->n, &c->words, err) < 0)
		return -1;
	return 0;
}

/* Every word is in two synopses at least, so that a bound of two leaves some to name where there are few synopses. */
static uint64_t telling_bound(const struct postings *words)
{
	uint64_t synopses = 0;

	for (uint32_t i = 0; i < words->rows; i++)
		synopses += words->offsets[i + 1] > words->offsets[i];
	return synopses / TELLING > 2 ? synopses / TELLING : 2;
}

int corating_open(const struct animed_value *values, const struct animed_similarity_input *input,
		  const struct animed_host *host, void **index, struct animed_error *err)
{
	struct corating *c = calloc(1, sizeof *c);

	(void)values;
	(void)host;
	*index = NULL;
	if (!c)
		return animed_fail(err, "out of memory");
	c->n = input->items.n;
	c->ids = input->items.ids;
	if (read_learnt(c, &input->learnt, err) < 0) {
		corating_close(c);
		return -1;
	}
	c->telling = telling_bound(&c->words.postings);
	*index = c;
	return 0;
}

void corating_close(void *index)
{
	struct corating *c = index;

	if (!c)
		return;
	postings_free(&c->genres.postings);
	postings_free(&c->words.postings);
	free(c);
}
