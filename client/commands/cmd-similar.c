/* cmd-similar.c - animectl similar: lists the shows most similar to one, or to a sum of some less others. */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/answers.h"
#include "ctl/memory.h"
#include "lists/change.h"
#include "lists/index.h"
#include "lists/mine.h"
#include "lists/pack.h"
#include "wire/rpc.h"

/* The most shows that --unseen leaves out. */
enum { UNSEEN = 12000 };

/* My list, which says what I have seen. */
struct seen {
	struct list mine;
	struct list_index *index;
	struct list unseen; /* with --unseen: entries of `mine` that are no answers, of which it owns none */
};

static bool is_operator(const char *word)
{
	return strcmp(word, "+") == 0 || strcmp(word, "-") == 0;
}

/* Print what was asked for: "Made in Abyss", or "A + B - C". */
static void print_asked(const struct ctl *ctl, const msgpack_object *result)
{
	const msgpack_object *terms = ctl_get(result, "terms");
	char *typed = ctl_words(ctl, 0);

	if (terms->type != MSGPACK_OBJECT_ARRAY) {
		char *name = ctl_matched_name(result, typed);
		(void)puts(name);
		free(name);
	}
	for (uint32_t i = 0; terms->type == MSGPACK_OBJECT_ARRAY && i < terms->via.array.size; i++) {
		const msgpack_object *term = &terms->via.array.ptr[i];
		const bool negative = ctl_real(ctl_get(term, "weight")) < 0;
		char *name = ctl_found_name(term);
		(void)printf("%s%s%s", i ? " " : "", negative ? "- " : i ? "+ " : "", name);
		free(name);
	}
	if (terms->type == MSGPACK_OBJECT_ARRAY)
		(void)putchar('\n');
	free(typed);
}

/* Say so where little is known of what was asked about. */
static void print_evidence(const msgpack_object *result)
{
	const msgpack_object *evidence = ctl_get(result, "evidence"), *item = ctl_get(result, "item");
	const int64_t ratings = ctl_int(ctl_get(item, "ratings"));
	char *level = ctl_is_nil(evidence) ? NULL : ctl_text(evidence);

	if (level && strcmp(level, "none") == 0)
		(void)puts("nobody has rated it, so that this rests on what else is known of it, such as genres");
	else if (level && strcmp(level, "little") == 0 && ratings > 0)
		(void)printf("only %" PRId64 " %s rated it, so that this rests on little\n", ratings,
			     ratings == 1 ? "person has" : "people have");
	else if (level && strcmp(level, "little") == 0)
		(void)puts("few people have rated the least known of these, so that this rests on little");
	free(level);
}

/* What my list says of a show: the score of one that was seen, or else its status.  A score of what is planned is one that
 * is expected. */
static char *say_mine(const struct ctl *ctl, const msgpack_object *item)
{
	const struct seen *seen = ctl->own;
	char *title = ctl_text(ctl_get(item, "title"));
	const struct list_entry wanted = {.ids = {[LIST_MAL] = ctl_int(ctl_get(item, "id"))},
					  .titles = {title},
					  .year = (int)ctl_int(ctl_get(item, "year"))};
	const size_t place = list_index_find(seen->index, seen->mine.entries, &wanted);

	free(title);
	if (place == LIST_NOWHERE)
		return NULL;
	const struct list_entry *entry = &seen->mine.entries[place];
	if (entry->score > 0 && entry->status < LIST_PLANNED)
		return memory_format("%g", entry->score);
	const struct list_entry shown = {.status = entry->status,
					 .score = entry->status == LIST_DROPPED ? entry->score : 0};
	return entry->status == LIST_COMPLETED ? memory_format("seen") : change_text(&shown);
}

static void print(const struct ctl *ctl, const msgpack_object *result)
{
	const struct seen *seen = ctl->own;

	print_asked(ctl, result);
	print_evidence(result);
	answers_print(ctl, result, seen->mine.n > 0 ? say_mine : NULL);
}

/* Where the title that begins at word `at` ends: at an operator, or at the end. */
static int title_end(const struct ctl *ctl, int at)
{
	while (at < ctl->argc && !is_operator(ctl->argv[at]))
		at++;
	return at;
}

/* Pack the words as [[title, 1 or -1], ...].  Where they are wrong, says so and returns -1. */
static int pack_terms(msgpack_packer *packer, const struct ctl *ctl)
{
	uint32_t terms = !is_operator(ctl->argv[0]);

	for (int i = 0; i < ctl->argc; i++) {
		if (!is_operator(ctl->argv[i]))
			continue;
		if (i + 1 == ctl->argc || is_operator(ctl->argv[i + 1])) {
			(void)fprintf(stderr, "animectl: a title must come after \"%s\"\n", ctl->argv[i]);
			return -1;
		}
		terms++;
	}
	msgpack_pack_array(packer, terms);
	for (int at = 0; at < ctl->argc;) {
		const bool operator= is_operator(ctl->argv[at]);
		const int weight = operator&& * ctl->argv[at] == '-' ? -1 : 1;
		const int from = at + operator, end = title_end(ctl, from);
		const struct ctl part = {.argc = end, .argv = ctl->argv};
		char *title = ctl_words(&part, from);
		msgpack_pack_array(packer, 2);
		ctl_pack_item(packer, title);
		msgpack_pack_int(packer, weight);
		free(title);
		at = end;
	}
	return 0;
}

static int pack_asked(msgpack_packer *packer, const struct ctl *ctl)
{
	if (title_end(ctl, 0) < ctl->argc)
		return pack_terms(packer, ctl);
	char *title = ctl_words(ctl, 0);
	ctl_pack_item(packer, title);
	free(title);
	return 0;
}

/* Pack what is no answer with --unseen. */
static void pack_unseen(msgpack_packer *packer, const struct ctl *ctl)
{
	const struct seen *seen = ctl->own;

	rpc_pack_str(packer, "exclude");
	list_pack(packer, &seen->unseen);
}

static void find_unseen(struct seen *seen)
{
	seen->unseen.entries = calloc(seen->mine.n + 1, sizeof *seen->unseen.entries);
	if (!seen->unseen.entries)
		memory_is_short();
	for (size_t i = 0; i < seen->mine.n && seen->unseen.n < UNSEEN; i++) {
		if (seen->mine.entries[i].status != LIST_PLANNED)
			seen->unseen.entries[seen->unseen.n++] = seen->mine.entries[i];
	}
}

static enum ctl_exit exec(const struct ctl *ctl)
{
	static const struct answers_more more = {1, pack_unseen};
	const bool unseen = cmdline_get(&ctl->line, "unseen") != NULL;
	struct seen seen = {.index = list_index_new()};
	struct ctl own = *ctl;
	struct list_error err;
	enum ctl_exit status = CTL_OK;

	own.own = &seen;
	/* a damaged list is told, but the answer to what was asked does not depend on it */
	if (mine_read(&seen.mine, &err) < 0) {
		status = change_failed(&err, unseen ? CTL_FAILED : CTL_OK);
		seen.mine.n = 0;
	}
	for (size_t i = 0; i < seen.mine.n; i++)
		list_index_add(seen.index, &seen.mine.entries[i], i);
	find_unseen(&seen);
	if (status == CTL_OK)
		status = answers_call(&own, "similar", pack_asked, unseen ? &more : NULL, print);
	free(seen.unseen.entries);
	list_index_free(seen.index);
	list_free(&seen.mine);
	return status;
}

static const struct cmdline_option options[] = {
    ANSWERS_LIMIT,
    ANSWERS_FILTERS,
    ANSWERS_SEQUELS,
    ANSWERS_WEIGHTS,
    ANSWERS_DIVERSE,
    {"unseen", 0, NULL, "leave out what you have seen, by your list"},
    {"by", 0, "SIMILARITY", "by this similarity of the pipeline; `animectl status` lists them"},
    {"explain", 'e', NULL, "say why each show is an answer"},
    {NULL, 0, NULL, NULL},
};

const struct cmd_entry cmd_similar = {
    .name = "similar",
    .args = "TITLE [+ TITLE] [- TITLE]...",
    .summary = "list the shows most similar to one, or to several",
    .options = options,
    .min_args = 1,
    .max_args = -1,
    .exec = exec,
};
