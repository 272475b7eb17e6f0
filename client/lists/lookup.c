/* lookup.c - calls `show` for the entries of a list. */
#include "config.h"

#include "lists/lookup.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/choose.h"
#include "ctl/memory.h"
#include "ctl/repair.h"
#include "lists/finish.h"
#include "lists/index.h"
#include "wire/rpc.h"

/* Where there are as many entries, and less than one in so many agrees with what has its id, the ids are others. */
enum { FEW = 5 };

/* What the daemon says an entry is. */
struct found {
	int64_t id; /* 0: it is not found */
	char *title;
	int year;
};

struct asking {
	struct animeclient *client;
	struct animeclient_error err;
	const msgpack_object *result; /* of the last call */
	struct found *found;          /* for each entry */
	bool no_map;                  /* the daemon has said that it knows no ids of other services */
	size_t compared, agree;       /* entries with a title that were found by id; those that are that show */
};

/* Pack an entry as `show` takes it: {ids, title, year}. */
static void pack_named(msgpack_packer *packer, const struct list_entry *entry)
{
	uint32_t ids = 0;

	for (size_t i = 0; i < LIST_SITES; i++)
		ids += entry->ids[i] > 0;
	msgpack_pack_map(packer, 0u + (ids > 0) + (entry->titles[0] != NULL) + (entry->titles[0] && entry->year > 0));
	if (ids > 0) {
		rpc_pack_str(packer, "ids");
		msgpack_pack_map(packer, ids);
	}
	for (size_t i = 0; i < LIST_SITES; i++) {
		if (entry->ids[i] > 0) {
			rpc_pack_str(packer, list_site_name((enum list_site)i));
			msgpack_pack_int64(packer, entry->ids[i]);
		}
	}
	if (entry->titles[0]) {
		rpc_pack_str(packer, "title");
		rpc_pack_str(packer, entry->titles[0]);
	}
	if (entry->titles[0] && entry->year > 0) {
		rpc_pack_str(packer, "year");
		msgpack_pack_int(packer, entry->year);
	}
}

/* Call `show` for a title or, where it is NULL, for the id of MyAnimeList or what else names the entry.  Returns 0 where the
 * show is found, 1 where the daemon refuses, -1 where it does not answer. */
static int show(struct asking *asking, const struct list_entry *entry, const char *title)
{
	msgpack_sbuffer params;
	msgpack_packer packer;

	ctl_pack_params(&packer, &params);
	msgpack_pack_array(&packer, 1);
	if (title)
		rpc_pack_str(&packer, title);
	else if (entry->ids[LIST_MAL] > 0)
		msgpack_pack_int64(&packer, entry->ids[LIST_MAL]);
	else
		pack_named(&packer, entry);
	const int status =
	    animeclient_call(asking->client, "show", params.data, params.size, &asking->result, &asking->err);
	msgpack_sbuffer_destroy(&params);
	if (status == 0)
		return 0;
	asking->no_map = asking->no_map || strstr(asking->err.text, "lists.ids");
	return asking->err.status == ANIMECLIENT_REFUSED ? 1 : -1;
}

static void take(const struct asking *asking, struct found *found)
{
	const msgpack_object *item = ctl_get(asking->result, "item");

	found->id = ctl_int(ctl_get(item, "id"));
	found->title = ctl_text(ctl_get(item, "title"));
	found->year = (int)ctl_int(ctl_get(item, "year"));
}

static bool same_title(const char *a, const char *b)
{
	char *left = list_fold(a), *right = list_fold(b);
	const bool same = strcmp(left, right) == 0;

	free(left);
	free(right);
	return same;
}

/* Note whether a show that was found by its id has a title of the entry, or its year: titles differ by language. */
static void compare(struct asking *asking, const struct list_entry *entry, const struct found *found)
{
	const msgpack_object *others = ctl_get(ctl_get(asking->result, "item"), "alt_titles");
	bool same = entry->year > 0 && entry->year == found->year;

	for (size_t i = 0; i < LIST_TITLES && entry->titles[i]; i++) {
		same = same || same_title(entry->titles[i], found->title);
		for (uint32_t k = 0; others->type == MSGPACK_OBJECT_ARRAY && k < others->via.array.size; k++) {
			char *other = ctl_text(&others->via.array.ptr[k]);
			same = same || same_title(entry->titles[i], other);
			free(other);
		}
	}
	asking->compared += entry->titles[0] != NULL;
	asking->agree += entry->titles[0] && same;
}

/* Whether the way in which a title was found leaves no doubt: a list has too many to look at each. */
static bool is_sure(const msgpack_object *matched)
{
	return rpc_str_is(matched, "exact") || rpc_str_is(matched, "folded") || rpc_str_is(matched, "alternative");
}

/* Whether the show has the very title of an entry, and no other year. */
static bool is_same(const struct asking *asking, const struct list_entry *entry, const char *title)
{
	const msgpack_object *item = ctl_get(asking->result, "item");
	const int year = (int)ctl_int(ctl_get(item, "year"));
	char *other = ctl_text(ctl_get(item, "title"));
	const bool same = (entry->year == 0 || year == 0 || entry->year == year) && same_title(title, other);

	free(other);
	return same;
}

static int ask_by_titles(struct asking *asking, const struct list_entry *entry, struct found *found, char **nearest)
{
	int status = 1;

	for (size_t i = 0; i < LIST_TITLES && entry->titles[i] && found->id == 0; i++) {
		char *title = entry->year > 0 ? memory_format("%s (%d)", entry->titles[i], entry->year)
					      : memory_format("%s", entry->titles[i]);
		status = show(asking, entry, title);
		free(title);
		if (status < 0)
			return -1;
		if (status == 0 &&
		    (is_sure(ctl_get(asking->result, "matched")) || is_same(asking, entry, entry->titles[i])))
			take(asking, found);
		else if (status == 0 && !*nearest)
			*nearest = ctl_item_name(ctl_get(asking->result, "item"));
	}
	return found->id > 0 ? 0 : 1;
}

/* Note an entry that was not found. */
static void miss(const struct list_entry *entry, char *nearest, struct lookup *lookup)
{
	char *name = list_entry_name(entry);
	char *with_id = entry->ids[LIST_MAL] > 0 && entry->titles[0]
			    ? memory_format("%s (id:%" PRId64 ")", name, entry->ids[LIST_MAL])
			    : memory_format("%s", name);
	char *line = memory_format("%s%s%s", with_id, nearest ? "; nearest to it is " : "", nearest ? nearest : "");

	if (json_array_append_new(lookup->lines, json_string(line)) < 0)
		memory_is_short();
	free(name);
	free(with_id);
	free(line);
	free(nearest);
}

/* Ask for one entry.  Returns 0 where it is found, 1 where it is not, -1 where the daemon does not answer.  *nearest
 * receives what a title is like, which the caller frees. */
static int ask_one(struct asking *asking, const struct list_entry *entry, struct found *found, char **nearest)
{
	const int status = show(asking, entry, NULL);

	if (status == 0) {
		take(asking, found);
		if (entry->ids[LIST_MAL] > 0)
			compare(asking, entry, found);
	}
	return status == 1 && entry->ids[LIST_MAL] == 0 ? ask_by_titles(asking, entry, found, nearest) : status;
}

/* Returns 0, or -1 where the daemon does not answer. */
static int ask(struct asking *asking, const struct list *list, struct lookup *lookup)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct list_entry *entry = &list->entries[i];
		char *nearest = NULL;
		const int status = ask_one(asking, entry, &asking->found[i], &nearest);

		if (status == 1 && asking->no_map && entry->ids[LIST_MAL] == 0 && !entry->titles[0]) {
			lookup->by_ids++;
			continue;
		}
		if (status == 1) {
			miss(entry, nearest, lookup);
			continue;
		}
		free(nearest);
		if (status < 0)
			return -1;
	}
	return 0;
}

/* Let an entry have what the daemon says; its title comes first, and those of the file after it. */
static void apply(struct list_entry *entry, struct found *found)
{
	char *titles[LIST_TITLES];

	if (found->id == 0)
		return;
	entry->ids[LIST_MAL] = found->id;
	entry->year = found->year ? found->year : entry->year;
	memcpy(titles, entry->titles, sizeof titles);
	memset(entry->titles, 0, sizeof entry->titles);
	list_entry_title(entry, found->title);
	for (size_t i = 0; i < LIST_TITLES; i++) {
		list_entry_title(entry, titles[i]);
		free(titles[i]);
	}
}

void lookup_list(const struct ctl *ctl, struct list *list, struct lookup *lookup)
{
	struct asking asking = {.found = calloc(list->n + 1, sizeof *asking.found)};

	*lookup = (struct lookup){.lines = json_array()};
	if (!asking.found || !lookup->lines)
		memory_is_short();
	int status = animeclient_connect(ctl->socket, &asking.client, &asking.err);
	if (status == 0)
		status = ask(&asking, list, lookup);
	if (status < 0 && asking.err.status == ANIMECLIENT_NO_MEMORY)
		memory_is_short();
	if (status < 0 && asking.err.status != ANIMECLIENT_NO_DAEMON)
		lookup->why = memory_take(text_repair(asking.err.text, strlen(asking.err.text), true));
	lookup->strange = status == 0 && asking.compared >= FEW && asking.agree < asking.compared / FEW;
	lookup->asked = status == 0 && !lookup->strange;
	for (size_t i = 0; i < list->n; i++) {
		if (lookup->asked)
			apply(&list->entries[i], &asking.found[i]);
		free(asking.found[i].title);
	}
	animeclient_close(asking.client);
	free(asking.found);
}

void lookup_free(struct lookup *lookup)
{
	free(lookup->why);
	json_decref(lookup->lines);
	*lookup = (struct lookup){.why = NULL};
}

/* Whether an entry has to be asked for: see lookup_kept(). */
static bool is_open(const struct list_entry *entry, bool titles)
{
	bool other = false;

	for (size_t i = LIST_MAL + 1; i < LIST_SITES; i++)
		other = other || entry->ids[i] > 0;
	return entry->ids[LIST_MAL] == 0 && (titles || other);
}

void lookup_kept(const struct ctl *ctl, struct list *mine, bool titles)
{
	struct list part = {.entries = calloc(mine->n + 1, sizeof *part.entries), .scale = mine->scale};
	struct lookup lookup;
	size_t n = 0;

	if (!part.entries)
		memory_is_short();
	for (size_t i = 0; i < mine->n; i++) {
		if (is_open(&mine->entries[i], titles))
			part.entries[part.n++] = mine->entries[i];
	}
	if (part.n > 0) {
		lookup_list(ctl, &part, &lookup);
		lookup_free(&lookup);
	}
	for (size_t i = 0; i < mine->n; i++) {
		if (is_open(&mine->entries[i], titles))
			mine->entries[i] = part.entries[n++];
	}
	free(part.entries); /* what they own is mine's again */
	list_join(mine);
}

enum ctl_exit lookup_title(const struct ctl *ctl, const char *title, struct list_entry *entry, char **name)
{
	struct animeclient *client;
	struct animeclient_error err;
	const msgpack_object *result;
	msgpack_sbuffer params;
	msgpack_packer packer;
	enum ctl_exit status = CTL_OK;

	*entry = (struct list_entry){.year = 0};
	*name = NULL;
	if (animeclient_connect(ctl->socket, &client, &err) < 0)
		return ctl_say_error(ctl, &err);
	ctl_pack_params(&packer, &params);
	msgpack_pack_array(&packer, 1);
	ctl_pack_item(&packer, title);
	if (choose_call(!ctl->json, client, "show", &params, &result, &err) < 0) {
		status = ctl_say_error(ctl, &err);
	} else {
		const msgpack_object *item = ctl_get(result, "item");
		char *found = ctl_text(ctl_get(item, "title"));
		entry->ids[LIST_MAL] = ctl_int(ctl_get(item, "id"));
		entry->year = (int)ctl_int(ctl_get(item, "year"));
		list_entry_title(entry, found);
		*name = ctl_matched_name(result, title);
		free(found);
	}
	msgpack_sbuffer_destroy(&params);
	animeclient_close(client);
	return status;
}
