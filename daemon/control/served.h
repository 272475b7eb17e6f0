/* served.h - the model that answers, and its shortlist.  Swapped on the loop's thread, freed off it. */
#ifndef ANIMED_SERVED_H
#define ANIMED_SERVED_H

#include <stdatomic.h>
#include <uv.h>

#include "model/model.h"
#include "query/shortlist.h"

struct served {
	uv_loop_t *loop;
	struct model *model;         /* NULL: none yet; a reference */
	struct shortlist *shortlist; /* of `model`; NULL: there is none, or not yet.  Only the loop's thread reads it */
	atomic_uint swaps;           /* how often the model was replaced; any thread may read it */
};

/* Serve `model`, which may be NULL; takes over the reference. */
void served_init(struct served *served, uv_loop_t *loop, struct model *model);

/* Serve `model` and its shortlist (NULL: none) from now on; takes over both.  Those that were served are let go: what
 * still uses the model has references of its own. */
void served_swap(struct served *served, struct model *model, struct shortlist *shortlist);

/* Let go of a model that is not served after all, and of its shortlist; each may be NULL. */
void served_discard(const struct served *served, struct model *model, struct shortlist *shortlist);

/* Free what is served, after the loop has ended. */
void served_close(struct served *served);

#endif
