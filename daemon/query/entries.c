/* entries.c - reads lists of entries, and says what was made of them. */
#include "config.h"

#include "query/entries.h"

#include <float.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/columns.h"
#include "base/pack.h"
#include "base/spelling.h"
#include "kit/score-weight.h"
#include "query/entries-private.h"

/* How statuses are called, and what an entry with one counts as: with a score, and without. */
static const struct status {
	const char *name;
	enum entry_use scored, unscored;
	float place; /* that it counts as without a score */
	bool finished, given_up, unwanted;
} statuses[] = {
    {"completed", ENTRY_RATING, ENTRY_LIKE, ENTRY_LIKE_PLACE, true, false, false},
    {"repeating", ENTRY_RATING, ENTRY_LIKE, ENTRY_LIKE_PLACE, true, false, false},
    {"watching", ENTRY_RATING, ENTRY_LIKE, ENTRY_LIKE_PLACE, false, false, false},
    {"on_hold", ENTRY_RATING, ENTRY_SEEN, 0, false, false, false},
    {"dropped", ENTRY_RATING, ENTRY_DISLIKE, ENTRY_DROPPED_PLACE, false, true, false},
    {"planned", ENTRY_PLANNED, ENTRY_PLANNED, 0, false, false, false},
    {"unwanted", ENTRY_DISLIKE, ENTRY_DISLIKE, ENTRY_UNWANTED_PLACE, false, true, true},
    {"ignored", ENTRY_IGNORED, ENTRY_IGNORED, 0, false, false, false},
};

enum { STATUSES = sizeof statuses / sizeof *statuses };

static const char *const keys[] = {"id", "ids", "title", "year", "status", "score"};

enum { KEYS = sizeof keys / sizeof *keys };

/* What a list is read with. */
struct reader {
	struct question *question;
	struct entries *entries;
	uint32_t *slots;          /* [items]: the place of the entry of an item, or UINT32_MAX */
	double low, high;         /* the scale of the scores that are given */
	struct score_scale scale; /* that of the model */
};

void entries_free(struct entries *entries)
{
	free(entries->at);
	entries->at = NULL;
	entries->n = entries->room = 0;
}

/* ---- scores ---- */

/* Returns the number that was meant by a float: 0.1, where the float itself is a little above. */
static double meant_by(float number)
{
	char digits[32];

	(void)snprintf(digits, sizeof digits, "%.7g", (double)number);
	return strtod(digits, NULL);
}

static int read_scale(struct reader *reader, const msgpack_object *scale)
{
	struct question *question = reader->question;
	const struct animed_scale *own = &question->model->file.factors.scale;
	const msgpack_object *ends = scale ? scale->via.array.ptr : NULL;

	reader->scale = (struct score_scale){own->low, own->high};
	reader->low = meant_by(own->low);
	reader->high = meant_by(own->high);
	if (!scale)
		return 0;
	if (scale->type != MSGPACK_OBJECT_ARRAY || scale->via.array.size != 2)
		return question_refuse(question, "a scale must be [lowest, highest]");
	if (param_real(question, &ends[0], "the lowest score of a scale", -1e6, 1e6, &reader->low) < 0 ||
	    param_real(question, &ends[1], "the highest score of a scale", -1e6, 1e6, &reader->high) < 0)
		return -1;
	return reader->low < reader->high ? 0 : question_refuse(question, "a scale must be [lowest, highest]");
}

/* Bring a score from the scale that it was given on to that of the model. */
static float on_scale(const struct reader *reader, double score)
{
	const double low = meant_by(reader->scale.low), high = meant_by(reader->scale.high);
	const double place = (score - reader->low) / (reader->high - reader->low);

	return (float)(reader->high > reader->low && (reader->low != low || reader->high != high)
			   ? low + place * (high - low)
			   : score);
}

/* Read the score of an entry that is a map.  Where there is none, or 0 on a scale that does not go below it, *given is
 * false. */
static int read_score(const struct reader *reader, const msgpack_object *value, const char *what, float *score,
		      bool *given)
{
	char whose[QUOTE_SIZE + 32];
	double number;

	*given = false;
	if (!value || value->type == MSGPACK_OBJECT_NIL)
		return 0;
	(void)snprintf(whose, sizeof whose, "the score of %s", what);
	if (param_real(reader->question, value, whose, reader->low < 0 ? reader->low : 0, reader->high, &number) < 0)
		return -1;
	*given = number != 0 || reader->low < 0;
	/* somebody who gives a 0.5 of 10 means the lowest */
	*score = on_scale(reader, number < reader->low ? reader->low : number);
	return 0;
}

/* ---- one entry ---- */

/* Write what errors call entry number `m`: its title in quotes, its id, or its number. */
static void name_entry(const msgpack_object *entry, uint32_t m, char out[QUOTE_SIZE])
{
	const msgpack_object *show = entry;
	struct text title;

	if (entry->type == MSGPACK_OBJECT_ARRAY && entry->via.array.size > 0) {
		show = &entry->via.array.ptr[0];
	} else if (entry->type == MSGPACK_OBJECT_MAP) {
		show = rpc_map_get(entry, "title");
		if (!show || show->type == MSGPACK_OBJECT_NIL)
			show = rpc_map_get(entry, "id");
	}
	if (show && param_bytes(show, &title) && title.length > 0)
		text_quote(title, out);
	else if (show && show->type == MSGPACK_OBJECT_POSITIVE_INTEGER)
		(void)snprintf(out, QUOTE_SIZE, "id:%" PRIu64, show->via.u64);
	else
		(void)snprintf(out, QUOTE_SIZE, "show %u of the list", (unsigned)m + 1);
}

/* Refuse a word that is none of the n words, with all of them and the one that may have been meant. */
static int fail_word(struct question *question, const msgpack_object *value, const char *what, const char *kind,
		     const char *const *words, size_t n)
{
	char all[256] = "", typed[QUOTE_SIZE], word[32], hint[64] = "";
	size_t used = 0;
	struct text text;

	if (!param_bytes(value, &text))
		return question_refuse(question, "%s: each %s must be a string", what, kind);
	for (size_t i = 0; i < n && used < sizeof all; i++)
		used += (size_t)snprintf(all + used, sizeof all - used, "%s%s", i ? ", " : "", words[i]);
	(void)snprintf(word, sizeof word, "%.*s", (int)(text.length < 30 ? text.length : 30), text.bytes);
	const char *meant = nearest_word(word, words, n);
	if (meant)
		(void)snprintf(hint, sizeof hint, "; did you mean \"%s\"?", meant);
	text_quote(text, typed);
	return question_refuse(question, "%s: there is no %s %s; there are %s%s", what, kind, typed, all, hint);
}

static int check_keys(struct question *question, const msgpack_object *map, const char *what)
{
	for (uint32_t i = 0; i < map->via.map.size; i++) {
		const msgpack_object *key = &map->via.map.ptr[i].key;
		size_t k = 0;
		while (k < KEYS && !rpc_str_is(key, keys[k]))
			k++;
		if (k == KEYS)
			return fail_word(question, key, what, "key", keys, KEYS);
	}
	return 0;
}

/* Set *status to what the value names; an entry without a status is one of a show that was seen. */
static int read_status(struct question *question, const msgpack_object *value, const char *what,
		       const struct status **status)
{
	const char *names[STATUSES];

	*status = &statuses[0];
	if (!value || value->type == MSGPACK_OBJECT_NIL)
		return 0;
	for (size_t s = 0; s < STATUSES; s++) {
		names[s] = statuses[s].name;
		if (rpc_str_is(value, names[s])) {
			*status = &statuses[s];
			return 0;
		}
	}
	return fail_word(question, value, what, "status", names, STATUSES);
}

/* Add an entry; of several of one show the last counts, but none may be [show, score], which would count twice. */
static int add(struct reader *reader, const struct entry *entry)
{
	struct entries *entries = reader->entries;
	uint32_t *slot = &reader->slots[entry->item];
	char title[QUOTE_SIZE];

	if (*slot != UINT32_MAX && (entry->pair || entries->at[*slot].pair)) {
		text_quote(strings_at(&reader->question->model->file.catalogue.titles, entry->item), title);
		return question_refuse(reader->question, "%s is given twice", title);
	}
	if (*slot == UINT32_MAX) {
		if (grow((void **)&entries->at, &entries->room, entries->n + 1, sizeof *entries->at) < 0)
			return question_out_of_memory(reader->question);
		*slot = (uint32_t)entries->n++;
	}
	entries->at[*slot] = *entry;
	return 0;
}

/* Read an entry [title or id, score]. */
static int read_pair(struct reader *reader, const msgpack_object *pair, const char *what)
{
	struct question *question = reader->question;
	struct named_item named;
	char whose[QUOTE_SIZE + 32];
	double score;

	(void)snprintf(whose, sizeof whose, "the score of %s", what);
	if (param_real(question, &pair->via.array.ptr[1], whose, reader->low, reader->high, &score) < 0 ||
	    param_item(question, &pair->via.array.ptr[0], what, &named) < 0)
		return -1;
	const struct entry entry = {.item = named.item,
				    .use = ENTRY_RATING,
				    .finished = true,
				    .score = on_scale(reader, score),
				    .pair = true,
				    .matched = named.matched,
				    .typed = named.typed};
	return add(reader, &entry);
}

static int read_map(struct reader *reader, const msgpack_object *map, const char *what)
{
	struct question *question = reader->question;
	struct entries *entries = reader->entries;
	const struct status *status;
	struct named_item named;
	struct entry entry = {.pair = false};
	bool scored;

	entries->maps = true;
	if (check_keys(question, map, what) < 0 ||
	    read_status(question, rpc_map_get(map, "status"), what, &status) < 0 ||
	    read_score(reader, rpc_map_get(map, "score"), what, &entry.score, &scored) < 0 ||
	    entries_read_show(question, map, what, &named) < 0)
		return -1;
	if (named.item == ANIMED_NO_ITEM) {
		entries_miss(&entries->missing, map);
		return 0;
	}
	entry.item = named.item;
	entry.use = scored ? status->scored : status->unscored;
	entry.finished = status->finished;
	entry.given_up = status->given_up;
	entry.unwanted = status->unwanted;
	entry.matched = named.matched;
	entry.typed = named.typed;
	if (entry.use == ENTRY_LIKE || entry.use == ENTRY_DISLIKE)
		entry.score = score_at_place(reader->scale, status->place);
	return add(reader, &entry);
}

/* Read entry number `m`. */
static int read_entry(struct reader *reader, const msgpack_object *entry, uint32_t m)
{
	char what[QUOTE_SIZE];

	name_entry(entry, m, what);
	if (entry->type == MSGPACK_OBJECT_MAP)
		return read_map(reader, entry, what);
	if (entry->type == MSGPACK_OBJECT_ARRAY && entry->via.array.size == 2)
		return read_pair(reader, entry, what);
	return question_refuse(reader->question,
			       "show %u of the list must be [title or id, score] or a map such as {\"id\": 1, "
			       "\"status\": \"completed\", \"score\": 8}",
			       (unsigned)m + 1);
}

/* Read all entries.  Where a title of [title, score] means no single show, the error says so of all of them, so that they
 * can be mended at once. */
static int read_all(struct reader *reader, const msgpack_object *list)
{
	struct question *question = reader->question;
	struct rpc_error first;
	bool failed = false;

	for (uint32_t m = 0; m < list->via.array.size; m++) {
		if (read_entry(reader, &list->via.array.ptr[m], m) == 0)
			continue;
		if (!failed)
			first = question->err;
		else if (param_failed_at_title(&question->err))
			param_add_error(&first, &question->err);
		failed = true;
		if (!param_failed_at_title(&first))
			break;
	}
	if (failed)
		question->err = first;
	return failed ? -1 : 0;
}

int entries_read(struct question *question, const msgpack_object *list, const char *what, const msgpack_object *scale,
		 struct entries *entries)
{
	const size_t bytes = (size_t)question->model->file.factors.n_items * sizeof(uint32_t);
	struct reader reader = {.question = question, .entries = entries};
	int status = -1;

	*entries = (struct entries){.n = 0};
	if (list->type != MSGPACK_OBJECT_ARRAY)
		return question_refuse(question, "%s must be a list of [title or id, score] and of maps", what);
	if (list->via.array.size > ENTRIES_MAX)
		return question_refuse(question, "%s has %u shows; at most %d are allowed", what,
				       (unsigned)list->via.array.size, ENTRIES_MAX);
	entries->maps = list->via.array.size == 0;
	reader.slots = malloc(bytes + 1);
	if (!reader.slots)
		return question_out_of_memory(question);
	memset(reader.slots, 0xff, bytes);
	if (read_scale(&reader, scale) == 0)
		status = read_all(&reader, list);
	free(reader.slots);
	for (size_t e = 0; e < entries->n; e++)
		entries->used[entries->at[e].use]++;
	return status;
}

/* ---- what was made of it ---- */

/* Pack what an entry that was not found is called: its title, or an id as "anilist:5". */
static void pack_name(msgpack_packer *reply, const msgpack_object *map)
{
	const msgpack_object *title = rpc_map_get(map, "title");
	struct text text;
	char name[ENTRIES_NAME];

	if (title && param_bytes(title, &text) && entries_title_is_good(text)) {
		(void)msgpack_pack_str_with_body(reply, text.bytes, text.length);
		return;
	}
	entries_id_name(map, name);
	(void)msgpack_pack_str_with_body(reply, name, strlen(name));
}

void entries_miss(struct entries_missing *missing, const msgpack_object *map)
{
	if (missing->n < ENTRIES_NAMED)
		missing->at[missing->n] = map;
	missing->n++;
}

void entries_pack_missing(msgpack_packer *reply, const char *key, const struct entries_missing *missing)
{
	const size_t named = missing->n < ENTRIES_NAMED ? missing->n : ENTRIES_NAMED;

	pack_map(reply, key, 2);
	pack_uint(reply, "count", missing->n);
	pack_array(reply, "names", named);
	for (size_t m = 0; m < named; m++)
		pack_name(reply, missing->at[m]);
}

void entries_pack(struct question *question, const struct entries *entries)
{
	static const char *const names[ENTRY_USES] = {"ratings", "likes", "dislikes", "seen", "planned", "ignored"};
	msgpack_packer *reply = question->reply;

	pack_map(reply, "used", ENTRY_USES);
	for (size_t u = 0; u < ENTRY_USES; u++)
		pack_uint(reply, names[u], entries->used[u]);
	entries_pack_missing(reply, "not_found", &entries->missing);
}
