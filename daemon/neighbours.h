/* neighbours.h - what is computed of a model behind its back, so that the common question costs no more than copying
 * its answer: the list of the nearest items of every rated item, the bytes of every item as a reply shows it, and a
 * table of all titles as they are written.
 *
 * All of it only repeats what the ordinary way would find: lists are what the similarity plugin answers under the
 * model's mask, with the sequels that the configuration wants, titles what lookup_resolve() says of them. */
#ifndef ANIMED_NEIGHBOURS_H
#define ANIMED_NEIGHBOURS_H

#include "conf.h"
#include "lookup.h"

struct model;

struct neighbours; /* reads the model, which must outlive it */

/* Compute them on host->threads threads of low priority, and wait for these.  0 with *out NULL where the configuration
 * wants no lists; -1 with `err` where memory is short or the host has cancelled. */
int neighbours_build(const struct model *model, const struct conf *conf, const struct animed_host *host,
		     struct neighbours **out, struct animed_error *err);
void neighbours_free(struct neighbours *neighbours);

/* The `limit` (at least 1) nearest of `item`, the best first, and in *n how many there are: fewer only where there are
 * no more.  NULL where the list is too short to tell. */
const struct animed_hit *neighbours_of(const struct neighbours *neighbours, uint32_t item, size_t limit, size_t *n);

/* Whether `text` is a title whose meaning is in the table; *item is what it means and *way how it was found. */
bool neighbours_title(const struct neighbours *neighbours, const char *text, size_t length, uint32_t *item,
		      enum lookup_way *way);

/* What reply_item() packs of a rated item; empty for others. */
struct text neighbours_packed(const struct neighbours *neighbours, uint32_t item);

#endif
