/* answers.c - packs the options of queries, and prints their answers. */
#include "config.h"

#include "ctl/answers.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/memory.h"
#include "ctl/number.h"
#include "ctl/table.h"
#include "wire/rpc.h"

/* ---- options ---- */

enum kind {
	NUMBER, /* a whole number from 0 */
	REAL,
	RANGE, /* of numbers: "2010..2015" */
	TEXT,
	TEXTS, /* a list of all that were given */
	ITEMS, /* such a list of titles or id:NUMBER */
	FLAG,
};

static const struct row {
	const char *name;
	enum kind kind;
	const char *wire; /* the name that the daemon knows it by; NULL: the same */
} rows[] = {
    {"limit", NUMBER, NULL},
    {"genre", TEXTS, NULL},
    {"not-genre", TEXTS, NULL},
    {"type", TEXTS, NULL},
    {"year", RANGE, NULL},
    {"members", RANGE, NULL},
    {"score", RANGE, NULL},
    {"min-ratings", NUMBER, NULL},
    {"exclude", ITEMS, NULL},
    {"sequels", TEXT, NULL},
    {"shrink", REAL, NULL},
    {"popularity", REAL, NULL},
    {"cult", FLAG, NULL},
    {"explain", FLAG, NULL},
    {"by", TEXT, NULL},
    {"why", FLAG, "explain"},
    {"diverse", REAL, NULL},
    {"planned", FLAG, NULL},
    {"ignore-dislikes", FLAG, NULL},
    {"for", TEXT, NULL},
};

#define ROWS (sizeof rows / sizeof *rows)

static int pack_real(msgpack_packer *packer, const char *name, const char *text)
{
	char *end;

	errno = 0;
	const double number = strtod(text, &end);
	if (errno != 0 || end == text || *end || !isfinite(number)) {
		(void)fprintf(stderr, "animectl: --%s: \"%s\" is not a number\n", name, text);
		return -1;
	}
	msgpack_pack_double(packer, number);
	return 0;
}

static int pack_range(msgpack_packer *packer, const char *name, const char *text)
{
	char *range = number_range(text);

	if (!range) {
		(void)fprintf(stderr,
			      "animectl: --%s: \"%s\" is no range of numbers; write 8, 2010..2015, 5000.. or ..2000\n",
			      name, text);
		return -1;
	}
	rpc_pack_str(packer, range);
	free(range);
	return 0;
}

static void pack_each(msgpack_packer *packer, const struct ctl *ctl, const struct row *row)
{
	const char *value;
	size_t n = 0;

	while (cmdline_nth(&ctl->line, row->name, n))
		n++;
	msgpack_pack_array(packer, n);
	for (n = 0; (value = cmdline_nth(&ctl->line, row->name, n)); n++) {
		if (row->kind == ITEMS)
			ctl_pack_item(packer, value);
		else
			rpc_pack_str(packer, value);
	}
}

static int pack_option(msgpack_packer *packer, const struct ctl *ctl, const struct row *row)
{
	const char *text = cmdline_get(&ctl->line, row->name);
	int64_t number = 0;

	ctl_pack_key(packer, row->wire ? row->wire : row->name);
	switch (row->kind) {
	case NUMBER:
		if (cmdline_number(&ctl->line, "animectl", row->name, 0, &number) < 0)
			return -1;
		msgpack_pack_int64(packer, number);
		return 0;
	case REAL:
		return pack_real(packer, row->name, text);
	case RANGE:
		return pack_range(packer, row->name, text);
	case TEXT:
		rpc_pack_str(packer, text);
		return 0;
	case TEXTS:
	case ITEMS:
		pack_each(packer, ctl, row);
		return 0;
	case FLAG:
		break;
	}
	msgpack_pack_true(packer);
	return 0;
}

static int pack_options(msgpack_packer *packer, const struct ctl *ctl, const struct answers_more *more)
{
	size_t n = more ? more->n : 0;

	for (size_t i = 0; i < ROWS; i++)
		n += cmdline_get(&ctl->line, rows[i].name) != NULL;
	msgpack_pack_map(packer, n);
	for (size_t i = 0; i < ROWS; i++) {
		if (cmdline_get(&ctl->line, rows[i].name) && pack_option(packer, ctl, &rows[i]) < 0)
			return -1;
	}
	if (more)
		more->pack(packer, ctl);
	return 0;
}

enum ctl_exit answers_call(const struct ctl *ctl, const char *method,
			   int (*pack_asked)(msgpack_packer *packer, const struct ctl *ctl),
			   const struct answers_more *more,
			   void (*print)(const struct ctl *ctl, const msgpack_object *result))
{
	enum ctl_exit status = CTL_USAGE;
	msgpack_sbuffer params;
	msgpack_packer packer;

	ctl_pack_params(&packer, &params);
	msgpack_pack_array(&packer, pack_asked ? 2 : 1);
	if ((!pack_asked || pack_asked(&packer, ctl) == 0) && pack_options(&packer, ctl, more) == 0)
		status = ctl_call(ctl, method, &params, print);
	msgpack_sbuffer_destroy(&params);
	return status;
}

/* ---- answers ---- */

/* Returns the number with so many digits behind the point; NULL for nil. */
static char *real(const msgpack_object *object, int digits)
{
	return ctl_is_nil(object) ? NULL : memory_format("%.*f", digits, ctl_real(object));
}

/* Returns the score that is predicted for person number `p`, of one or two; NULL where there is none. */
static char *predicted(const msgpack_object *item, uint32_t p)
{
	const msgpack_object *value = ctl_get(item, "predicted");

	if (value->type != MSGPACK_OBJECT_ARRAY)
		return p == 0 ? real(value, 1) : NULL;
	return p < value->via.array.size ? real(&value->via.array.ptr[p], 1) : NULL;
}

/* Returns a share as per cent. */
static char *per_cent(const msgpack_object *object)
{
	return ctl_is_nil(object) ? NULL : memory_format("%.0f %%", 100 * ctl_real(object));
}

static char *number(int64_t value)
{
	return value ? memory_format("%" PRId64, value) : NULL;
}

/* Say which filter to loosen, where the daemon tells how many shows would pass without each. */
static void print_loosen(const msgpack_object *loosen)
{
	const uint32_t n = loosen->type == MSGPACK_OBJECT_MAP ? loosen->via.map.size : 0;
	bool any = false;

	(void)printf("no show passes the filters");
	for (uint32_t i = 0; i < n; i++) {
		const msgpack_object_kv *entry = &loosen->via.map.ptr[i];
		const int64_t without = ctl_int(&entry->val);
		char *name = ctl_text(&entry->key);
		for (char *at = name; *at; at++)
			*at = *at == '_' ? '-' : *at;
		if (without > 0)
			(void)printf("%s without --%s %" PRId64 " would", any ? "," : ";", name, without);
		any = any || without > 0;
		free(name);
	}
	(void)puts(any ? "" : n > 1 ? "; loosen more than one of them" : "");
}

static void print_none(const msgpack_object *result)
{
	const msgpack_object *passed = ctl_get(result, "passed");
	char *evidence = ctl_text(ctl_get(result, "evidence"));

	if (!ctl_is_nil(passed) && ctl_int(passed) == 0)
		print_loosen(ctl_get(result, "loosen"));
	else if (ctl_is_nil(passed) && strcmp(evidence, "none") == 0)
		(void)puts("nothing is known that it could have in common with another show");
	else
		(void)puts("none of the shows that pass the filters is an answer");
	free(evidence);
}

static void print_explanations(const msgpack_object *items)
{
	for (uint32_t i = 0; i < items->via.array.size; i++) {
		const msgpack_object *item = &items->via.array.ptr[i], *explain = ctl_get(item, "explain");
		char *title = ctl_text(ctl_get(item, "title")), *text = ctl_text(ctl_get(explain, "text"));
		if (!ctl_is_nil(explain))
			(void)printf("%s%" PRIu32 ". %s: %s\n", i ? "" : "\n", i + 1, title, text);
		free(title);
		free(text);
	}
}

static void print_table(const struct ctl *ctl, const msgpack_object *items,
			char *(*mine)(const struct ctl *ctl, const msgpack_object *item))
{
	static const struct table_column columns[] = {
	    {"#", true, TABLE_WHOLE},     {"Match", true, TABLE_WHOLE},     {"Cult", true, TABLE_WHOLE},
	    {"Mine", false, TABLE_WHOLE}, {"Title", false, TABLE_CUT_LAST}, {"Year", true, TABLE_WHOLE},
	    {"Type", false, TABLE_WHOLE}, {"Predicted", true, TABLE_WHOLE}, {"Predicted 2", true, TABLE_WHOLE},
	    {"Mean", true, TABLE_WHOLE},  {"Ratings", true, TABLE_WHOLE},   {"Genres", false, TABLE_CUT_FIRST},
	};
	struct table table = {.columns = columns, .n_columns = sizeof columns / sizeof *columns};

	for (uint32_t i = 0; i < items->via.array.size; i++) {
		const msgpack_object *item = &items->via.array.ptr[i];
		char *cells[] = {number(i + 1),
				 per_cent(ctl_get(item, "match")),
				 real(ctl_get(item, "cult"), 3),
				 mine ? mine(ctl, item) : NULL,
				 ctl_text(ctl_get(item, "title")),
				 number(ctl_int(ctl_get(item, "year"))),
				 ctl_is_nil(ctl_get(item, "type")) ? NULL : ctl_text(ctl_get(item, "type")),
				 predicted(item, 0),
				 predicted(item, 1),
				 real(ctl_get(item, "mean"), 2),
				 number(ctl_int(ctl_get(item, "ratings"))),
				 ctl_list(ctl_get(item, "genres"))};
		table_add(&table, cells);
	}
	table_print(&table, stdout, terminal_width(stdout));
	table_free(&table);
}

/* Say which shows were left out of the answer by a guess at their titles. */
static void print_excluded(const msgpack_object *excluded)
{
	for (uint32_t i = 0; excluded->type == MSGPACK_OBJECT_ARRAY && i < excluded->via.array.size; i++) {
		const msgpack_object *item = &excluded->via.array.ptr[i];
		char *name = ctl_found_name(item);
		if (rpc_str_is(ctl_get(item, "matched"), "fuzzy"))
			(void)printf("without %s\n", name);
		free(name);
	}
}

void answers_print(const struct ctl *ctl, const msgpack_object *result,
		   char *(*mine)(const struct ctl *ctl, const msgpack_object *item))
{
	const msgpack_object *items = ctl_get(result, "items"), *passed = ctl_get(result, "passed");

	print_excluded(ctl_get(result, "excluded"));
	if (items->type != MSGPACK_OBJECT_ARRAY || items->via.array.size == 0) {
		print_none(result);
		return;
	}
	print_table(ctl, items, mine);
	if (!ctl_is_nil(passed))
		(void)printf("%" PRId64 " %s the filters\n", ctl_int(passed),
			     ctl_int(passed) == 1 ? "show passes" : "shows pass");
	print_explanations(items);
}
