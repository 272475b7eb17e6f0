/* shortlist.c - packs the items, then shares the work out to threads: the titles, the lists of some items at a time.
 */
#include "config.h"

#include "query/shortlist.h"

#include <msgpack.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <uv.h>

#include "base/background.h"
#include "model/model.h"
#include "query/query.h"
#include "query/reply.h"
#include "query/shortlist-titles.h"
#include "titles/casefold.h"

/* Items whose lists are one task: enough for the plugin to go over its rows once for many. */
#define TASK_ITEMS 64u

/* Where of each franchise only one is kept, so many times the length of a list is asked for. */
#define FETCH 2

/* Between two looks at whether the work is still wanted. */
#define LOOK_EVERY   256u

#define LARGE_PAGE   ((size_t)2 << 20)

#define NO_LIST      UINT32_MAX
#define MOST_THREADS 64u

/* The work while it goes on. */
struct work {
	struct neighbours *to;
	const struct animed_host *host;
	atomic_uint next; /* task: the titles, then lists */
	uint32_t tasks;
	uv_mutex_t lock; /* of what follows */
	bool failed;
	struct animed_error err; /* of the first failure */
};

enum { TASK_TITLES, TASK_LISTS };

static bool is_wanted(const struct animed_host *host)
{
	return !host->cancelled(host->ctx);
}

static struct near_list *list_at(const struct neighbours *neighbours, uint32_t place)
{
	return (void *)(neighbours->lists + place * neighbours->stride);
}

/* Memory that is looked at all over: on large pages, where there are any, fewer of the looks wait for an address too.
 */
static void *allocate_large(size_t size)
{
	const size_t whole = (size + LARGE_PAGE - 1) / LARGE_PAGE * LARGE_PAGE;
	void *memory = size < LARGE_PAGE / 2 ? malloc(size) : aligned_alloc(LARGE_PAGE, whole);

	if (memory && size >= LARGE_PAGE / 2)
		(void)madvise(memory, whole, MADV_HUGEPAGE);
	return memory;
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

/* Append the item, filled up so that the next one is aligned. */
static void pack_item(const struct model *model, uint32_t item, struct sink *sink)
{
	static const char filler[_Alignof(struct packed_item)] = {0};
	struct packed_item head = {.weight = model->weights ? model->weights[item] : 1};
	const size_t begin = sink->buffer->size;
	msgpack_packer packer;

	msgpack_packer_init(&packer, sink, write_sink);
	(void)write_sink(sink, (const char *)&head, sizeof head);
	reply_item(&packer, &model->file.catalogue, item);
	if (sink->broken)
		return;
	head.size = (uint32_t)(sink->buffer->size - begin - sizeof head);
	memcpy(sink->buffer->data + begin, &head, sizeof head);
	(void)write_sink(sink, filler, (0 - sink->buffer->size) % sizeof filler);
}

static int pack_items(struct neighbours *to, const struct animed_host *host, struct animed_error *err)
{
	const struct catalogue *catalogue = &to->model->file.catalogue;
	msgpack_sbuffer packed;
	struct sink sink = {&packed, false};

	msgpack_sbuffer_init(&packed);
	for (uint32_t i = 0; i < catalogue->n && !sink.broken; i++) {
		if (to->places[i] == NO_LIST)
			continue;
		if (i % LOOK_EVERY == 0 && !is_wanted(host))
			break;
		if (packed.size > UINT32_MAX)
			break;
		list_at(to, to->places[i])->packed = (uint32_t)packed.size;
		pack_item(to->model, i, &sink);
	}
	to->packed = sink.broken ? NULL : allocate_large(packed.size + 1);
	if (to->packed && packed.size > 0)
		memcpy(to->packed, packed.data, packed.size);
	msgpack_sbuffer_destroy(&packed);
	if (packed.size > UINT32_MAX)
		return animed_fail(err, "the items take more than 4 GB");
	if (!is_wanted(host))
		return animed_fail(err, "cancelled");
	return to->packed ? 0 : animed_fail(err, "out of memory");
}

/* ---- titles ---- */

static int add_title(struct neighbours *to, struct text text)
{
	struct lookup_hit hits[8];
	size_t n = sizeof hits / sizeof *hits;
	enum lookup_way way;

	const enum lookup_outcome outcome = lookup_resolve(to->model->lookup, text, hits, &n, &way);
	if (outcome == LOOKUP_NO_MEMORY)
		return -1;
	if (outcome != LOOKUP_FOUND || to->places[hits[0].item] == NO_LIST)
		return 0;
	return known_titles_add(to->titles, text, (struct known_title){hits[0].item, way});
}

/* Every title as it is written and as it is folded; how people type others is for the lookup. */
static int add_titles(const struct work *work, struct animed_error *err)
{
	struct neighbours *to = work->to;
	const struct catalogue *catalogue = &to->model->file.catalogue;

	for (uint32_t i = 0; i < catalogue->n; i++) {
		const struct text title = strings_at(&catalogue->titles, i);
		if (i % LOOK_EVERY == 0 && !is_wanted(work->host))
			return animed_fail(err, "cancelled");
		if (to->places[i] == NO_LIST || title.length == 0)
			continue;
		char *folded;
		int status = fold_text(title, &folded);
		if (status == 0)
			status = add_title(to, title);
		if (status == 0 && folded)
			status = add_title(to, text_of(folded));
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
		const struct animed_query query = {.item = first + i, .mask = model->mask, .weights = model->weights};
		counts[i] = (uint32_t)model->similarity->top_k(model->index, &query, limit, hits + i * limit);
	}
}

/* Make a list of what the plugin answered, which is all there is or, `cut`, may not be. */
static void fill_list(const struct neighbours *to, uint32_t item, const struct animed_hit *hits, uint32_t n, bool cut,
		      struct animed_hit *kept)
{
	struct near_list *list = list_at(to, to->places[item]);

	list->count = (uint32_t)query_keep_sequels(to->model, to->sequels, item, hits, n, kept, to->length);
	list->whole = !cut && list->count < to->length;
	for (uint32_t h = 0; h < list->count; h++)
		list->nearest[h] = (struct near){list_at(to, to->places[kept[h].item])->packed, kept[h].score};
}

static int list_items(const struct neighbours *to, uint32_t first, struct animed_error *err)
{
	const struct model *model = to->model;
	const uint32_t items = model->file.factors.n_items;
	const uint32_t n = items - first < TASK_ITEMS ? items - first : TASK_ITEMS;
	const size_t limit = to->sequels == SEQUELS_SHOW ? to->length : FETCH * (size_t)to->length;
	const struct animed_query query = {.mask = model->mask, .weights = model->weights};
	struct animed_hit *hits = malloc((n * limit + to->length) * sizeof *hits);
	uint32_t counts[TASK_ITEMS];
	int status = 0;

	if (!hits)
		return animed_fail(err, "out of memory");
	if (model->similarity->neighbours)
		status = model->similarity->neighbours(model->index, first, n, &query, limit, hits, counts, err);
	else
		ask_each(model, first, n, limit, hits, counts);
	for (uint32_t i = 0; i < n && status == 0; i++) {
		if (to->places[first + i] != NO_LIST)
			fill_list(to, first + i, hits + i * limit, counts[i], counts[i] == limit, hits + n * limit);
	}
	free(hits);
	return status;
}

/* ---- threads ---- */

static int do_task(const struct work *work, uint32_t task, struct animed_error *err)
{
	if (!is_wanted(work->host))
		return animed_fail(err, "cancelled");
	return task == TASK_TITLES ? add_titles(work, err)
				   : list_items(work->to, (task - TASK_LISTS) * TASK_ITEMS, err);
}

static void work_off(void *arg)
{
	struct work *work = arg;
	struct animed_error err;

	background_thread();
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
	uint32_t n = 0;

	to->stride = sizeof(struct near_list) + to->length * sizeof(struct near);
	to->titles = known_titles_new();
	to->places = malloc(items * sizeof *to->places);
	if (!to->titles || !to->places)
		return -1;
	for (uint32_t i = 0; i < items; i++)
		to->places[i] = model_rated(to->model, i) ? n++ : NO_LIST;
	to->lists = allocate_large(((size_t)n + 1) * to->stride);
	return to->lists ? 0 : -1;
}

static int fill(struct neighbours *to, const struct animed_host *host, struct animed_error *err)
{
	const uint32_t items = to->model->file.factors.n_items;
	struct work work = {.to = to, .host = host, .tasks = TASK_LISTS + (items + TASK_ITEMS - 1) / TASK_ITEMS};

	if (allocate(to) < 0)
		return animed_fail(err, "not enough memory for %u neighbours each of %u items", to->length, items);
	if (pack_items(to, host, err) < 0)
		return -1;
	if (uv_mutex_init(&work.lock) < 0)
		return animed_fail(err, "out of memory");
	const int status = run_threads(&work, err);
	uv_mutex_destroy(&work.lock);
	return status;
}

int neighbours_build(const struct model *model, const struct conf *conf, const struct animed_host *host,
		     struct neighbours **out, struct animed_error *err)
{
	const uint32_t items = model->file.factors.n_items;

	*out = NULL;
	if (conf->neighbours == 0)
		return 0;
	struct neighbours *to = calloc(1, sizeof *to);
	if (!to)
		return animed_fail(err, "out of memory");
	to->model = model;
	to->sequels = conf->sequels;
	to->length = conf->neighbours < items ? conf->neighbours : items;
	const int status = fill(to, host, err);
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
	known_titles_free(neighbours->titles);
	free(neighbours->packed);
	free(neighbours->lists);
	free(neighbours->places);
	free(neighbours);
}

/* ---- asking ---- */

const struct near_list *neighbours_of(const struct neighbours *neighbours, uint32_t item)
{
	const uint32_t place = neighbours->places[item];

	return place != NO_LIST ? list_at(neighbours, place) : NULL;
}

const struct near_list *neighbours_titled(const struct neighbours *neighbours, const char *text, size_t length,
					  enum lookup_way *way)
{
	struct known_title title;

	if (!known_titles_find(neighbours->titles, text, length, &title))
		return NULL;
	*way = title.way;
	return neighbours_of(neighbours, title.item);
}
