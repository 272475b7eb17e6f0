/* progress.c - draws the table of epochs and the bar below it. */
#include "config.h"

#include "progress.h"

#include <math.h>
#include <string.h>

#define BAR_CELLS 40

void progress_init(struct progress *progress, FILE *out, bool terminal)
{
	*progress = (struct progress){.out = out, .terminal = terminal, .drawn = -1};
}

void progress_clear(struct progress *progress)
{
	if (progress->drawn >= 0)
		(void)fputs("\r\033[K", progress->out);
	progress->drawn = -1;
}

static void show_bar(struct progress *progress, const struct progress_now *now)
{
	static const char full[] = "########################################";
	const int cells = (int)(now->fraction * BAR_CELLS);

	if (!progress->terminal || cells == progress->drawn)
		return;
	(void)fprintf(progress->out, "\repoch %d/%d [%.*s%*s] %3.0f%%", now->epoch + 1, now->epochs, cells, full,
		      BAR_CELLS - cells, "", now->fraction * 100);
	(void)fflush(progress->out);
	progress->drawn = cells;
}

/* mm:ss as the notebook has it, with hundredths while an epoch takes less than a minute. */
static void format_time(double seconds, char *out, size_t size)
{
	if (seconds < 60)
		(void)snprintf(out, size, "%.2fs", seconds);
	else
		(void)snprintf(out, size, "%02.0f:%02.0f", floor(seconds / 60), fmod(floor(seconds), 60));
}

static void show_epoch(struct progress *progress, const struct progress_now *now)
{
	char time[32], valid[32] = "-";

	if (!progress->begun)
		(void)fprintf(progress->out, "%-8s%12s%12s%10s\n", "epoch", "train_loss", "valid_loss", "time");
	progress->begun = true;
	format_time(now->seconds, time, sizeof time);
	if (!isnan(now->valid_loss))
		(void)snprintf(valid, sizeof valid, "%.6f", now->valid_loss);
	(void)fprintf(progress->out, "%-8d%12.6f%12s%10s\n", now->epoch, now->train_loss, valid, time);
	(void)fflush(progress->out);
}

void progress_show(struct progress *progress, const struct progress_now *now)
{
	if (!now->epoch_done) {
		show_bar(progress, now);
		return;
	}
	progress_clear(progress);
	show_epoch(progress, now);
}
