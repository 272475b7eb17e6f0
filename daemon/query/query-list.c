/* query-list.c - makes of somebody's list what a `recommend` query asks about: what says something of their taste, what
 * they have seen, and what can be no answer. */
#include "config.h"

#include <stdlib.h>

#include "kit/score-weight.h"
#include "query/query.h"

/* Refuse a show of [show, score] of which the model has learnt nothing, where it learns from ratings alone. */
static int check_rated(struct question *question, const struct entry *entry)
{
	char title[QUOTE_SIZE];

	if (!entry->pair)
		return 0;
	text_quote(strings_at(&question->model->file.catalogue.titles, entry->item), title);
	return rpc_fail(&question->err, RPC_REQUEST_ERROR, RPC_NO_RATINGS,
			"nobody has rated %s, so the model has learnt nothing of it", title);
}

/* Add what the entries say of a taste.  What the model cannot use was seen, and no more. */
static int add_tastes(struct question *question, const struct query *query, const struct entries *entries,
		      struct query_person *to)
{
	const struct model *model = question->model;
	const struct animed_scale *scale = &model->file.factors.scale;
	const struct score_scale of = {scale->low, scale->high};
	const uint64_t *usable = query_ranking_learns(model) ? model->all : model->rated;

	to->terms = malloc((entries->n + 1) * sizeof *to->terms);
	if (!to->terms)
		return question_out_of_memory(question);
	for (size_t e = 0; e < entries->n; e++) {
		const struct entry *entry = &entries->at[e];
		if (!entry_is_taste(entry))
			continue;
		if (!mask_has(usable, entry->item)) {
			if (check_rated(question, entry) < 0)
				return -1;
			continue;
		}
		if (query->ignore_dislikes && score_place(of, entry->score) <= ENTRY_DISLIKED)
			continue;
		to->terms[to->n_terms++] = (struct query_term){.item = entry->item,
							       .weight = entry->score,
							       .matched = entry->matched,
							       .typed = entry->typed,
							       .unscored = entry->use != ENTRY_RATING};
	}
	return 0;
}

/* Note in the masks of the query what the entries are about. */
static void mark(struct query *query, const struct entries *entries)
{
	for (size_t e = 0; e < entries->n; e++) {
		const struct entry *entry = &entries->at[e];
		if (entry->use == ENTRY_PLANNED)
			mask_set(query->filter.planned, entry->item);
		else if (entry->use == ENTRY_IGNORED)
			mask_set(query->ignored, entry->item);
		else
			mask_set(query->seen, entry->item);
	}
}

static int read_person(struct question *question, const msgpack_object *list, const char *what,
		       const msgpack_object *scale, struct query *query, struct query_person *to)
{
	if (entries_read(question, list, what, scale, &to->entries) < 0 ||
	    add_tastes(question, query, &to->entries, to) < 0)
		return -1;
	mark(query, &to->entries);
	return 0;
}

int query_read_list(struct question *question, uint32_t i, struct query *query)
{
	const size_t words = mask_words(question->model->file.factors.n_items) + 1;
	char what[64];

	query->seen = calloc(words, sizeof *query->seen);
	query->ignored = calloc(words, sizeof *query->ignored);
	query->filter.planned = calloc(words, sizeof *query->filter.planned);
	if (!query->seen || !query->ignored || !query->filter.planned)
		return question_out_of_memory(question);
	(void)snprintf(what, sizeof what, "parameter %u", (unsigned)i + 1);
	if (read_person(question, &question->params[i], what, query->scale, query, &query->person) < 0)
		return -1;
	if (!query->with)
		return 0;
	return read_person(question, query->with, "the option \"with\"", query->with_scale, query, &query->other);
}

int query_check_user(struct question *question, const struct query *query)
{
	const char *option = query->with                                        ? "with"
			     : query->scale                                     ? "scale"
			     : query->filter.given & FILTER_BIT(FILTER_PLANNED) ? "planned"
										: NULL;

	return option ? question_refuse(question, "the option \"%s\" is for a list of entries, not for a user", option)
		      : 0;
}

void query_person_free(struct query_person *person)
{
	entries_free(&person->entries);
	free(person->terms);
	person->terms = NULL;
	person->n_terms = 0;
}
