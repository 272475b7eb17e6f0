/* shortlist.h - what is computed of a model beforehand, so that the most common question costs no more than to copy its
 * answer.  These are the list of the nearest items of every rated item, the bytes of every rated item as a reply shows
 * it, and a table of all titles as they are written and as they are folded.
 *
 * All of it only repeats what the general path would find.  The lists are what the similarity plugin answers with the
 * mask and the weights of the model, with the `sequels` of the configuration.  The titles mean what lookup_resolve()
 * says.
 *
 * An answer reads memory at many places.  To wait for that memory takes longer than all that is done with it, so few of
 * the places depend on each other: the table of titles leads to an entry, and the entry to the bytes of all its
 * items. */
#ifndef ANIMED_SHORTLIST_H
#define ANIMED_SHORTLIST_H

#include "config/conf.h"
#include "model/model.h"

/* A near item: the offset of its struct shortlist_item in `packed` of the shortlist, and how similar it is. */
struct shortlist_hit {
	uint32_t packed;
	float similarity;
};

/* The nearest items of an item, the best first. */
struct shortlist_entry {
	uint32_t packed; /* the offset of the item itself */
	uint32_t count;
	const char *evidence; /* of the item, see reply_evidence() */
	bool whole;           /* whether these are all that there are */
	struct shortlist_hit nearest[];
};

/* An item: the bytes that reply_item() packs, and its weight in struct model. */
struct shortlist_item {
	uint32_t size;
	float weight;
	char bytes[];
};

struct shortlist {
	const struct model *model; /* the model that it was computed of, which outlives it */
	enum sequels sequels;      /* what the lists were made for */
	uint32_t length;           /* the most hits that a list has */
	uint32_t *places;          /* [items]: which entry is that of the item; UINT32_MAX: none */
	char *entries;             /* the entries of the rated items */
	size_t stride;             /* bytes from one entry to the next */
	char *packed;              /* the items, one struct shortlist_item after another */
	struct shortlist_titles *titles;
};

/* Compute the shortlist of a model on host->threads threads, the calling thread among them.  Returns 0; *out is NULL if
 * the configuration wants no lists, else the caller frees it with shortlist_free().  Where memory is short or the host
 * cancels, returns -1 and fills err. */
int shortlist_build(const struct model *model, const struct conf *conf, const struct animed_host *host,
		    struct shortlist **out, struct animed_error *err);
void shortlist_free(struct shortlist *shortlist);

/* Returns the entry of an item, or NULL if the item is not rated. */
const struct shortlist_entry *shortlist_of(const struct shortlist *shortlist, uint32_t item);

/* Returns the entry of the item that `text` means, and in *way how lookup_resolve() finds it.  Returns NULL if the text
 * is not in the table of titles. */
const struct shortlist_entry *shortlist_titled(const struct shortlist *shortlist, const char *text, size_t length,
					       enum lookup_way *way);

/* Whether the entry has the `limit` nearest items, or all that there are. */
static inline bool shortlist_tells(const struct shortlist_entry *entry, size_t limit)
{
	return limit <= entry->count || entry->whole;
}

static inline const struct shortlist_item *shortlist_item(const struct shortlist *shortlist, uint32_t packed)
{
	return (const void *)(shortlist->packed + packed);
}

#endif
