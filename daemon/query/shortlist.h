/* shortlist.h - what is computed of a model behind its back, so that the common question costs no more than copying
 * its answer: the list of the nearest items of every rated item, the bytes of every item as a reply shows it, and a
 * table of all titles as they are written.
 *
 * All of it only repeats what the ordinary way would find: lists are what the similarity plugin answers under the
 * model's mask and weights, with the sequels that the configuration wants, titles what lookup_resolve() says of them.
 *
 * An answer touches memory all over, where each look costs more than all that is done with what it finds.  So few of
 * them depend on each other: the table of titles leads to a list, and a list to the bytes. */
#ifndef ANIMED_NEIGHBOURS_H
#define ANIMED_NEIGHBOURS_H

#include "config/conf.h"
#include "titles/lookup.h"

struct model;

/* A neighbour: where its packed_item lies, and how similar it is. */
struct near {
	uint32_t packed;
	float similarity;
};

/* The nearest of an item, the best first. */
struct near_list {
	uint32_t packed; /* of the item itself */
	uint32_t count;
	bool whole; /* there are no more than these */
	struct near nearest[];
};

/* What reply_item() packs, and the item's weight in struct model. */
struct packed_item {
	uint32_t size;
	float weight;
	char bytes[];
};

struct neighbours {
	const struct model *model;
	enum sequels sequels; /* which lists hold already */
	uint32_t length;      /* of each list, the most there are */
	uint32_t *places;     /* [items] of the item's list in `lists`, in strides */
	char *lists;          /* of the rated items */
	size_t stride;        /* bytes from one struct near_list to the next */
	char *packed;         /* struct packed_item one after another */
	struct known_titles *titles;
};

/* Compute them on host->threads threads of low priority, and wait for these.  0 with *out NULL where the configuration
 * wants no lists; -1 with `err` where memory is short or the host has cancelled. */
int neighbours_build(const struct model *model, const struct conf *conf, const struct animed_host *host,
		     struct neighbours **out, struct animed_error *err);
void neighbours_free(struct neighbours *neighbours);

/* The list of an item; NULL where it has none, since it is not rated. */
const struct near_list *neighbours_of(const struct neighbours *neighbours, uint32_t item);

/* The list of what `text` means, and how that was found; NULL where it is not the title of a rated item as it is
 * written. */
const struct near_list *neighbours_titled(const struct neighbours *neighbours, const char *text, size_t length,
					  enum lookup_way *way);

/* Whether the list tells the `limit` nearest. */
static inline bool near_list_tells(const struct near_list *list, size_t limit)
{
	return limit <= list->count || list->whole;
}

static inline const struct packed_item *neighbours_packed(const struct neighbours *neighbours, uint32_t packed)
{
	return (const void *)(neighbours->packed + packed);
}

#endif
