/* shortlist.c - builds a shortlist: packs the items, then adds the titles and computes the lists on several threads. */
#include "config.h"

#include "query/shortlist.h"

#include <msgpack.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/mask.h"
#include "kit/parallel.h"
#include "model/model.h"
#include "query/query.h"
#include "query/reply.h"
#include "query/shortlist-titles.h"
#include "titles/casefold.h"

/* Items whose lists are one task.  They are many enough for the plugin to read its rows once for several items. */
#define TASK_ITEMS 64u

/* How many times as many hits as a list holds are asked for if `sequels` may drop some of them. */
#define FETCH 2

/* How many items are handled before the host is asked again whether it cancels. */
#define LOOK_EVERY 256u

#define LARGE_PAGE ((size_t)2 << 20)

#define NO_LIST    UINT32_MAX

/* What the tasks work on. */
struct build {
	struct shortlist *to;
	const struct animed_host *host;
};

/* Task TASK_TITLES adds the titles; each task from TASK_LISTS on computes the lists of TASK_ITEMS items. */
enum { TASK_TITLES, TASK_LISTS };

static bool is_wanted(const struct animed_host *host)
{
	return !host->cancelled(host->ctx);
}

static struct shortlist_entry *entry_at(const struct shortlist *shortlist, uint32_t place)
{
	return (void *)(shortlist->entries + place * shortlist->stride);
}

/* Allocate memory that is read at random places, which the caller frees with free().  It is on large pages if the
 * system has any, since the processor then waits less often for the address of a page.  Returns NULL where memory is
 * short. */
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
	bool broken; /* memory was short, so that something is missing */
};

static int write_sink(void *data, const char *bytes, size_t length)
{
	struct sink *sink = data;

	if (length > 0 && msgpack_sbuffer_write(sink->buffer, bytes, length) != 0)
		sink->broken = true;
	return sink->broken ? -1 : 0;
}

/* Append the item, and bytes that align the next one. */
static void pack_item(const struct model *model, uint32_t item, struct sink *sink)
{
	static const char filler[_Alignof(struct shortlist_item)] = {0};
	struct shortlist_item head = {.weight = model->measures[0].weights ? model->measures[0].weights[item] : 1};
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

static int pack_items(struct shortlist *to, const struct animed_host *host, struct animed_error *err)
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
		entry_at(to, to->places[i])->packed = (uint32_t)packed.size;
		entry_at(to, to->places[i])->evidence = reply_evidence(catalogue, i);
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

static int add_title(struct shortlist *to, struct text text)
{
	struct lookup_hit hits[8];
	size_t n = sizeof hits / sizeof *hits;
	enum lookup_way way;

	const enum lookup_outcome outcome = lookup_resolve(to->model->lookup, text, hits, &n, &way);
	if (outcome == LOOKUP_NO_MEMORY)
		return -1;
	if (outcome != LOOKUP_FOUND || to->places[hits[0].item] == NO_LIST)
		return 0;
	return shortlist_titles_add(to->titles, text, (struct shortlist_title){hits[0].item, way});
}

/* Add every title of a rated item as it is written, and as it is folded.  Other texts that people type are left to the
 * lookup. */
static int add_titles(const struct build *build, struct animed_error *err)
{
	struct shortlist *to = build->to;
	const struct catalogue *catalogue = &to->model->file.catalogue;

	for (uint32_t i = 0; i < catalogue->n; i++) {
		const struct text title = strings_at(&catalogue->titles, i);
		if (i % LOOK_EVERY == 0 && !is_wanted(build->host))
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

/* Ask for each item by itself, of a plugin that does not have neighbours(). */
static int ask_each(const struct measure *measure, uint32_t first, uint32_t n, size_t limit, struct animed_hit *hits,
		    uint32_t *counts, struct animed_error *err)
{
	for (uint32_t i = 0; i < n; i++) {
		const struct animed_query query = {
		    .item = first + i, .mask = measure->mask, .weights = measure->weights};
		size_t found;
		if (measure->ops->top_k(measure->index, &query, limit, hits + i * limit, &found, err) < 0)
			return -1;
		counts[i] = (uint32_t)found;
	}
	return 0;
}

/* Make the list of an item from the n hits that the plugin found.  `cut` says that there may be more hits than these.
 * `kept` is scratch memory for to->length hits. */
static void fill_list(const struct shortlist *to, uint32_t item, const struct animed_hit *hits, uint32_t n, bool cut,
		      struct animed_hit *kept)
{
	struct shortlist_entry *entry = entry_at(to, to->places[item]);

	entry->count = (uint32_t)query_keep_sequels(to->model, to->sequels, item, hits, n, kept, to->length);
	entry->whole = !cut && entry->count < to->length;
	for (uint32_t h = 0; h < entry->count; h++)
		entry->nearest[h] =
		    (struct shortlist_hit){entry_at(to, to->places[kept[h].item])->packed, kept[h].score};
}

static int list_items(const struct shortlist *to, uint32_t first, struct animed_error *err)
{
	const struct measure *measure = &to->model->measures[0];
	const uint32_t items = to->model->file.factors.n_items;
	const uint32_t n = items - first < TASK_ITEMS ? items - first : TASK_ITEMS;
	const size_t limit = to->sequels == SEQUELS_SHOW ? to->length : FETCH * (size_t)to->length;
	const struct animed_query query = {.mask = measure->mask, .weights = measure->weights};
	struct animed_hit *hits = malloc((n * limit + to->length) * sizeof *hits);
	uint32_t counts[TASK_ITEMS];
	int status = 0;

	if (!hits)
		return animed_fail(err, "out of memory");
	if (measure->ops->neighbours)
		status = measure->ops->neighbours(measure->index, first, n, &query, limit, hits, counts, err);
	else
		status = ask_each(measure, first, n, limit, hits, counts, err);
	for (uint32_t i = 0; i < n && status == 0; i++) {
		if (to->places[first + i] != NO_LIST)
			fill_list(to, first + i, hits + i * limit, counts[i], counts[i] == limit, hits + n * limit);
	}
	free(hits);
	return status;
}

/* ---- building ---- */

static int do_task(void *ctx, size_t task, unsigned worker, struct animed_error *err)
{
	const struct build *build = ctx;

	(void)worker;
	if (!is_wanted(build->host))
		return animed_fail(err, "cancelled");
	return task == TASK_TITLES ? add_titles(build, err)
				   : list_items(build->to, (uint32_t)(task - TASK_LISTS) * TASK_ITEMS, err);
}

static int allocate(struct shortlist *to)
{
	const uint32_t items = to->model->file.factors.n_items;
	uint32_t n = 0;

	to->stride = sizeof(struct shortlist_entry) + to->length * sizeof(struct shortlist_hit);
	to->titles = shortlist_titles_new();
	to->places = malloc(items * sizeof *to->places);
	if (!to->titles || !to->places)
		return -1;
	for (uint32_t i = 0; i < items; i++)
		to->places[i] = mask_has(to->model->measures[0].known, i) ? n++ : NO_LIST;
	to->entries = allocate_large(((size_t)n + 1) * to->stride);
	return to->entries ? 0 : -1;
}

static int fill(struct shortlist *to, const struct animed_host *host, struct animed_error *err)
{
	const uint32_t items = to->model->file.factors.n_items;
	struct build build = {to, host};

	if (allocate(to) < 0)
		return animed_fail(err, "not enough memory for %u neighbours each of %u items", to->length, items);
	if (pack_items(to, host, err) < 0)
		return -1;
	return parallel_for(TASK_LISTS + (items + TASK_ITEMS - 1) / TASK_ITEMS, host->threads, do_task, &build, err);
}

int shortlist_build(const struct model *model, const struct conf *conf, const struct animed_host *host,
		    struct shortlist **out, struct animed_error *err)
{
	const uint32_t items = model->file.factors.n_items;

	*out = NULL;
	if (conf->neighbours == 0)
		return 0;
	struct shortlist *to = calloc(1, sizeof *to);
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
		shortlist_free(to);
	return status;
}

void shortlist_free(struct shortlist *shortlist)
{
	if (!shortlist)
		return;
	shortlist_titles_free(shortlist->titles);
	free(shortlist->packed);
	free(shortlist->entries);
	free(shortlist->places);
	free(shortlist);
}

/* ---- asking ---- */

const struct shortlist_entry *shortlist_of(const struct shortlist *shortlist, uint32_t item)
{
	const uint32_t place = shortlist->places[item];

	return place != NO_LIST ? entry_at(shortlist, place) : NULL;
}

const struct shortlist_entry *shortlist_titled(const struct shortlist *shortlist, const char *text, size_t length,
					       enum lookup_way *way)
{
	struct shortlist_title title;

	if (!shortlist_titles_find(shortlist->titles, text, length, &title))
		return NULL;
	*way = title.way;
	return shortlist_of(shortlist, title.item);
}
