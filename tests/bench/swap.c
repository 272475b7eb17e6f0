/* swap.c - the load test of reloads: clients ask without pause while the model under them is swapped.
 *
 *   check_swap | bench_swap [CLIENTS SWAPS ITEMS FACTORS]
 *
 * Every reply is checked: it is no error, its version was current at some time between the sending of the request and
 * the receipt of the reply, and its content is what the model of this version answers, which no other model does.  The
 * test also fails where the daemon's resident memory grows from the tenth swap to the last.  It prints how long clients
 * waited without swaps and during them, and does not judge that, since it depends on other load on the machine. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <msgpack.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "places.h"
#include "slow.h"
#include "store/store.h"
#include "swap_models.h"
#include "temporary.h"
#include "wire/rpc.h"

/* bench_swap makes a long run, check_swap a short one, and check_swap with a sanitizer an even shorter one. */
#ifdef LONG_RUN
enum { LONG = 1 };
#else
enum { LONG = 0 };
#endif

enum { MAX_CLIENTS = 256, REPLY = 65536, MOST_WAIT = 1 << 20 };

/* How long clients waited for their replies: counts[t] replies took t microseconds. */
struct waits {
	uint32_t counts[MOST_WAIT];
	size_t n;
};

/* One connection with one request at a time. */
struct client {
	int fd;
	unsigned query; /* the query that it sent last */
	unsigned swap;  /* the last swap that was confirmed before it sent that */
	double sent;    /* seconds */
	size_t n;       /* bytes of the reply so far */
	char reply[REPLY];
};

struct load {
	struct swap_models models;
	char dir[TEMPORARY_PATH], socket[96], store[96];
	pid_t daemon;
	unsigned n_clients;
	struct client clients[MAX_CLIENTS];
	int control;
	unsigned asked, confirmed; /* numbers of swaps; swap s makes model s % SWAP_MODELS current */
	uint32_t next_query;
	unsigned long replies;
	struct waits *waits; /* of the current phase; NULL: waits are not counted */
};

static double now(void)
{
	struct timespec time;

	(void)clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* ---- the daemon ---- */

static void configure(const struct load *load, char *path, size_t size)
{
	(void)snprintf(path, size, "%s/animed.yaml", load->dir);
	FILE *out = fopen(path, "we");
	if (!out)
		swap_die("%s: %s", path, strerror(errno));
	(void)fprintf(out,
		      "socket: %s\nmodels: %s\nplugins: %s/plugins\nlog: warning\n"
		      "gate: {overlap: 0}\nstore: {keep: 100}\nqueries: {shrink: 0}\n"
		      "pipeline:\n  source: {plugin: csv, ratings: {path: none}, items: {path: none}}\n"
		      "  model: {plugin: plain}\n  similarity: {plugin: cosine}\n",
		      load->socket, load->store, BUILDDIR);
	(void)fclose(out);
}

static int try_connect(const struct load *load)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	memcpy(address.sun_path, load->socket, strlen(load->socket));
	if (fd >= 0 && connect(fd, (const struct sockaddr *)&address, sizeof address) == 0)
		return fd;
	(void)close(fd);
	return -1;
}

static void start_daemon(struct load *load)
{
	char path[128], option[] = "-c", name[] = "animed", ready[64];
	char *const args[] = {name, option, path, NULL};
	int notify = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	configure(load, path, sizeof path);
	(void)snprintf(address.sun_path, sizeof address.sun_path, "%s/notify", load->dir);
	if (notify < 0 || bind(notify, (const struct sockaddr *)&address, sizeof address) < 0)
		swap_die("cannot make the socket for the daemon's readiness: %s", strerror(errno));
	(void)setenv("NOTIFY_SOCKET", address.sun_path, 1);
	load->daemon = fork();
	if (load->daemon == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		(void)execv(BUILDDIR "/animed", args);
		_exit(127);
	}
	for (unsigned second = 0;; second++) {
		struct pollfd descriptor = {.fd = notify, .events = POLLIN};
		if (second == 60)
			swap_die("the daemon is not ready after a minute");
		if (poll(&descriptor, 1, 1000) > 0 && recv(notify, ready, sizeof ready, 0) >= 7 &&
		    memcmp(ready, "READY=1", 7) == 0)
			break;
		if (waitpid(load->daemon, NULL, WNOHANG) != 0)
			swap_die("the daemon ended before it was ready");
	}
	(void)close(notify);
}

/* Resident bytes of the daemon. */
static double resident(const struct load *load)
{
	char path[64];
	long size, pages = 0;

	(void)snprintf(path, sizeof path, "/proc/%ld/statm", (long)load->daemon);
	FILE *in = fopen(path, "re");
	if (!in || fscanf(in, "%ld %ld", &size, &pages) != 2)
		swap_die("%s cannot be read", path);
	(void)fclose(in);
	return (double)pages * (double)sysconf(_SC_PAGESIZE);
}

/* ---- requests ---- */

static void send_all(int fd, const msgpack_sbuffer *out)
{
	for (size_t sent = 0; sent < out->size;) {
		ssize_t n = send(fd, out->data + sent, out->size - sent, MSG_NOSIGNAL);
		if (n <= 0)
			swap_die("cannot send: %s", strerror(errno));
		sent += (size_t)n;
	}
}

static void ask(struct load *load, struct client *client)
{
	msgpack_sbuffer out;
	msgpack_packer packer;

	client->query = load->next_query++ % SWAP_QUERIES;
	client->swap = load->confirmed;
	client->n = 0;
	msgpack_sbuffer_init(&out);
	msgpack_packer_init(&packer, &out, msgpack_sbuffer_write);
	rpc_pack_request(&packer, client->query, "similar");
	(void)msgpack_pack_array(&packer, 1);
	(void)msgpack_pack_int64(&packer, load->models.ids[client->query]);
	client->sent = now();
	send_all(client->fd, &out);
	msgpack_sbuffer_destroy(&out);
}

/* Have the daemon serve the next model: by turns with a rollback, and with a new `current` and a reload. */
static void ask_swap(struct load *load)
{
	const unsigned swap = ++load->asked;
	const uint64_t version = swap % SWAP_MODELS + 1;
	struct animed_error err;
	msgpack_sbuffer out;
	msgpack_packer packer;
	uint64_t keeper;

	msgpack_sbuffer_init(&out);
	msgpack_packer_init(&packer, &out, msgpack_sbuffer_write);
	if (swap % 2) {
		rpc_pack_request(&packer, swap, "rollback");
		(void)msgpack_pack_array(&packer, 1);
		(void)msgpack_pack_uint64(&packer, version);
	} else {
		if (store_switch(load->store, version, STORE_BY_HAND, &keeper, &err) != 0)
			swap_die("%s", err.text);
		rpc_pack_request(&packer, swap, "reload");
		(void)msgpack_pack_array(&packer, 0);
	}
	send_all(load->control, &out);
	msgpack_sbuffer_destroy(&out);
}

/* ---- replies ---- */

/* The result of a reply; NULL where the reply is not complete.  Ends the program where the reply is an error. */
static const msgpack_object *result_of(const char *bytes, size_t n, msgpack_unpacked *unpacked)
{
	size_t end = 0;

	switch (msgpack_unpack_next(unpacked, bytes, n, &end)) {
	case MSGPACK_UNPACK_CONTINUE:
		return NULL;
	case MSGPACK_UNPACK_SUCCESS:
		break;
	default:
		swap_die("what came is no MessagePack");
	}
	const msgpack_object_array *message = &unpacked->data.via.array;
	if (unpacked->data.type != MSGPACK_OBJECT_ARRAY || message->size != 4 || end != n)
		swap_die("what came is no reply");
	if (message->ptr[2].type != MSGPACK_OBJECT_NIL) {
		struct rpc_error err;
		rpc_decode_error(&message->ptr[2], &err);
		swap_die("a request failed: %s", err.text);
	}
	return &message->ptr[3];
}

static void check(struct load *load, const struct client *client, const msgpack_object *result)
{
	const msgpack_object *model = rpc_map_get(result, "model"), *items = rpc_map_get(result, "items");
	unsigned swap = client->swap;

	if (!model || model->type != MSGPACK_OBJECT_POSITIVE_INTEGER || !items || items->type != MSGPACK_OBJECT_ARRAY)
		swap_die("a reply lacks its model or its items");
	while (swap <= load->asked && swap % SWAP_MODELS + 1 != model->via.u64)
		swap++;
	if (swap > load->asked)
		swap_die("version %lu answered a request that was sent after swap %u and answered before swap %u",
			 (unsigned long)model->via.u64, client->swap, load->asked + 1);
	if (items->via.array.size != SWAP_ANSWERS)
		swap_die("%u items instead of %d", items->via.array.size, SWAP_ANSWERS);
	for (size_t i = 0; i < SWAP_ANSWERS; i++) {
		const msgpack_object *id = rpc_map_get(&items->via.array.ptr[i], "id");
		if (!id || id->via.i64 != load->models.answers[model->via.u64 - 1][client->query][i])
			swap_die("item %zu of query %u is not what version %lu has there", i, client->query,
				 (unsigned long)model->via.u64);
	}
}

static void note(struct waits *waits, double seconds)
{
	const double microseconds = seconds * 1e6;

	waits->counts[microseconds < MOST_WAIT ? (size_t)microseconds : MOST_WAIT - 1]++;
	waits->n++;
}

static void take(struct load *load, struct client *client)
{
	msgpack_unpacked unpacked;
	ssize_t n = recv(client->fd, client->reply + client->n, REPLY - client->n, 0);

	if (n <= 0)
		swap_die("a connection ended");
	client->n += (size_t)n;
	msgpack_unpacked_init(&unpacked);
	const double arrived = now();
	const msgpack_object *result = result_of(client->reply, client->n, &unpacked);
	if (result) {
		check(load, client, result);
		load->replies++;
		if (load->waits)
			note(load->waits, arrived - client->sent);
		ask(load, client);
	}
	msgpack_unpacked_destroy(&unpacked);
}

/* Receive more of the reply to a swap.  control->reply has what came so far. */
static void take_swap(struct load *load, struct client *control)
{
	msgpack_unpacked unpacked;
	ssize_t n = recv(load->control, control->reply + control->n, REPLY - control->n, 0);

	if (n <= 0)
		swap_die("the connection that swaps ended");
	control->n += (size_t)n;
	msgpack_unpacked_init(&unpacked);
	const msgpack_object *result = result_of(control->reply, control->n, &unpacked);
	if (result) {
		const msgpack_object *model = rpc_map_get(result, "model");
		if (!model || model->via.u64 != load->asked % SWAP_MODELS + 1)
			swap_die("swap %u did not happen", load->asked);
		load->confirmed = load->asked;
		control->n = 0;
	}
	msgpack_unpacked_destroy(&unpacked);
}

/* ---- phases ---- */

/* Wait until sockets can be read, and read each of them once. */
static void turn(struct load *load, struct client *control)
{
	struct pollfd descriptors[MAX_CLIENTS + 1];

	for (unsigned i = 0; i < load->n_clients; i++)
		descriptors[i] = (struct pollfd){.fd = load->clients[i].fd, .events = POLLIN};
	descriptors[load->n_clients] = (struct pollfd){.fd = load->control, .events = POLLIN};
	if (poll(descriptors, load->n_clients + 1, 60000) <= 0)
		swap_die("nothing came for a minute");
	if (descriptors[load->n_clients].revents)
		take_swap(load, control);
	for (unsigned i = 0; i < load->n_clients; i++) {
		if (descriptors[i].revents)
			take(load, &load->clients[i]);
	}
}

static int by_size(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The time in milliseconds that a share of `share` of all waits did not exceed. */
static double quantile(const struct waits *waits, double share)
{
	const size_t below = (size_t)(share * (double)waits->n);
	size_t at = 0, n = waits->counts[0];

	while (n < below)
		n += waits->counts[++at];
	return (double)(at + 1) / 1e3;
}

/* Print the waits.  Returns their p99 in milliseconds. */
static double show(const char *name, const struct waits *waits)
{
	const double p99 = quantile(waits, 0.99);

	(void)printf("%-13s %8zu replies, p50 %7.3f ms, p99 %7.3f ms, longest %7.3f ms\n", name, waits->n,
		     quantile(waits, 0.5), p99, quantile(waits, 1));
	return p99;
}

/* Run until the clients have received `n` more replies, and count their waits in `waits`. */
static void run_quietly(struct load *load, unsigned long n, struct waits *waits)
{
	const unsigned long until = load->replies + n;

	load->waits = waits;
	while (load->replies < until)
		turn(load, NULL);
}

/* The median of `n` values. */
static double median(double *values, size_t n)
{
	qsort(values, n, sizeof *values, by_size);
	return values[n / 2];
}

static void swap_models(struct load *load, unsigned swaps, double *memory)
{
	static struct client control;

	for (unsigned swap = 1; swap <= swaps; swap++) {
		const unsigned long before = load->replies;
		ask_swap(load);
		while (load->confirmed < swap)
			turn(load, &control);
		/* let the new model answer every client before the next swap */
		while (load->replies < before + 2UL * load->n_clients)
			turn(load, &control);
		memory[swap] = resident(load);
	}
}

static int check_memory(const double *memory, unsigned swaps)
{
	const unsigned n = swaps / 10 ? swaps / 10 : 1;
	double first[128], last[128];

	for (unsigned i = 0; i < n; i++) {
		first[i] = memory[swaps >= 20 ? 10 + i : i + 1];
		last[i] = memory[swaps - i];
	}
	const double before = median(first, n), after = median(last, n);
	/* memory that an allocator keeps for later use comes and goes */
	const double allowed = before * 1.1 + (4 << 20);
	(void)printf("resident      %.1f MB after the first swaps, %.1f MB after the last\n", before / 1e6,
		     after / 1e6);
	if (SLOW || after <= allowed) /* a sanitizer keeps freed memory to find faults */
		return EXIT_SUCCESS;
	(void)fprintf(stderr, "swap: resident memory grew from %.0f to %.0f bytes\n", before, after);
	return EXIT_FAILURE;
}

static void open_load(struct load *load, const struct swap_size *size)
{
	if (temporary_open("animed-swap-XXXXXX", load->dir) < 0)
		swap_die("%s: %s", load->dir, strerror(errno));
	(void)snprintf(load->socket, sizeof load->socket, "%s/run/animed.sock", load->dir);
	(void)snprintf(load->store, sizeof load->store, "%s/models", load->dir);
	swap_models_write(load->store, size, &load->models);
	start_daemon(load);
	load->control = try_connect(load);
	for (unsigned i = 0; i < load->n_clients; i++) {
		load->clients[i].fd = try_connect(load);
		if (load->control < 0 || load->clients[i].fd < 0)
			swap_die("cannot connect: %s", strerror(errno));
		ask(load, &load->clients[i]);
	}
}

static int close_load(struct load *load)
{
	int status = 0;

	(void)kill(load->daemon, SIGTERM);
	(void)waitpid(load->daemon, &status, 0);
	(void)temporary_close(load->dir);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return EXIT_SUCCESS;
	(void)fprintf(stderr, "swap: the daemon did not end well: status %d\n", status);
	return EXIT_FAILURE;
}

int main(int argc, char **argv)
{
	static struct load load;
	static struct waits quiet, busy;
	static double memory[100001];
	struct swap_size size = {.users = 100, .items = LONG ? 2000 : 200, .k = LONG ? 32 : 16};
	unsigned swaps = SLOW ? 10 : 100;
	const unsigned long settle = LONG ? 200000 : SLOW ? 500 : 2000;

	load.n_clients = LONG ? 64 : 16;
	if (argc > 4) {
		load.n_clients = (unsigned)atoi(argv[1]);
		swaps = (unsigned)atoi(argv[2]);
		size.items = (uint32_t)atoi(argv[3]);
		size.k = (uint32_t)atoi(argv[4]);
	}
	if (load.n_clients < 1 || load.n_clients > MAX_CLIENTS || swaps < 1 || swaps > 1000 ||
	    size.items < SWAP_QUERIES || size.k < 1)
		swap_die("1 to %d clients, 1 to 1000 swaps, at least %d items", MAX_CLIENTS, SWAP_QUERIES);
	open_load(&load, &size);
	run_quietly(&load, settle, NULL); /* fill the caches */
	/* measure without swaps before and after them, so that other load on the machine affects both */
	run_quietly(&load, settle, &quiet);
	load.waits = &busy;
	swap_models(&load, swaps, memory);
	run_quietly(&load, settle, &quiet);
	const double before = show("without swaps", &quiet), during = show("during swaps", &busy);
	(void)printf("%u clients, %u swaps, %u items of %u factors: no reply failed or was of a wrong version; p99 "
		     "during swaps is %.2f times that without\n",
		     load.n_clients, swaps, size.items, size.k, during / before);
	const int grown = check_memory(memory, swaps), ended = close_load(&load);
	return grown ? grown : ended;
}
