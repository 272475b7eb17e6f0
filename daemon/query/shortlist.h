/* shortlist.h - what is computed of a model beforehand, so that the common question costs no more than copying its
 * answer: the list of the nearest items of every rated item, the bytes of every item as a reply shows it, and a table of
 * all titles as they are written.
 *
 * All of it only repeats what the general path would find: lists are what the similarity plugin answers under the
 * model's mask and weights, with the sequels that the configuration wants, titles what lookup_resolve() says of them.
 *
 * An answer touches memory all over, where each look costs more than all that is done with what it finds.  So few of
 * them depend on each other: the table of titles leads to an entry, and an entry to the bytes. */
#ifndef ANIMED_SHORTLIST_H
#define ANIMED_SHORTLIST_H

#include "config/conf.h"
#include "model/model.h"

/* A near item: where its shortlist_item lies, and how similar it is. */
struct shortlist_hit {
	uint32_t packed;
	float similarity;
};

/* The nearest of an item, the best first. */
struct shortlist_entry {
	uint32_t packed; /* of the item itself */
	uint32_t count;
	bool whole; /* there are no more than these */
	struct shortlist_hit nearest[];
};

/* What reply_item() packs, and the item's weight in struct model. */
struct shortlist_item {
	uint32_t size;
	float weight;
	char bytes[];
};

struct shortlist {
	const struct model *model; /* that it is of, which outlives it */
	enum sequels sequels;      /* which lists hold already */
	uint32_t length;           /* of each list, the most there are */
	uint32_t *places;          /* [items] of the item's entry in `entries`, in strides */
	char *entries;             /* of the rated items */
	size_t stride;             /* bytes from one struct shortlist_entry to the next */
	char *packed;              /* struct shortlist_item one after another */
	struct shortlist_titles *titles;
};

/* Compute the shortlist of a model on host->threads threads, this one among them.  *out is NULL where the configuration
 * wants no lists; the caller frees it with shortlist_free().  Returns 0.  On failure, where memory is short or the host
 * cancels, returns -1 and fills err. */
int shortlist_build(const struct model *model, const struct conf *conf, const struct animed_host *host,
		    struct shortlist **out, struct animed_error *err);
void shortlist_free(struct shortlist *shortlist);

/* The entry of an item; NULL where it has none, since it is not rated. */
const struct shortlist_entry *shortlist_of(const struct shortlist *shortlist, uint32_t item);

/* The entry of what `text` means, and how that was found; NULL where it is not the title of a rated item as it is
 * written. */
const struct shortlist_entry *shortlist_titled(const struct shortlist *shortlist, const char *text, size_t length,
					       enum lookup_way *way);

/* Whether the entry tells the `limit` nearest. */
static inline bool shortlist_tells(const struct shortlist_entry *entry, size_t limit)
{
	return limit <= entry->count || entry->whole;
}

static inline const struct shortlist_item *shortlist_item(const struct shortlist *shortlist, uint32_t packed)
{
	return (const void *)(shortlist->packed + packed);
}

#endif
