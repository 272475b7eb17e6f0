/* load.h - a load generator: clients that send requests over a Unix socket and wait for replies of known length. */
#ifndef BENCH_LOAD_H
#define BENCH_LOAD_H

#include <stddef.h>

/* A request and how many bytes its reply has; the reply begins with the byte `mark`. */
struct load_call {
	char *request;
	size_t request_size, reply_size;
	char mark;
};

/* A server, and the calls that each client makes one after the other. */
struct load_target {
	const char *name, *socket;
	struct load_call *calls;
	size_t n;
};

struct load_result {
	double rate;     /* requests a second */
	double p50, p99; /* seconds from the sending of `pipeline` requests to the last byte of their replies */
};

/* Run `clients` clients for `seconds`.  Each sends `pipeline` requests at a time and then waits for all replies.  Ends
 * the program with a message where something fails. */
struct load_result load_run(const struct load_target *target, unsigned clients, unsigned pipeline, double seconds);

/* Connect to the socket.  Reads and writes on the connection block. */
int load_connect(const char *socket);
void load_send(int fd, const void *bytes, size_t size);
/* Read exactly `size` bytes. */
void load_receive(int fd, void *bytes, size_t size);

/* Seconds of the monotonic clock. */
double load_now(void);

/* The value below which the share `share` of the sorted n values lies. */
double load_quantile(const double *sorted, size_t n, double share);
void load_sort(double *values, size_t n);

_Noreturn __attribute__((format(printf, 1, 2))) void load_die(const char *fmt, ...);

#endif
