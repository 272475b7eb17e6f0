/* bench_serve.c - compares animed with redis-server and with a bare echo server on libuv, all on Unix sockets.
 *
 *   bench_serve [-r REDIS_SOCKET] [-c ANIMECTL] [-C REDIS_CLI] [-s SECONDS] SCRATCH ANIMED_SOCKET < TITLES
 *
 * asks animed `similar` for each title, stores each answer in Redis under its title, and lets the echo server send as
 * many bytes as the mean answer has.  Then all of them are asked in the same way, by turns in many short rounds, so
 * that other load on the machine affects all.  Of each figure the best round is shown, of each ratio the median of all
 * rounds.  With -c and -C whole client processes are compared too. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "echo.h"
#include "load.h"
#include "wire/frame.h"
#include "wire/rpc.h"

enum { MOST_TITLES = 1000, ROUNDS = 25, SPAWNS = 200, MOST_REPLY = 1 << 20 };

enum { ECHO, REDIS, ANIMED, TARGETS };

struct options {
	const char *scratch, *animed, *redis, *animectl, *redis_cli;
	double seconds;
};

static const struct mode {
	const char *name;
	unsigned clients, pipeline;
	bool latency; /* compare the median latency; else the rate */
} modes[] = {
    {"1 client, one request at a time", 1, 1, true},
    {"50 clients, one request at a time", 50, 1, false},
    {"50 clients, 16 requests at a time", 50, 16, false},
};

enum { MODES = sizeof modes / sizeof *modes };

extern char **environ;

static void *allocate(size_t n, size_t size)
{
	void *memory = calloc(n, size);

	if (!memory)
		load_die("out of memory");
	return memory;
}

/* ---- what is asked ---- */

static void pack_similar(struct load_call *call, const char *title)
{
	msgpack_sbuffer out;
	msgpack_packer packer;

	msgpack_sbuffer_init(&out);
	msgpack_packer_init(&packer, &out, msgpack_sbuffer_write);
	rpc_pack_request(&packer, 1, "similar");
	(void)msgpack_pack_array(&packer, 1);
	rpc_pack_str(&packer, title);
	call->request_size = out.size;
	call->request = out.data;
}

/* Send the request and read the response.  Returns false where it is an error. */
static bool ask_animed(int fd, struct load_call *call, char *reply)
{
	struct frame_scanner scanner;

	load_send(fd, call->request, call->request_size);
	frame_scanner_init(&scanner, &(struct frame_limits){.bytes = MOST_REPLY, .elements = 1 << 16, .depth = 16});
	call->reply_size = 0;
	while (frame_scan(&scanner, reply, call->reply_size) == FRAME_MORE) {
		ssize_t n = read(fd, reply + call->reply_size, MOST_REPLY - call->reply_size);
		if (n <= 0)
			load_die("animed hung up");
		call->reply_size += (size_t)n;
	}
	call->mark = reply[0];
	return call->reply_size > 4 && reply[3] == (char)0xc0; /* the error is nil */
}

static struct load_call redis_call(const char *verb, const char *key, const void *value, size_t size)
{
	struct load_call call = {.request = allocate(1, strlen(key) + size + 128)};
	int used = sprintf(call.request, "*%d\r\n$3\r\n%s\r\n$%zu\r\n%s\r\n", value ? 3 : 2, verb, strlen(key), key);

	if (value) {
		used += sprintf(call.request + used, "$%zu\r\n", size);
		memcpy(call.request + used, value, size);
		used += (int)size;
		used += sprintf(call.request + used, "\r\n");
	}
	call.request_size = (size_t)used;
	return call;
}

/* Set `key` to the value in Redis, and check that it comes back.  Returns the call that gets it. */
static struct load_call fill_redis(int fd, const char *key, const char *value, size_t size)
{
	struct load_call set = redis_call("SET", key, value, size), get = redis_call("GET", key, NULL, 0);
	char head[32], *back = allocate(size + 64, 1);
	const size_t head_size = (size_t)sprintf(head, "$%zu\r\n", size);

	load_send(fd, set.request, set.request_size);
	load_receive(fd, back, 5);
	if (memcmp(back, "+OK\r\n", 5) != 0)
		load_die("redis did not take the value of %s", key);
	get.reply_size = head_size + size + 2;
	get.mark = '$';
	load_send(fd, get.request, get.request_size);
	load_receive(fd, back, get.reply_size);
	if (memcmp(back, head, head_size) != 0 || memcmp(back + head_size, value, size) != 0)
		load_die("redis does not give back the value of %s", key);
	free(back);
	free(set.request);
	return get;
}

/* Read titles from standard input.  Each title that animed answers becomes a call of animed and a call of Redis. */
static void make_calls(const struct options *options, struct load_target targets[TARGETS], char **first)
{
	char *reply = allocate(MOST_REPLY, 1), *title = NULL;
	int animed = load_connect(options->animed), redis = options->redis ? load_connect(options->redis) : -1;
	struct load_target *to = &targets[ANIMED];
	size_t room = 0;

	to->calls = allocate(MOST_TITLES, sizeof *to->calls);
	targets[REDIS].calls = allocate(MOST_TITLES, sizeof *to->calls);
	while (to->n < MOST_TITLES && getline(&title, &room, stdin) > 0) {
		title[strcspn(title, "\n")] = '\0';
		pack_similar(&to->calls[to->n], title);
		if (!ask_animed(animed, &to->calls[to->n], reply)) {
			free(to->calls[to->n].request);
			continue;
		}
		if (redis >= 0)
			targets[REDIS].calls[targets[REDIS].n++] =
			    fill_redis(redis, title, reply, to->calls[to->n].reply_size);
		if (!*first)
			*first = strdup(title);
		to->n++;
	}
	if (to->n == 0)
		load_die("animed answered none of the titles");
	free(title);
	free(reply);
	close(animed);
	if (redis >= 0)
		close(redis);
}

static void start_echo(const struct options *options, struct load_target targets[TARGETS], char *socket, size_t size)
{
	const struct load_target *like = &targets[ANIMED];
	struct load_call *call = targets[ECHO].calls = allocate(1, sizeof *call);
	int ready[2];
	char byte;

	for (size_t i = 0; i < like->n; i++) {
		call->request_size += like->calls[i].request_size;
		call->reply_size += like->calls[i].reply_size;
	}
	call->request_size /= like->n;
	call->reply_size /= like->n;
	call->request = allocate(call->request_size, 1);
	targets[ECHO].n = 1;
	targets[ECHO].socket = socket;
	(void)snprintf(socket, size, "%s/echo.sock", options->scratch);
	if (pipe(ready) < 0)
		load_die("pipe: %s", strerror(errno));
	(void)fflush(NULL);
	pid_t child = fork();
	if (child == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		echo_serve(socket, call->request_size, call->reply_size, ready[1]);
	}
	close(ready[1]);
	if (child < 0 || read(ready[0], &byte, 1) != 1)
		load_die("the echo server did not start");
	close(ready[0]);
	(void)printf("%zu titles; in the mean %zu bytes asked, %zu bytes answered\n", like->n, call->request_size,
		     call->reply_size);
}

/* ---- the loop ---- */

struct figures {
	struct load_result best;
	double counted[ROUNDS]; /* the latency or the rate of each round, as the mode says */
};

static void keep(struct figures *figures, const struct mode *mode, int round, struct load_result now)
{
	struct load_result *best = &figures->best;

	figures->counted[round] = mode->latency ? now.p50 : now.rate;
	if (round == 0 || now.p50 < best->p50)
		best->p50 = now.p50;
	if (round == 0 || now.p99 < best->p99)
		best->p99 = now.p99;
	if (now.rate > best->rate)
		best->rate = now.rate;
}

/* The median of the ratios of all rounds.  Other load during a round affects both figures of its ratio. */
static double ratio(const struct figures *a, const struct figures *b)
{
	double ratios[ROUNDS];

	for (int round = 0; round < ROUNDS; round++)
		ratios[round] = a->counted[round] / b->counted[round];
	load_sort(ratios, ROUNDS);
	return load_quantile(ratios, ROUNDS, 0.5);
}

static void run_mode(const struct options *options, const struct mode *mode, const struct load_target *targets)
{
	static struct figures figures[TARGETS];

	for (int round = 0; round < ROUNDS; round++) {
		for (int t = 0; t < TARGETS; t++) {
			if (targets[t].n > 0)
				keep(&figures[t], mode, round,
				     load_run(&targets[t], mode->clients, mode->pipeline, options->seconds));
		}
	}
	(void)printf("\n%s\n%-8s %10s %10s %12s %10s %10s\n", mode->name, "", "p50 us", "p99 us", "requests/s",
		     mode->latency ? "p50/echo" : "rate/echo", mode->latency ? "p50/redis" : "rate/redis");
	for (int t = 0; t < TARGETS; t++) {
		if (targets[t].n == 0)
			continue;
		(void)printf("%-8s %10.1f %10.1f %12.0f %10.2f", targets[t].name, figures[t].best.p50 * 1e6,
			     figures[t].best.p99 * 1e6, figures[t].best.rate, ratio(&figures[t], &figures[ECHO]));
		if (targets[REDIS].n > 0)
			(void)printf(" %10.2f", ratio(&figures[t], &figures[REDIS]));
		(void)printf("\n");
	}
}

/* ---- whole processes ---- */

/* Run a program and discard its output.  Returns the seconds from its start to its end. */
static double run_program(char *const argv[])
{
	posix_spawn_file_actions_t actions;
	int status;
	pid_t pid;

	(void)posix_spawn_file_actions_init(&actions);
	(void)posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	const double begun = load_now();
	if (posix_spawn(&pid, argv[0], &actions, NULL, argv, environ) != 0)
		load_die("%s cannot be started", argv[0]);
	if (waitpid(pid, &status, 0) != pid || status != 0)
		load_die("%s failed", argv[0]);
	const double took = load_now() - begun;
	(void)posix_spawn_file_actions_destroy(&actions);
	return took;
}

static void run_programs(const struct options *options, char *title)
{
	char *ctl[] = {(char *)(uintptr_t)options->animectl, (char *)"similar", title, NULL};
	char *cli[] = {(char *)(uintptr_t)options->redis_cli,
		       (char *)"-s",
		       (char *)(uintptr_t)options->redis,
		       (char *)"GET",
		       title,
		       NULL};
	char *nothing[] = {(char *)"/bin/true", NULL};
	double took[3][SPAWNS];

	if (setenv("ANIMED_SOCK", options->animed, 1) < 0)
		load_die("out of memory");
	for (int i = 0; i < SPAWNS; i++) {
		took[0][i] = run_program(nothing);
		took[1][i] = run_program(cli);
		took[2][i] = run_program(ctl);
	}
	for (int p = 0; p < 3; p++)
		load_sort(took[p], SPAWNS);
	const double redis = load_quantile(took[1], SPAWNS, 0.5);
	static const char *const names[] = {"true", "redis-cli GET", "animectl similar"};
	(void)printf("\nwhole processes, %d of each by turns\n%-18s %10s %10s %10s\n", SPAWNS, "", "p50 us", "p99 us",
		     "p50/redis");
	for (int p = 0; p < 3; p++)
		(void)printf("%-18s %10.0f %10.0f %10.2f\n", names[p], load_quantile(took[p], SPAWNS, 0.5) * 1e6,
			     load_quantile(took[p], SPAWNS, 0.99) * 1e6, load_quantile(took[p], SPAWNS, 0.5) / redis);
}

static struct options parse(int argc, char **argv)
{
	struct options options = {.seconds = 0.1};
	int option;

	while ((option = getopt(argc, argv, "r:c:C:s:")) != -1) {
		switch (option) {
		case 'r':
			options.redis = optarg;
			break;
		case 'c':
			options.animectl = optarg;
			break;
		case 'C':
			options.redis_cli = optarg;
			break;
		case 's':
			options.seconds = strtod(optarg, NULL);
			break;
		default:
			exit(2);
		}
	}
	if (argc - optind != 2 || !(options.seconds > 0))
		load_die("see the head of %s for the arguments", __FILE__);
	options.scratch = argv[optind];
	options.animed = argv[optind + 1];
	return options;
}

int main(int argc, char **argv)
{
	const struct options options = parse(argc, argv);
	struct load_target targets[TARGETS] = {
	    [ECHO] = {.name = "echo"},
	    [REDIS] = {.name = "redis", .socket = options.redis},
	    [ANIMED] = {.name = "animed", .socket = options.animed},
	};
	char socket[256], *title = NULL;

	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	make_calls(&options, targets, &title);
	start_echo(&options, targets, socket, sizeof socket);
	for (int m = 0; m < MODES; m++)
		run_mode(&options, &modes[m], targets);
	if (options.redis && options.redis_cli && options.animectl)
		run_programs(&options, title);
	return EXIT_SUCCESS;
}
