/* neighbours.c - shares the work out to threads: the lists of some items at a time, the titles, the packed items. */
#include "config.h"

#include "neighbours.h"

#include <msgpack.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include <uv.h>

#include "fold.h"
#include "intern.h"
#include "model.h"
#include "query.h"
#include "reply.h"

/* Items whose lists are one task: enough for the plugin to go over its rows once for many. */
#define TASK_ITEMS 64u

/* Where of each franchise only one is kept, so many times the length of a list is asked for. */
#define FETCH 2

/* Between two looks at whether the work is still wanted. */
#define LOOK_EVERY 256u

/* The threads take what time the loop leaves them. */
#define NICENESS     10

#define NO_ROW       UINT32_MAX
#define MOST_THREADS 64u

struct meaning {
	uint32_t item;
	enum lookup_way way;
};

struct neighbours {
	const struct model *model;
	uint32_t length;         /* of each list */
	uint32_t *rows;          /* [items] place of the item's list, NO_ROW where it has none */
	uint32_t *counts;        /* [rows] */
	bool *cut;               /* [rows]: there may be more than the list has */
	enum sequels sequels;    /* which lists hold already */
	struct animed_hit *hits; /* [rows, length] */
	struct intern titles;
	struct meaning *meanings; /* [titles.names.n] */
	size_t meanings_room;
	msgpack_sbuffer packed;
	uint64_t *packed_offsets; /* [items + 1] */
};

/* The work while it goes on. */
struct work {
	struct neighbours *to;
	const struct animed_host *host;
	atomic_uint next; /* task: the packed items, the titles, then lists */
	uint32_t tasks;
	uv_mutex_t lock; /* of what follows */
	bool failed;
	struct animed_error err; /* of the first failure */
};

enum { TASK_PACK, TASK_TITLES, TASK_LISTS };

static bool is_wanted(const struct work *work)
{
	return !work->host->cancelled || !work->host->cancelled(work->host->ctx);
}

/* ---- packed items ---- */

struct sink {
	msgpack_sbuffer *buffer;
	bool broken; /* memory was short */
};

static int write_sink(void *data, const char *bytes, size_t length)
{
	struct sink *sink = data;

	if (length > 0 && msgpack_sbuffer_write(sink->buffer, bytes, length) != 0)
		sink->broken = true;
	return sink->broken ? -1 : 0;
}

static int pack_items(const struct work *work, struct animed_error *err)
{
	struct neighbours *to = work->to;
	const struct catalogue *catalogue = &to->model->file.catalogue;
	struct sink sink = {&to->packed, false};
	msgpack_packer packer;

	msgpack_packer_init(&packer, &sink, write_sink);
	for (uint32_t i = 0; i < catalogue->n; i++) {
		if (i % LOOK_EVERY == 0 && !is_wanted(work))
			return animed_fail(err, "cancelled");
		to->packed_offsets[i] = to->packed.size;
		if (to->rows[i] != NO_ROW)
			reply_item(&packer, catalogue, i);
	}
	to->packed_offsets[catalogue->n] = to->packed.size;
	return sink.broken ? animed_fail(err, "out of memory") : 0;
}

/* ---- titles ---- */

static int add_title(struct neighbours *to, struct text text)
{
	struct lookup_hit hits[8];
	size_t n = sizeof hits / sizeof *hits;
	enum lookup_way way;
	bool added;

	if (text.length == 0 ||
	    lookup_resolve(to->model->lookup, text.bytes, text.length, hits, &n, &way) != LOOKUP_FOUND)
		return 0;
	const uint32_t name = intern_add(&to->titles, text.bytes, text.length, &added);
	if (name == INTERN_NONE || grow((void **)&to->meanings, &to->meanings_room, name + 1, sizeof *to->meanings) < 0)
		return -1;
	to->meanings[name] = (struct meaning){hits[0].item, way};
	return 0;
}

/* Every title as it is written and as it is folded; how people type others is for the lookup. */
static int add_titles(const struct work *work, struct animed_error *err)
{
	const struct catalogue *catalogue = &work->to->model->file.catalogue;

	for (uint32_t i = 0; i < catalogue->n; i++) {
		const struct text title = strings_at(&catalogue->titles, i);
		if (i % LOOK_EVERY == 0 && !is_wanted(work))
			return animed_fail(err, "cancelled");
		if (work->to->rows[i] == NO_ROW || title.length == 0)
			continue;
		char *folded = fold_text(title.bytes, title.length);
		int status = add_title(work->to, title);
		if (status == 0 && folded)
			status = add_title(work->to, (struct text){folded, strlen(folded)});
		free(folded);
		if (status < 0)
			return animed_fail(err, "out of memory");
	}
	return 0;
}

/* ---- lists ---- */

/* One by one, with a plugin that has no way to do many at once. */
static void ask_each(const struct model *model, uint32_t first, uint32_t n, size_t limit, struct animed_hit *hits,
		     uint32_t *counts)
{
	for (uint32_t i = 0; i < n; i++) {
		const struct animed_query query = {.item = first + i, .mask = model->mask};
		counts[i] = (uint32_t)model->similarity->top_k(model->index, &query, limit, hits + i * limit);
	}
}

static int list_items(const struct neighbours *to, uint32_t first, struct animed_error *err)
{
	const struct model *model = to->model;
	const uint32_t items = model->file.factors.n_items;
	const uint32_t n = items - first < TASK_ITEMS ? items - first : TASK_ITEMS;
	const bool sequels = to->sequels == SEQUELS_SHOW;
	const size_t limit = sequels ? to->length : FETCH * (size_t)to->length;
	struct animed_hit *hits = malloc((size_t)n * limit * sizeof *hits);
	uint32_t counts[TASK_ITEMS];
	int status = 0;

	if (!hits)
		return animed_fail(err, "out of memory");
	if (model->similarity->neighbours)
		status = model->similarity->neighbours(model->index, first, n, model->mask, limit, hits, counts, err);
	else
		ask_each(model, first, n, limit, hits, counts);
	for (uint32_t i = 0; i < n && status == 0; i++) {
		const uint32_t row = to->rows[first + i];
		if (row == NO_ROW)
			continue;
		struct animed_hit *list = to->hits + (size_t)row * to->length;
		to->counts[row] = (uint32_t)query_keep_sequels(model, to->sequels, first + i, hits + i * limit,
							       counts[i], list, to->length);
		to->cut[row] = counts[i] == limit || to->counts[row] == to->length;
	}
	free(hits);
	return status;
}

/* ---- threads ---- */

static int do_task(const struct work *work, uint32_t task, struct animed_error *err)
{
	if (!is_wanted(work))
		return animed_fail(err, "cancelled");
	switch (task) {
	case TASK_PACK:
		return pack_items(work, err);
	case TASK_TITLES:
		return add_titles(work, err);
	default:
		return list_items(work->to, (task - TASK_LISTS) * TASK_ITEMS, err);
	}
}

static void work_off(void *arg)
{
	struct work *work = arg;
	struct animed_error err;

	(void)setpriority(PRIO_PROCESS, (id_t)gettid(), NICENESS); /* on Linux of this thread alone */
	for (uint32_t task; (task = atomic_fetch_add(&work->next, 1)) < work->tasks;) {
		if (do_task(work, task, &err) == 0)
			continue;
		uv_mutex_lock(&work->lock);
		if (!work->failed)
			work->err = err;
		work->failed = true;
		uv_mutex_unlock(&work->lock);
		atomic_store(&work->next, work->tasks); /* nothing is left for the others */
	}
}

/* Threads of their own, since a thread of the loop's pool would stay at the low priority. */
static int run_threads(struct work *work, struct animed_error *err)
{
	uv_thread_t threads[MOST_THREADS];
	const unsigned wanted = work->host->threads < MOST_THREADS ? work->host->threads : MOST_THREADS;
	unsigned n = 0;

	while (n < wanted && uv_thread_create(&threads[n], work_off, work) == 0)
		n++;
	for (unsigned t = 0; t < n; t++)
		(void)uv_thread_join(&threads[t]);
	if (n == 0)
		return animed_fail(err, "no thread could be started");
	if (work->failed) {
		*err = work->err;
		return -1;
	}
	return 0;
}

static int allocate(struct neighbours *to)
{
	const uint32_t items = to->model->file.factors.n_items;
	size_t rows = 0;

	msgpack_sbuffer_init(&to->packed);
	to->rows = malloc(items * sizeof *to->rows);
	to->packed_offsets = malloc(((size_t)items + 1) * sizeof *to->packed_offsets);
	if (!to->rows || !to->packed_offsets)
		return -1;
	for (uint32_t i = 0; i < items; i++)
		to->rows[i] = model_rated(to->model, i) ? (uint32_t)rows++ : NO_ROW;
	to->counts = calloc(rows + 1, sizeof *to->counts);
	to->cut = calloc(rows + 1, sizeof *to->cut);
	to->hits = malloc((rows * to->length + 1) * sizeof *to->hits);
	return to->counts && to->cut && to->hits ? 0 : -1;
}

int neighbours_build(const struct model *model, const struct conf *conf, const struct animed_host *host,
		     struct neighbours **out, struct animed_error *err)
{
	const uint32_t items = model->file.factors.n_items;
	struct neighbours *to;
	struct work work = {.host = host, .tasks = TASK_LISTS + (items + TASK_ITEMS - 1) / TASK_ITEMS};
	int status = -1;

	*out = NULL;
	/* with shrinkage the nearest are not those of the highest similarity */
	if (conf->neighbours == 0 || (conf->shrink > 0 && model->file.catalogue.counts))
		return 0;
	to = calloc(1, sizeof *to);
	if (!to || uv_mutex_init(&work.lock) < 0) {
		free(to);
		return animed_fail(err, "out of memory");
	}
	work.to = to;
	to->model = model;
	to->sequels = conf->sequels;
	to->length = conf->neighbours < items ? conf->neighbours : items;
	if (allocate(to) < 0)
		(void)animed_fail(err, "not enough memory for %u lists of %u neighbours", items, to->length);
	else
		status = run_threads(&work, err);
	uv_mutex_destroy(&work.lock);
	st_let_go(model->file.file);
	if (status == 0)
		*out = to;
	else
		neighbours_free(to);
	return status;
}

void neighbours_free(struct neighbours *neighbours)
{
	if (!neighbours)
		return;
	msgpack_sbuffer_destroy(&neighbours->packed);
	free(neighbours->packed_offsets);
	free(neighbours->meanings);
	intern_free(&neighbours->titles);
	free(neighbours->hits);
	free(neighbours->counts);
	free(neighbours->cut);
	free(neighbours->rows);
	free(neighbours);
}

/* ---- asking ---- */

const struct animed_hit *neighbours_of(const struct neighbours *neighbours, uint32_t item, size_t limit, size_t *n)
{
	const uint32_t row = neighbours->rows[item];

	*n = 0;
	if (row == NO_ROW)
		return NULL;
	const uint32_t count = neighbours->counts[row];
	if (limit > count && neighbours->cut[row])
		return NULL;
	*n = limit < count ? limit : count;
	return neighbours->hits + (size_t)row * neighbours->length;
}

bool neighbours_title(const struct neighbours *neighbours, const char *text, size_t length, uint32_t *item,
		      enum lookup_way *way)
{
	const uint32_t name = intern_find(&neighbours->titles, text, length);

	if (name == INTERN_NONE)
		return false;
	*item = neighbours->meanings[name].item;
	*way = neighbours->meanings[name].way;
	return true;
}

struct text neighbours_packed(const struct neighbours *neighbours, uint32_t item)
{
	const uint64_t *at = neighbours->packed_offsets + item;

	return (struct text){neighbours->packed.data + at[0], (size_t)(at[1] - at[0])};
}
