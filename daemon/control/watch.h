/* watch.h - sees when `current` in the store changes, and has it reloaded.
 *
 * Where the store's directory is missing, the nearest directory above it that is there is watched until it comes; its
 * parent is watched all the time, so that a directory put in its place is noticed. */
#ifndef ANIMED_WATCH_H
#define ANIMED_WATCH_H

#include <limits.h>
#include <stdbool.h>
#include <uv.h>

struct server;

struct watch {
	uv_fs_event_t store;    /* the directory itself, */
	uv_fs_event_t above;    /* and one above it */
	uv_timer_t settle;      /* a change is followed up when nothing more has come for a moment */
	uint64_t device, inode; /* of the directory that `store` watches; 0: none */
	bool active;
	char path[PATH_MAX]; /* of the store, without a slash at its end */
};

/* -1: the loop could not take the handles. */
int watch_init(struct server *server);

/* Begin.  Where the system allows no watching that is logged, and reloads must be asked for. */
void watch_start(struct server *server);
void watch_stop(struct server *server);

#endif
