/* foreground.c - the host of a run at the command line. */
#include "config.h"

#include "train/foreground.h"

#include <unistd.h>

#include "base/log.h"

/* Set by the handler; the only state that a signal may touch. */
static volatile sig_atomic_t cancel;

static void on_signal(int number)
{
	(void)number;
	cancel = 1;
}

static bool host_cancelled(void *ctx)
{
	const struct run *run = ctx;

	return run_cancelled(run);
}

static void host_progress(void *ctx, const struct animed_progress *now)
{
	struct run *run = ctx;

	progress_show(&run->progress,
		      &(const struct progress_now){now->epoch, now->epochs, now->fraction, now->epoch_done,
						   now->train_loss, now->valid_loss, now->seconds});
	retrain_stream_progress(&run->stream, now);
}

static void host_log(void *ctx, enum animed_level level, const char *fmt, ...)
{
	struct run *run = ctx;
	va_list ap;

	progress_clear(&run->progress);
	va_start(ap, fmt);
	log_vwrite(level, fmt, ap);
	va_end(ap);
}

void run_begin(struct run *run, unsigned threads)
{
	struct sigaction act = {.sa_handler = on_signal};

	run->host = (struct animed_host){run, host_log, host_progress, host_cancelled, threads};
	run->stream = (struct retrain_stream){.fd = -1};
	progress_init(&run->progress, stderr, isatty(STDERR_FILENO));
	cancel = 0;
	(void)sigaction(SIGINT, &act, &run->old_int);
	(void)sigaction(SIGTERM, &act, &run->old_term);
}

void run_end(struct run *run)
{
	progress_clear(&run->progress);
	(void)sigaction(SIGINT, &run->old_int, NULL);
	(void)sigaction(SIGTERM, &run->old_term, NULL);
}

bool run_cancelled(const struct run *run)
{
	return cancel != 0 || run->stream.broken;
}

int run_load(struct run *run, const struct conf *conf, struct dataset **dataset, struct animed_error *err)
{
	if (dataset_load(&conf->source, &conf->dataset, &run->host, dataset, err) < 0)
		return -1;
	dataset_log_summary(*dataset, &run->host);
	return 0;
}
