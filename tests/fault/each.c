/* each.c - runs a piece of work in a new process for each n, and collects what went wrong. */
#include "config.h"

#include "each.h"

#include <check.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fault.h"

/* Stop after this many wrong attempts, since more of them say nothing new. */
enum { MOST_WRONG = 20 };

/* How often an attempt is made at most while it leaves blocks. */
enum { AGAIN = 10 };

void each_wrong(struct attempt *attempt, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (!*attempt->wrong)
		(void)vsnprintf(attempt->wrong, sizeof attempt->wrong, fmt, ap);
	va_end(ap);
}

void each_lost(struct attempt *attempt)
{
	attempt->lost = fault_live() - attempt->live;
}

bool each_says_memory(const char *text)
{
	return strcasestr(text, "memory") != NULL;
}

static void begin(struct attempt *attempt, const void *ctx)
{
	*attempt = (struct attempt){.ctx = ctx, .live = fault_live()};
}

/* Make one attempt in a process of its own. */
static void run_once(struct attempt *attempt, void (*work)(struct attempt *attempt), const void *ctx, uint64_t n,
		     uint64_t row)
{
	int status = 0;
	pid_t ended;

	begin(attempt, ctx);
	const pid_t child = fork();
	if (child == 0) {
		fault_arm(n, row);
		work(attempt);
		_exit(0);
	}
	/* allocate nothing until the process has ended: the account is shared, so this process would fail too */
	while ((ended = waitpid(child, &status, 0)) < 0 && errno == EINTR)
		;
	(void)fault_disarm();
	ck_assert(child > 0 && ended == child);
	if (WIFSIGNALED(status))
		each_wrong(attempt, "signal %d", WTERMSIG(status));
	else if (WEXITSTATUS(status) != 0)
		each_wrong(attempt, "exit status %d", WEXITSTATUS(status));
}

/* Make an attempt, and repeat it while it leaves blocks.  Returns whether nothing is wrong. */
static bool run(struct attempt *attempt, void (*work)(struct attempt *attempt), const void *ctx, uint64_t n,
		uint64_t row)
{
	int times = 0;

	do
		run_once(attempt, work, ctx, n, row);
	while (!*attempt->wrong && attempt->lost != 0 && ++times < AGAIN);
	if (attempt->lost != 0)
		each_wrong(attempt, "%jd blocks lost", (intmax_t)attempt->lost);
	return !*attempt->wrong;
}

void each(const char *what, void (*work)(struct attempt *attempt), const void *ctx, uint64_t row, uint64_t dense,
	  uint64_t step)
{
	struct attempt *attempt =
	    mmap(NULL, sizeof *attempt, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	uint64_t n, tried = 0;
	int wrong = 0;

	ck_assert(attempt != MAP_FAILED);
	for (int i = 0; i < 2; i++) { /* allocate what is allocated once and then kept */
		begin(attempt, ctx);
		fault_arm(0, 0);
		work(attempt);
	}
	ck_assert_msg(!*attempt->wrong, "%s: without a fault: %s", what, attempt->wrong);
	for (n = 1; wrong < MOST_WRONG; n += n < dense ? 1 : step) {
		tried++;
		if (!run(attempt, work, ctx, n, row)) {
			(void)printf("%s: allocation %ju, %ju in a row: %s\n", what, (uintmax_t)n, (uintmax_t)row,
				     attempt->wrong);
			fault_print(stdout);
			wrong++;
		}
		if (!fault_struck())
			break;
	}
	(void)printf("   %s: %ju allocations, %ju tried, ", what, (uintmax_t)n - 1, (uintmax_t)tried - 1);
	(void)(row == UINT64_MAX ? printf("all that follow fail\n") : printf("%ju in a row\n", (uintmax_t)row));
	(void)fflush(stdout);
	ck_assert_msg(wrong == 0, "%s: wrong for %d of %ju allocations", what, wrong, (uintmax_t)tried);
	(void)munmap(attempt, sizeof *attempt);
}
