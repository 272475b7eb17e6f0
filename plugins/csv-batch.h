/* csv-batch.h - batches on their way to the sink. */
#ifndef PLUGINS_CSV_BATCH_H
#define PLUGINS_CSV_BATCH_H

#include "animed-plugin.h"

enum { BATCH_ROWS = 4096 };

/* A column of strings of a batch. */
struct batch_text {
	char *bytes;
	size_t room;
	uint64_t offsets[BATCH_ROWS + 1];
};

/* Append string number `row`; rows before it are there.  -1: out of memory. */
int batch_text_add(struct batch_text *text, size_t row, const char *bytes, size_t length);

static inline struct animed_strings batch_text_view(const struct batch_text *text)
{
	return (struct animed_strings){text->bytes ? text->bytes : "", text->offsets};
}

#endif
