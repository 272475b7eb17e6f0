/* json.h - prints results as JSON. */
#ifndef CLIENT_JSON_H
#define CLIENT_JSON_H

#include <stdio.h>

#include <msgpack.h>

/* Print `object` as indented JSON and a newline, with keys in their order.  Of what JSON does not have, bytes that are
 * not UTF-8 become U+FFFD, keys that are not strings become their JSON text, and extension values become null.  Returns
 * -1 where writing to `out` failed.  Ends the program where memory is short. */
int json_print(const msgpack_object *object, FILE *out);

/* Print the same on one line. */
int json_print_line(const msgpack_object *object, FILE *out);

#endif
