/* params-item.c - finds the item that an id or a title in a request names, and the user that a name means; an error
 * names what is nearest. */
#include "config.h"

#include "query/params.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* How many candidates an error lists. */
#define CANDIDATES 8

/* Write an item as a line that says how to name it: "id:34599  "Made in Abyss" (TV, 2017)". */
static void describe(const struct catalogue *catalogue, uint32_t item, char *out, size_t size)
{
	const struct text type = strings_at(&catalogue->types, item);
	const int32_t year = catalogue->years ? catalogue->years[item] : 0;
	char title[QUOTE_SIZE], kind[QUOTE_SIZE], id[32], more[64] = "";

	text_quote(strings_at(&catalogue->titles, item), title);
	text_quote((struct text){type.bytes, type.length < 32 ? type.length : 32}, kind);
	const int quoted = (int)strlen(kind) - 2;
	(void)snprintf(id, sizeof id, "id:%" PRId64, catalogue->ids[item]);
	if (type.length > 0 && year > 0)
		(void)snprintf(more, sizeof more, " (%.*s, %" PRId32 ")", quoted, kind + 1, year);
	else if (type.length > 0)
		(void)snprintf(more, sizeof more, " (%.*s)", quoted, kind + 1);
	else if (year > 0)
		(void)snprintf(more, sizeof more, " (%" PRId32 ")", year);
	(void)snprintf(out, size, "\n  %-9s  %s%s", id, title, more);
}

/* Write the candidates, one a line, as many as there is room for. */
static void list_hits(const struct catalogue *catalogue, const struct lookup_hit *hits, size_t n, char *out,
		      size_t size)
{
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; i < n; i++) {
		char one[QUOTE_SIZE + 128];
		describe(catalogue, hits[i].item, one, sizeof one);
		const size_t length = strlen(one);
		if (used + length >= size)
			break;
		memcpy(out + used, one, length + 1);
		used += length;
	}
}

/* Returns what stands behind `head`, in any case of letters, at the beginning of the text; else the text. */
static struct text behind(struct text text, const char *head)
{
	const size_t length = strlen(head);

	if (text.length < length || strncasecmp(text.bytes, head, length) != 0)
		return text;
	return (struct text){text.bytes + length, text.length - length};
}

static size_t count_digits(struct text text)
{
	size_t n = 0;

	while (n < text.length && text.bytes[n] >= '0' && text.bytes[n] <= '9')
		n++;
	return n;
}

/* Returns the show whose id the digits are, or ANIMED_NO_ITEM. */
static uint32_t item_of_digits(const struct catalogue *catalogue, struct text digits)
{
	char number[20];

	if (digits.length == 0 || digits.length >= sizeof number)
		return ANIMED_NO_ITEM;
	(void)snprintf(number, sizeof number, "%.*s", (int)digits.length, digits.bytes);
	return catalogue_find(catalogue, strtoll(number, NULL, 10));
}

uint32_t param_item_of_id(const struct catalogue *catalogue, struct text text)
{
	text = behind(behind(behind(text, "mal:"), "id:"), "#");
	while (text.length > 0 && *text.bytes == ' ')
		text = (struct text){text.bytes + 1, text.length - 1};
	return count_digits(text) == text.length ? item_of_digits(catalogue, text) : ANIMED_NO_ITEM;
}

/* Whether the text is an id as messages write it, "id:1", or an address of a show at MyAnimeList; *digits receives the
 * id in it. */
static bool has_id(struct text text, struct text *digits)
{
	static const char place[] = "myanimelist.net/anime/";
	const char *at = memmem(text.bytes, text.length, place, sizeof place - 1);

	*digits = behind(text, "id:");
	if (digits->length < text.length && digits->length > 0 && count_digits(*digits) == digits->length)
		return true;
	if (!at)
		return false;
	at += sizeof place - 1;
	*digits = (struct text){at, text.length - (size_t)(at - text.bytes)};
	digits->length = count_digits(*digits);
	return digits->length > 0;
}

/* Refuse a text that means no show.  If it is a number, and there is a show with this id, say how that is named. */
static int fail_unknown(struct question *question, struct text text, const char *list)
{
	const struct catalogue *catalogue = &question->model->file.catalogue;
	const uint32_t item = param_item_of_id(catalogue, text);
	char quoted[QUOTE_SIZE], one[QUOTE_SIZE + 128];

	text_quote(text, quoted);
	if (item != ANIMED_NO_ITEM) {
		describe(catalogue, item, one, sizeof one);
		return rpc_fail(&question->err, RPC_REQUEST_ERROR, RPC_UNKNOWN_TITLE,
				"no show is called %s; there is one with this id:%s", quoted, one);
	}
	return rpc_fail(&question->err, RPC_REQUEST_ERROR, RPC_UNKNOWN_TITLE, "no show is called %s%s%s", quoted,
			*list ? "; the nearest:" : "", list);
}

/* Refuse a text for what the lookup said of it. */
static int fail_title(struct question *question, struct text text, enum lookup_outcome outcome, const char *list)
{
	const char *other = outcome == LOOKUP_NO_YEAR ? "year" : outcome == LOOKUP_NO_SEASON ? "season" : "type";
	char quoted[QUOTE_SIZE];

	text_quote(text, quoted);
	if (outcome == LOOKUP_AMBIGUOUS)
		return rpc_fail(&question->err, RPC_REQUEST_ERROR, RPC_AMBIGUOUS_TITLE,
				"%s may be any of these; say which by its id:%s", quoted, list);
	if (outcome == LOOKUP_UNKNOWN)
		return fail_unknown(question, text, list);
	return rpc_fail(&question->err, RPC_REQUEST_ERROR, RPC_UNKNOWN_TITLE,
			"no show is called %s; with another %s there is:%s", quoted, other, list);
}

static int resolve_title(struct question *question, struct text text, struct named_item *out)
{
	const struct catalogue *catalogue = &question->model->file.catalogue;
	struct lookup_hit hits[CANDIDATES];
	char list[1536];
	size_t n = CANDIDATES;
	enum lookup_way way = LOOKUP_FUZZY;
	struct text digits;

	if (has_id(text, &digits)) {
		*out = (struct named_item){.item = item_of_digits(catalogue, digits), .matched = "id"};
		if (out->item != ANIMED_NO_ITEM)
			return 0;
		return rpc_fail(&question->err, RPC_REQUEST_ERROR, RPC_UNKNOWN_ITEM,
				"there is no show with the id %.*s", (int)(digits.length < 20 ? digits.length : 20),
				digits.bytes);
	}
	enum lookup_outcome outcome = lookup_resolve(question->model->lookup, text, hits, &n, &way);

	if (outcome == LOOKUP_FOUND) {
		*out = (struct named_item){hits[0].item, lookup_way_name(way), text};
		return 0;
	}
	if (outcome == LOOKUP_NO_MEMORY)
		return question_out_of_memory(question);
	list_hits(catalogue, hits, n, list, sizeof list);
	return fail_title(question, text, outcome, list);
}

int param_item(struct question *question, const msgpack_object *object, const char *what, struct named_item *out)
{
	bool positive = object->type == MSGPACK_OBJECT_POSITIVE_INTEGER;
	struct text text;

	if (object == question->found_in) {
		*out = question->found;
		return 0;
	}
	if (positive || object->type == MSGPACK_OBJECT_NEGATIVE_INTEGER) {
		bool fits = !positive || object->via.u64 <= INT64_MAX;
		*out = (struct named_item){.item = ANIMED_NO_ITEM, .matched = "id"};
		if (fits)
			out->item = catalogue_find(&question->model->file.catalogue, object->via.i64);
		if (out->item != ANIMED_NO_ITEM)
			return 0;
		if (positive)
			return rpc_fail(&question->err, RPC_REQUEST_ERROR, RPC_UNKNOWN_ITEM,
					"there is no show with the id %" PRIu64, object->via.u64);
		return rpc_fail(&question->err, RPC_REQUEST_ERROR, RPC_UNKNOWN_ITEM,
				"there is no show with the id %" PRId64, object->via.i64);
	}
	if (object->type != MSGPACK_OBJECT_STR && object->type != MSGPACK_OBJECT_BIN)
		return question_refuse(question, "%s must be a string, or an integer, which is an id", what);
	if (param_text(question, object, what, &text) < 0)
		return -1;
	return resolve_title(question, text, out);
}

/* An integer is taken as a name, too, since some languages turn a name that consists of digits into an integer. */
int param_user(struct question *question, const msgpack_object *object, const char *what, char number[PARAM_NUMBER],
	       struct text *name, uint32_t *user)
{
	char quoted[QUOTE_SIZE];
	int length = 0;

	if (object->type == MSGPACK_OBJECT_POSITIVE_INTEGER)
		length = snprintf(number, PARAM_NUMBER, "%" PRIu64, object->via.u64);
	else if (object->type == MSGPACK_OBJECT_NEGATIVE_INTEGER)
		length = snprintf(number, PARAM_NUMBER, "%" PRId64, object->via.i64);
	*name = (struct text){number, (size_t)length};
	if (length == 0 && param_text(question, object, what, name) < 0)
		return -1;
	*user = model_find_user(question->model, *name);
	if (*user != UINT32_MAX)
		return 0;
	text_quote(*name, quoted);
	return rpc_fail(&question->err, RPC_REQUEST_ERROR, RPC_UNKNOWN_USER,
			"the model knows no user %s; only users of its training data can be predicted", quoted);
}

double param_item_cost(struct question *question, const msgpack_object *object)
{
	const struct lookup *lookup = question->model->lookup;
	struct lookup_hit hits[CANDIDATES];
	size_t n = CANDIDATES;
	enum lookup_way way;
	struct text text, digits;

	/* an id takes no time, nor does what is refused */
	if (param_text(question, object, "", &text) < 0 || has_id(text, &digits))
		return 0;
	const enum lookup_outcome outcome = lookup_title(lookup, text, hits, &n, &way);
	if (outcome == LOOKUP_FOUND) {
		question->found_in = object;
		question->found = (struct named_item){hits[0].item, lookup_way_name(way), text};
	}
	return outcome == LOOKUP_UNKNOWN ? lookup_cost(lookup) : 0;
}

bool param_failed_at_title(const struct rpc_error *err)
{
	return rpc_error_is(err, RPC_UNKNOWN_TITLE) || rpc_error_is(err, RPC_AMBIGUOUS_TITLE);
}

void param_add_error(struct rpc_error *err, const struct rpc_error *other)
{
	const char *from = strchr(other->text, ':') + 2, *several = strstr(from, " any of these; ");
	size_t used = strlen(err->text), length = several ? (size_t)(several - from) : strcspn(from, "\n");

	while (!several && strchr(from, '\n') && length > 0 && from[length] != ';')
		length--;
	if (used + length + 32 < sizeof err->text)
		(void)snprintf(err->text + used, sizeof err->text - used, "\n%.*s%s", (int)length, from,
			       several ? " any of several shows" : "");
}
