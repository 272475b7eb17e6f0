/* format.h - writes large numbers the way people read them. */
#ifndef ANIMED_FORMAT_H
#define ANIMED_FORMAT_H

#include <stdint.h>

enum { COUNT_SIZE = 32, AMOUNT_SIZE = 64 };

/* format_count() writes 1234567 as "1,234,567", format_short() as "1.2M".  Both return `out`. */
const char *format_count(uint64_t n, char out[COUNT_SIZE]);
const char *format_short(uint64_t n, char out[COUNT_SIZE]);

/* Writes "1 row" and "1,234 rows" for the unit "row", which has at most 30 bytes.  Returns `out`. */
const char *format_amount(uint64_t n, const char *unit, char out[AMOUNT_SIZE]);

#endif
