/* echo.h - a server that does the least that one on libuv can do, to compare the daemon with. */
#ifndef BENCH_ECHO_H
#define BENCH_ECHO_H

#include <stddef.h>

/* Answer every `request_size` bytes with `reply_size` bytes on `socket`, until killed.  Writes a byte to the file
 * `ready` once it listens. */
_Noreturn void echo_serve(const char *socket, size_t request_size, size_t reply_size, int ready);

#endif
