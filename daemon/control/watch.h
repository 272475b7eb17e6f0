/* watch.h - orders a reload when `current` or `pinned` in the store changes.
 *
 * Where the directory of the store is missing, the nearest existing directory above it is watched until it appears.
 * Its parent is watched all the time, so that another directory in its place is noticed. */
#ifndef ANIMED_WATCH_H
#define ANIMED_WATCH_H

#include <limits.h>
#include <uv.h>

#include "control/reload.h"

struct watch {
	const struct conf *conf;
	struct reload *reload;
	uv_fs_event_t store;    /* watches the directory of the store */
	uv_fs_event_t above;    /* watches a directory above it */
	uv_timer_t settle;      /* orders the reload after a moment without a further change */
	uint64_t device, inode; /* of the directory that `store` watches; 0: none */
	bool active;
	char path[PATH_MAX]; /* of the store, without a slash at its end */
};

void watch_init(struct watch *watch, const struct conf *conf, uv_loop_t *loop, struct reload *reload);

/* Begin to watch.  Where the system does not allow it, this is logged, and reloads must be asked for. */
void watch_start(struct watch *watch);
void watch_stop(struct watch *watch);

#endif
