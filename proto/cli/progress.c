/* progress.c - draws the table of epochs and the bar below it. */
#include "config.h"

#include "cli/progress.h"

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

void progress_bar(struct progress *progress, const char *label, double fraction)
{
	static const char full[] = "########################################";
	const int cells = (int)(fmin(fmax(fraction, 0), 1) * BAR_CELLS);

	if (!progress->terminal || (cells == progress->drawn && strcmp(label, progress->label) == 0))
		return;
	(void)fprintf(progress->out, "\r%s [%.*s%*s] %3.0f%%\033[K", label, cells, full, BAR_CELLS - cells, "",
		      fraction * 100);
	(void)fflush(progress->out);
	progress->drawn = cells;
	(void)snprintf(progress->label, sizeof progress->label, "%s", label);
}

static void show_bar(struct progress *progress, const struct progress_now *now)
{
	char label[sizeof progress->label];

	(void)snprintf(label, sizeof label, "epoch %d/%d", now->epoch + 1, now->epochs);
	progress_bar(progress, label, now->fraction);
}

/* Write seconds as mm:ss, as the notebook has them, with hundredths below a minute. */
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
