/* progress.h - the table of epochs of a training, as the notebook shows it.  The daemon shows it for a training in the
 * foreground, the client for one that it waits for. */
#ifndef PROTO_PROGRESS_H
#define PROTO_PROGRESS_H

#include <stdbool.h>
#include <stdio.h>

/* How far a run is. */
struct progress_now {
	int epoch;                              /* from 0 */
	int epochs;                             /* how many there will be */
	double fraction;                        /* how much of this epoch is done, 0..1 */
	bool epoch_done;                        /* the figures below are those of the finished epoch */
	double train_loss, valid_loss, seconds; /* a loss that is not known is NaN */
};

struct progress {
	FILE *out;
	bool terminal; /* a bar that moves is shown; else lines alone */
	bool begun;    /* the head of the table is printed */
	int drawn;     /* how many cells of a bar are on the screen; -1: there is none */
	char label[96];
};

void progress_init(struct progress *progress, FILE *out, bool terminal);

/* Print a line for a finished epoch, else, on a terminal, draw the bar. */
void progress_show(struct progress *progress, const struct progress_now *now);

/* Draw the bar alone, `fraction` (0..1) of it filled, with a label of at most 95 bytes before it. */
void progress_bar(struct progress *progress, const char *label, double fraction);

/* Wipe the bar off the screen, before something else is printed. */
void progress_clear(struct progress *progress);

#endif
