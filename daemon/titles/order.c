/* order.c - sorts strings by their first eight bytes as one number, and compares the rest only where these are equal. */
#include "config.h"

#include "titles/order.h"

#include <endian.h>
#include <stdlib.h>

struct entry {
	uint64_t head; /* the first bytes, the first of them the most significant; 0 behind the end */
	uint32_t number;
};

static uint64_t head_of(struct text text)
{
	uint64_t head = 0;

	memcpy(&head, text.bytes, text.length < sizeof head ? text.length : sizeof head);
	return be64toh(head);
}

static int compare(const void *a, const void *b, void *strings)
{
	const struct entry *x = a, *y = b;

	if (x->head != y->head)
		return x->head < y->head ? -1 : 1;
	const int order = text_compare(strings_at(strings, x->number), strings_at(strings, y->number));
	return order ? order : (x->number > y->number) - (x->number < y->number);
}

uint32_t *order_strings(struct animed_strings strings, uint32_t n)
{
	struct entry *entries = malloc((n + 1U) * sizeof *entries);
	uint32_t *order = malloc((n + 1U) * sizeof *order);

	if (!entries || !order) {
		free(entries);
		free(order);
		return NULL;
	}
	for (uint32_t i = 0; i < n; i++)
		entries[i] = (struct entry){head_of(strings_at(&strings, i)), i};
	if (n > 0)
		qsort_r(entries, n, sizeof *entries, compare, &strings);
	for (uint32_t i = 0; i < n; i++)
		order[i] = entries[i].number;
	free(entries);
	return order;
}
