/* watch.h - sees when `current` or `pinned` in the store changes, and has the store looked at.
 *
 * Where the store's directory is missing, the nearest directory above it that is there is watched until it comes; its
 * parent is watched all the time, so that a directory put in its place is noticed. */
#ifndef ANIMED_WATCH_H
#define ANIMED_WATCH_H

#include <limits.h>
#include <uv.h>

#include "control/reload.h"

struct watch {
	const struct conf *conf;
	struct reload *reload;
	uv_fs_event_t store;    /* the directory itself, */
	uv_fs_event_t above;    /* and one above it */
	uv_timer_t settle;      /* a change is followed up when nothing more has come for a moment */
	uint64_t device, inode; /* of the directory that `store` watches; 0: none */
	bool active;
	char path[PATH_MAX]; /* of the store, without a slash at its end */
};

void watch_init(struct watch *watch, const struct conf *conf, uv_loop_t *loop, struct reload *reload);

/* Begin.  Where the system allows no watching that is logged, and reloads must be asked for. */
void watch_start(struct watch *watch);
void watch_stop(struct watch *watch);

#endif
