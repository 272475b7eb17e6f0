/* host.c - the callbacks of quiet hosts and of relays. */
#include "config.h"

#include "base/host.h"

#include <stdio.h>

#include "base/log.h"

static void drop_progress(void *ctx, const struct animed_progress *now)
{
	(void)ctx;
	(void)now;
}

static bool never_cancelled(void *ctx)
{
	(void)ctx;
	return false;
}

struct animed_host host_quiet(unsigned threads)
{
	return (struct animed_host){NULL, log_host, drop_progress, never_cancelled, threads};
}

static void forward_log(void *ctx, enum animed_level level, const char *fmt, ...)
{
	const struct host_relay *relay = ctx;
	char line[2048]; /* log_vwrite() cuts lines at the same length */
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	relay->to->log(relay->to->ctx, level, "%s", line);
}

static void forward_progress(void *ctx, const struct animed_progress *now)
{
	const struct host_relay *relay = ctx;

	relay->to->progress(relay->to->ctx, now);
}

static bool forward_cancelled(void *ctx)
{
	const struct host_relay *relay = ctx;

	return relay->to->cancelled(relay->to->ctx);
}

void host_forward(struct host_relay *relay, const struct animed_host *to)
{
	relay->host = (struct animed_host){relay, forward_log, forward_progress, forward_cancelled, to->threads};
	relay->to = to;
}
