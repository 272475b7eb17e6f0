/* retrain-child.h - the process of a training.
 *
 * The process runs this same program.  What it reports goes to callbacks on the loop's thread, and what it logs goes
 * into the daemon's log. */
#ifndef ANIMED_RETRAIN_CHILD_H
#define ANIMED_RETRAIN_CHILD_H

#include <uv.h>

#include "config/conf.h"
#include "train/progress-stream.h"

struct retrain_child;

struct retrain_child_calls {
	/* The process has sent a message. */
	void (*told)(void *ctx, const struct progress_message *message);
	/* Messages of the process are lost, and none is told from here on.  `why` is a constant string. */
	void (*lost)(void *ctx, const char *why);
	/* The process has ended, and the struct is freed after this call.  `last_error` is the last error that it
	 * logged; where it logged none, its last line, or "". */
	void (*ended)(void *ctx, int64_t exit_status, int signal, const char *last_error);
};

/* Start a training with the configuration `conf`.  The struct is freed after calls->ended.  On failure returns NULL and
 * fills err. */
struct retrain_child *retrain_child_start(const struct conf *conf, uv_loop_t *loop,
					  const struct retrain_child_calls *calls, void *ctx, struct animed_error *err);

long retrain_child_pid(const struct retrain_child *child);

void retrain_child_kill(struct retrain_child *child, int signal);

#endif
