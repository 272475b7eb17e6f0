/* order.h - the byte order of many strings. */
#ifndef ANIMED_ORDER_H
#define ANIMED_ORDER_H

#include "base/text.h"

/* Returns a new array of the numbers of the n strings of a column in the byte order of the strings, equal ones by number.
 * The caller frees it with free().  Returns NULL where memory is short. */
uint32_t *order_strings(struct animed_strings strings, uint32_t n);

#endif
