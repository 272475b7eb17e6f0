/* progress.h - the table of epochs that a training run shows, as the notebook does; the daemon shows it for a training
 * in the foreground, the client for one that it waits for. */
#ifndef PROTO_PROGRESS_H
#define PROTO_PROGRESS_H

#include <stdbool.h>
#include <stdio.h>

/* How far a run is. */
struct progress_now {
	int epoch;                              /* from 0 */
	int epochs;                             /* how many there will be */
	double fraction;                        /* done of this epoch, 0..1 */
	bool epoch_done;                        /* the figures below are those of the finished epoch */
	double train_loss, valid_loss, seconds; /* a loss may be NaN: not known */
};

struct progress {
	FILE *out;
	bool terminal; /* show a bar that moves; else lines only */
	bool begun;    /* the head of the table is out */
	int drawn;     /* cells of the bar on the screen, -1: none */
	char label[96];
};

void progress_init(struct progress *progress, FILE *out, bool terminal);

/* A line for a finished epoch, else, on a terminal, the bar. */
void progress_show(struct progress *progress, const struct progress_now *now);

/* The bar alone, with a label of at most 95 bytes before it and `fraction` (0..1) of it filled. */
void progress_bar(struct progress *progress, const char *label, double fraction);

/* Wipe a bar that is on the screen, so that something else can be printed. */
void progress_clear(struct progress *progress);

#endif
