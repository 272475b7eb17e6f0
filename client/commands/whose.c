/* whose.c - reads lists for commands, and says what came of them. */
#include "config.h"

#include "commands/whose.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/answers.h"
#include "ctl/memory.h"
#include "ctl/repair.h"
#include "lists/change.h"
#include "lists/cut.h"
#include "lists/formats.h"
#include "lists/mine.h"
#include "lists/pack.h"
#include "lists/say.h"
#include "wire/rpc.h"

/* The most entries that are sent in one request.  With all ids and a title each they stay below the limits of the daemon
 * on one message. */
enum { ENTRIES = 12000 };

static enum ctl_exit read_file(const struct ctl *ctl, const char *path, struct list *list, struct list_error *err)
{
	const char *text = cmdline_get(&ctl->line, "scale"), *name = cmdline_get(&ctl->line, "format");
	const struct list_format *format;
	double scale = 0;
	char *end;

	if (text) {
		scale = strtod(text, &end);
		if (end == text || *end || !(scale > 0) || !isfinite(scale)) {
			(void)list_fail(err, "--scale is the highest score that there can be, such as 100, 10 or 5");
			return CTL_USAGE;
		}
	}
	if (name && !list_format_exists(name)) {
		char *names = list_format_names();
		(void)list_fail(err, "--format is one of %s", names);
		free(names);
		return CTL_USAGE;
	}
	return list_read(path, name, scale, list, &format, err) < 0 ? CTL_REFUSED : CTL_OK;
}

/* Say on standard error, where programs do not read answers, what is wrong with a file, and a scale that was guessed. */
static void say_file(const char *path, const struct list *list)
{
	char *name = memory_take(text_repair(path, strlen(path), true)), *scale = list_scale_text(list);
	char *indent = memory_format("animectl: %s: ", name);
	bool scored = false;

	for (size_t i = 0; i < list->n && !scored; i++)
		scored = list->entries[i].score > 0;
	if (scored && list->scale_guessed)
		(void)fprintf(stderr, "%s%s\n", indent, scale);
	list_say(list, indent, "animectl import -v", false, stderr);
	free(name);
	free(scale);
	free(indent);
}

enum ctl_exit whose_read(const struct ctl *ctl, const char *path, struct whose_list *list)
{
	struct list_error err;
	enum ctl_exit status;

	list->path = path;
	if (path)
		status = read_file(ctl, path, &list->list, &err);
	else
		status = mine_read(&list->list, &err) < 0 ? CTL_FAILED : CTL_OK;
	if (status == CTL_OK && path)
		say_file(path, &list->list);
	return status == CTL_OK ? CTL_OK : change_failed(&err, status);
}

enum ctl_exit whose_read_all(const struct ctl *ctl, size_t most, struct whose *whose)
{
	const char *path, *only = cmdline_get(&ctl->line, "only"), *not = cmdline_get(&ctl->line, "not");
	enum ctl_exit status = CTL_OK;

	for (size_t n = 0; status == CTL_OK && (path = cmdline_nth(&ctl->line, "list", n)); n++) {
		if (n == most) {
			(void)fprintf(stderr, "animectl: --list may be given %s\n", most == 1 ? "once" : "twice");
			return CTL_USAGE;
		}
		status = whose_read(ctl, path, &whose->people[whose->n++]);
	}
	if (status == CTL_OK && whose->n == 0)
		status = whose_read(ctl, NULL, &whose->people[whose->n++]);
	if (status == CTL_OK && only)
		status = whose_read(ctl, only, &whose->only);
	if (status == CTL_OK && not )
		status = whose_read(ctl, not, &whose->not );
	if (status == CTL_OK)
		whose_cut(whose);
	return status;
}

enum ctl_exit whose_read_seen(const struct ctl *ctl, struct whose_list *seen)
{
	const enum ctl_exit status = whose_read(ctl, NULL, seen);
	struct list *list = &seen->list;
	size_t kept = 0;

	for (size_t i = 0; i < list->n; i++) {
		struct list_entry entry = list->entries[i];
		if (entry.status == LIST_PLANNED)
			list_entry_free(&entry);
		else
			list->entries[kept++] = entry;
	}
	list->n = kept;
	(void)list_cut(list, ENTRIES);
	return status;
}

void whose_cut(struct whose *whose)
{
	struct whose_list *const lists[] = {&whose->people[0], &whose->people[1], &whose->only, &whose->not };
	const size_t n = sizeof lists / sizeof *lists;
	size_t given = 0;

	for (size_t i = 0; i < n; i++)
		given += lists[i]->list.n > 0;
	for (size_t i = 0; i < n; i++) {
		const size_t all = lists[i]->list.n,
			     left_out = list_cut(&lists[i]->list, ENTRIES / (given ? given : 1));
		if (left_out > 0)
			(void)fprintf(
			    stderr,
			    "animectl: %s has %zu shows, more than the daemon takes; the %zu that say least are left "
			    "out\n",
			    lists[i]->path ? lists[i]->path : "your list", all, left_out);
	}
}

void whose_free(struct whose *whose)
{
	for (size_t i = 0; i < WHOSE_PEOPLE; i++)
		list_free(&whose->people[i].list);
	list_free(&whose->only.list);
	list_free(&whose->not .list);
}

/* ---- what came of a list ---- */

static void print_missing(const char *of, const msgpack_object *missing)
{
	const msgpack_object *names = ctl_get(missing, "names");
	const int64_t count = ctl_int(ctl_get(missing, "count"));
	char *text = ctl_list(names);

	if (count > 0 && names->type == MSGPACK_OBJECT_ARRAY)
		(void)printf("%s%s%" PRId64 " not found: %s%s\n", of ? of : "", of ? ": " : "", count, text,
			     count > (int64_t)names->via.array.size ? ", ..." : "");
	free(text);
}

void whose_print_missing(const struct whose *whose, const msgpack_object *result)
{
	print_missing(whose->only.path, ctl_get(result, "only_not_found"));
	print_missing(whose->not .path, ctl_get(result, "exclude_not_found"));
}

void whose_print(const struct whose_list *list, const msgpack_object *result)
{
	static const char *const uses[][2] = {{"ratings", "ratings"},
					      {"likes", "seen without a score"},
					      {"dislikes", "disliked without a score"},
					      {"seen", "on hold"},
					      {"planned", "planned"},
					      {"ignored", "ignored"}};
	const msgpack_object *used = ctl_get(result, "used");
	bool any = false;

	if (list->list.n == 0 && !list->path)
		(void)puts("your list is empty; animectl import FILE and animectl rate TITLE SCORE fill it");
	else if (list->list.n == 0)
		(void)printf("%s has no shows\n", list->path);
	if (list->list.n == 0)
		return;
	(void)printf("by %s: ", list->path ? list->path : "your list");
	for (size_t u = 0; u < sizeof uses / sizeof *uses; u++) {
		const int64_t n = ctl_int(ctl_get(used, uses[u][0]));
		if (n > 0)
			(void)printf("%s%" PRId64 " %s", any ? ", " : "", n, u == 0 && n == 1 ? "rating" : uses[u][1]);
		any = any || n > 0;
	}
	(void)puts(any ? "" : "no show of it is known");
	print_missing(NULL, ctl_get(result, "not_found"));
}

static int pack_list(msgpack_packer *packer, const struct ctl *ctl)
{
	const struct whose *whose = ctl->own;

	list_pack(packer, &whose->people[0].list);
	return 0;
}

static void pack_scale(msgpack_packer *packer, const struct ctl *ctl)
{
	const struct whose *whose = ctl->own;

	rpc_pack_str(packer, "scale");
	list_pack_scale(packer, &whose->people[0].list);
}

enum ctl_exit whose_ask(const struct ctl *ctl, const char *method,
			void (*print)(const struct ctl *ctl, const msgpack_object *result))
{
	static const struct answers_more more = {1, pack_scale};
	struct whose whose = {.n = 0};
	struct ctl own = *ctl;
	enum ctl_exit status = whose_read_all(ctl, 1, &whose);

	own.own = &whose;
	if (status == CTL_OK)
		status = answers_call(&own, method, pack_list, &more, print);
	whose_free(&whose);
	return status;
}
