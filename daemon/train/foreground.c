/* foreground.c - the host of a command: progress and log go to standard error, SIGINT and SIGTERM cancel. */
#include "config.h"

#include "train/foreground.h"

#include <stdatomic.h>
#include <unistd.h>

#include "base/log.h"

/* Set by the handler, read by all threads of a training; the only state that a signal touches. */
static atomic_bool cancel;
_Static_assert(ATOMIC_BOOL_LOCK_FREE == 2, "a signal handler may touch lock-free atomics alone");

static void on_signal(int number)
{
	(void)number;
	atomic_store(&cancel, true);
}

static bool host_cancelled(void *ctx)
{
	const struct foreground *foreground = ctx;

	return foreground_cancelled(foreground);
}

static void host_progress(void *ctx, const struct animed_progress *now)
{
	struct foreground *foreground = ctx;

	progress_show(&foreground->progress,
		      &(const struct progress_now){now->epoch, now->epochs, now->fraction, now->epoch_done,
						   now->train_loss, now->valid_loss, now->seconds});
	progress_stream_tell(&foreground->stream, now);
}

static void host_log(void *ctx, enum animed_level level, const char *fmt, ...)
{
	struct foreground *foreground = ctx;
	va_list ap;

	progress_clear(&foreground->progress);
	va_start(ap, fmt);
	log_vwrite(level, fmt, ap);
	va_end(ap);
}

void foreground_begin(struct foreground *foreground, unsigned threads)
{
	struct sigaction act = {.sa_handler = on_signal};

	foreground->host = (struct animed_host){foreground, host_log, host_progress, host_cancelled, threads};
	foreground->stream = (struct progress_stream){.fd = -1};
	progress_init(&foreground->progress, stderr, isatty(STDERR_FILENO));
	atomic_store(&cancel, false);
	(void)sigaction(SIGINT, &act, &foreground->old_int);
	(void)sigaction(SIGTERM, &act, &foreground->old_term);
}

void foreground_end(struct foreground *foreground)
{
	progress_clear(&foreground->progress);
	(void)sigaction(SIGINT, &foreground->old_int, NULL);
	(void)sigaction(SIGTERM, &foreground->old_term, NULL);
}

bool foreground_cancelled(const struct foreground *foreground)
{
	return atomic_load(&cancel) || atomic_load(&foreground->stream.broken);
}

int foreground_load(struct foreground *foreground, const struct conf *conf, struct dataset **dataset,
		    struct animed_error *err)
{
	if (dataset_load(&conf->source, &conf->dataset, &foreground->host, dataset, err) < 0)
		return -1;
	dataset_log_summary(*dataset, &foreground->host);
	return 0;
}
