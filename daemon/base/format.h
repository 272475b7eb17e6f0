/* format.h - writes numbers the way people read them. */
#ifndef ANIMED_FORMAT_H
#define ANIMED_FORMAT_H

#include <stdint.h>

enum { COUNT_SIZE = 32 };

/* Write 1234567 as "1,234,567", or as "1.2M" where there is little room.  Both return `out`. */
const char *format_count(uint64_t n, char out[COUNT_SIZE]);
const char *format_short(uint64_t n, char out[COUNT_SIZE]);

#endif
