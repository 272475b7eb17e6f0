/* load.c - clients on epoll, each of which asks again when it has its replies.  A single client blocks in read()
 * instead, as a simple client does. */
#include "config.h"

#include "load.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define READ_SIZE 262144

struct client {
	int fd;
	size_t at;      /* the next call */
	size_t missing; /* bytes of replies that are still to come */
	char mark;      /* with which the replies begin; 0: it was checked */
	double sent;
};

struct load {
	const struct load_target *target;
	unsigned pipeline;
	char *out; /* room for `pipeline` requests */
	char *in;  /* [READ_SIZE] */
	double *latencies;
	size_t n, room;
};

void load_die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)fputs("bench: ", stderr);
	(void)vfprintf(stderr, fmt, ap);
	(void)fputc('\n', stderr);
	va_end(ap);
	exit(EXIT_FAILURE);
}

double load_now(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static int compare(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

void load_sort(double *values, size_t n)
{
	qsort(values, n, sizeof *values, compare);
}

double load_quantile(const double *sorted, size_t n, double share)
{
	const size_t at = (size_t)(share * (double)n);

	return n == 0 ? 0 : sorted[at < n ? at : n - 1];
}

int load_connect(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (strlen(path) >= sizeof address.sun_path)
		load_die("%s: too long for a socket", path);
	memcpy(address.sun_path, path, strlen(path));
	if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof address) < 0)
		load_die("%s: %s", path, strerror(errno));
	return fd;
}

void load_send(int fd, const void *bytes, size_t size)
{
	for (const char *at = bytes; size > 0;) {
		ssize_t n = send(fd, at, size, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			load_die("send: %s", strerror(errno));
		at += n;
		size -= (size_t)n;
	}
}

static size_t receive_some(int fd, void *bytes, size_t size)
{
	ssize_t n;

	do
		n = read(fd, bytes, size);
	while (n < 0 && errno == EINTR);
	if (n <= 0)
		load_die("the server hung up: %s", n < 0 ? strerror(errno) : "end of stream");
	return (size_t)n;
}

void load_receive(int fd, void *bytes, size_t size)
{
	for (char *at = bytes; size > 0;) {
		const size_t n = receive_some(fd, at, size);
		at += n;
		size -= n;
	}
}

static void client_ask(struct load *load, struct client *client)
{
	size_t size = 0;

	client->missing = 0;
	client->mark = load->target->calls[client->at].mark;
	for (unsigned i = 0; i < load->pipeline; i++) {
		const struct load_call *call = &load->target->calls[client->at];
		memcpy(load->out + size, call->request, call->request_size);
		size += call->request_size;
		client->missing += call->reply_size;
		client->at = (client->at + 1) % load->target->n;
	}
	client->sent = load_now();
	load_send(client->fd, load->out, size);
}

/* Take the bytes that have come.  When all replies are there, note how long that took, and ask again. */
static void client_take(struct load *load, struct client *client)
{
	const size_t n = receive_some(client->fd, load->in, READ_SIZE);

	if (client->mark && load->in[0] != client->mark)
		load_die("%s: a reply begins with the byte 0x%02x", load->target->name, (unsigned char)load->in[0]);
	client->mark = 0;
	if (n > client->missing)
		load_die("%s: %zu bytes more than the replies have", load->target->name, n - client->missing);
	client->missing -= n;
	if (client->missing > 0)
		return;
	if (load->n == load->room) {
		load->room = load->room ? load->room * 2 : 65536;
		load->latencies = realloc(load->latencies, load->room * sizeof *load->latencies);
		if (!load->latencies)
			load_die("out of memory");
	}
	load->latencies[load->n++] = load_now() - client->sent;
	client_ask(load, client);
}

static void run_one(struct load *load, struct client *client, double until)
{
	while (client->sent < until)
		client_take(load, client);
}

static void run_many(struct load *load, struct client *clients, unsigned n, double until)
{
	struct epoll_event events[64];
	int epoll = epoll_create1(EPOLL_CLOEXEC);

	for (unsigned i = 0; i < n; i++) {
		struct epoll_event event = {.events = EPOLLIN, .data.ptr = &clients[i]};
		if (epoll < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, clients[i].fd, &event) < 0)
			load_die("epoll: %s", strerror(errno));
	}
	while (load_now() < until) {
		int ready = epoll_wait(epoll, events, 64, 1000);
		for (int i = 0; i < ready; i++)
			client_take(load, events[i].data.ptr);
	}
	close(epoll);
}

struct load_result load_run(const struct load_target *target, unsigned clients, unsigned pipeline, double seconds)
{
	struct load load = {.target = target, .pipeline = pipeline, .in = malloc(READ_SIZE)};
	struct client *list = calloc(clients, sizeof *list);
	size_t largest = 0;

	for (size_t i = 0; i < target->n; i++)
		largest = target->calls[i].request_size > largest ? target->calls[i].request_size : largest;
	load.out = malloc(largest * pipeline);
	if (!load.in || !list || !load.out)
		load_die("out of memory");
	for (unsigned i = 0; i < clients; i++) {
		list[i].fd = load_connect(target->socket);
		list[i].at = i * 7919u % target->n; /* so that the clients do not all ask the same */
		client_ask(&load, &list[i]);
	}
	const double begun = load_now();
	if (clients == 1)
		run_one(&load, list, begun + seconds);
	else
		run_many(&load, list, clients, begun + seconds);
	const double took = load_now() - begun;
	load_sort(load.latencies, load.n);
	const struct load_result result = {(double)load.n * pipeline / took, load_quantile(load.latencies, load.n, 0.5),
					   load_quantile(load.latencies, load.n, 0.99)};
	for (unsigned i = 0; i < clients; i++)
		close(list[i].fd);
	free(list);
	free(load.in);
	free(load.out);
	free(load.latencies);
	return result;
}
