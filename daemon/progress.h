/* progress.h - the table of epochs that a training run shows, as the notebook does. */
#ifndef ANIMED_PROGRESS_H
#define ANIMED_PROGRESS_H

#include "animed-plugin.h"

struct progress {
	FILE *out;
	bool terminal; /* show a bar that moves; else lines only */
	bool begun;    /* the head of the table is out */
	int drawn;     /* cells of the bar on the screen, -1: none */
};

void progress_init(struct progress *progress, FILE *out, bool terminal);

/* A line for a finished epoch, else, on a terminal, the bar. */
void progress_show(struct progress *progress, const struct animed_progress *now);

/* Wipe a bar that is on the screen, so that something else can be printed. */
void progress_clear(struct progress *progress);

#endif
