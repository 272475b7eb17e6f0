/* served.h - the model that is served, and its shortlist.  They are swapped on the loop's thread, and freed in the
 * pool. */
#ifndef ANIMED_SERVED_H
#define ANIMED_SERVED_H

#include <stdatomic.h>
#include <uv.h>

#include "model/model.h"
#include "query/shortlist.h"

struct served {
	uv_loop_t *loop;
	struct model *model;         /* a reference; NULL: no model yet */
	struct shortlist *shortlist; /* of `model`; NULL: there is none, or not yet.  Only the loop's thread reads it */
	atomic_uint swaps;           /* how often the model was replaced; any thread may read it */
};

/* Serve `model`, which may be NULL.  Takes over the reference. */
void served_init(struct served *served, uv_loop_t *loop, struct model *model);

/* Serve `model` and its shortlist (NULL: none) from now on.  Takes over both.  Gives up the model and the shortlist
 * that were served; work that still reads the old model has references of its own. */
void served_swap(struct served *served, struct model *model, struct shortlist *shortlist);

/* Give up a reference to a model that is not served, and free its shortlist.  Each may be NULL. */
void served_discard(const struct served *served, struct model *model, struct shortlist *shortlist);

/* Free what is served, after the loop has ended. */
void served_close(struct served *served);

#endif
