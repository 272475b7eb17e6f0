/* served.c - swaps the served model, and frees models in the pool. */
#include "config.h"

#include "control/served.h"

#include <malloc.h>
#include <stdlib.h>

/* A model or a shortlist that is no longer used. */
struct retired {
	uv_work_t work;
	struct model *model;
	struct shortlist *shortlist;
};

static void dispose(uv_work_t *work)
{
	struct retired *retired = work->data;

	shortlist_free(retired->shortlist);
	if (retired->model)
		model_free(retired->model);
	/* give the memory of the index back to the system, instead of keeping it in an arena of this thread */
	(void)malloc_trim(0);
}

static void disposed(uv_work_t *work, int status)
{
	(void)status;
	free(work->data);
}

/* Free a model or a shortlist in the pool.  Unmapping and freeing a large model takes milliseconds, in which the loop
 * could not answer.  Where memory is short it is done here all the same. */
static void retire(uv_loop_t *loop, struct model *model, struct shortlist *shortlist)
{
	struct retired *retired = malloc(sizeof *retired);

	if (!retired) {
		shortlist_free(shortlist);
		if (model)
			model_free(model);
		return;
	}
	*retired = (struct retired){.model = model, .shortlist = shortlist};
	retired->work.data = retired;
	(void)uv_queue_work(loop, &retired->work, dispose, disposed); /* fails only without a work function */
}

static void retire_model(struct model *model, void *loop)
{
	retire(loop, model, NULL);
}

void served_init(struct served *served, uv_loop_t *loop, struct model *model)
{
	served->loop = loop;
	served->model = model;
	if (model)
		model->retire = (struct model_retire){retire_model, loop};
}

void served_swap(struct served *served, struct model *model, struct shortlist *shortlist)
{
	struct model *old_model = served->model;
	struct shortlist *old_shortlist = served->shortlist;

	model->retire = (struct model_retire){retire_model, served->loop};
	served->model = model;
	served->shortlist = shortlist;
	atomic_fetch_add(&served->swaps, 1);
	served_discard(served, old_model, old_shortlist);
}

void served_discard(const struct served *served, struct model *model, struct shortlist *shortlist)
{
	if (shortlist)
		retire(served->loop, NULL, shortlist);
	if (model)
		model->retire = (struct model_retire){retire_model, served->loop};
	model_unref(model);
}

void served_close(struct served *served)
{
	shortlist_free(served->shortlist);
	if (served->model)
		served->model->retire = (struct model_retire){NULL, NULL}; /* the loop has ended, so free it here */
	model_unref(served->model);
	served->shortlist = NULL;
	served->model = NULL;
}
