/* json.h - results as JSON. */
#ifndef CLIENT_JSON_H
#define CLIENT_JSON_H

#include <stdio.h>

#include <msgpack.h>

/* Print `object` as indented JSON and a newline, keys in their order.  What JSON has not: bytes that are not UTF-8
 * become U+FFFD, keys that are not strings their JSON text, extension values null.  -1: out of memory, or `out` failed.
 */
int json_print(const msgpack_object *object, FILE *out);

/* The same on one line. */
int json_print_line(const msgpack_object *object, FILE *out);

#endif
