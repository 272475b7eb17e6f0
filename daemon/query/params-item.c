/* params-item.c - finds the item that an id or a title in a request names, and the user that a name means; an error
 * names what is nearest. */
#include "config.h"

#include "query/params.h"

#include <inttypes.h>
#include <string.h>

/* How many candidates an error lists. */
#define CANDIDATES 8

static void describe(const struct catalogue *catalogue, uint32_t item, bool details, char *out, size_t size)
{
	struct text type = strings_at(&catalogue->types, item);
	int32_t year = catalogue->years ? catalogue->years[item] : 0;
	char title[QUOTE_SIZE], more[64] = "";
	int used = 0;

	text_quote(strings_at(&catalogue->titles, item), title);
	if (details && type.length > 0)
		used = snprintf(more, sizeof more, ", %.*s", (int)(type.length < 32 ? type.length : 32), type.bytes);
	if (details && year > 0)
		(void)snprintf(more + used, sizeof more - (size_t)used, ", %" PRId32, year);
	(void)snprintf(out, size, "%s (id:%" PRId64 "%s)", title, catalogue->ids[item], more);
}

/* Write the candidates with commas between them, as many as there is room for. */
static void list_hits(const struct catalogue *catalogue, const struct lookup_hit *hits, size_t n, bool details,
		      char *out, size_t size)
{
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; i < n; i++) {
		char one[QUOTE_SIZE + 96];
		describe(catalogue, hits[i].item, details, one, sizeof one);
		size_t length = strlen(one) + (i ? 2 : 0);
		if (used + length >= size)
			break;
		(void)snprintf(out + used, size - used, "%s%s", i ? ", " : "", one);
		used += length;
	}
}

static int resolve_title(struct question *question, struct text text, struct named_item *out)
{
	const struct catalogue *catalogue = &question->model->file.catalogue;
	struct lookup_hit hits[CANDIDATES];
	char quoted[QUOTE_SIZE], list[1536];
	size_t n = CANDIDATES;
	enum lookup_way way = LOOKUP_FUZZY;
	enum lookup_outcome outcome = lookup_resolve(question->model->lookup, text, hits, &n, &way);

	if (outcome == LOOKUP_FOUND) {
		*out = (struct named_item){hits[0].item, lookup_way_name(way)};
		return 0;
	}
	if (outcome == LOOKUP_NO_MEMORY)
		return question_out_of_memory(question);
	text_quote(text, quoted);
	list_hits(catalogue, hits, n, outcome == LOOKUP_AMBIGUOUS, list, sizeof list);
	if (outcome == LOOKUP_AMBIGUOUS)
		return rpc_fail(&question->err, RPC_REQUEST_ERROR, RPC_AMBIGUOUS_TITLE,
				"%s may be any of these; say which by id: %s", quoted, list);
	return rpc_fail(&question->err, RPC_REQUEST_ERROR, RPC_UNKNOWN_TITLE, "no show is called %s%s%s", quoted,
			n ? "; nearest: " : "", list);
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
		*out = (struct named_item){ANIMED_NO_ITEM, "id"};
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
		return question_refuse(question, "%s must be a title (a string) or an id (an integer)", what);
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
	struct text text;

	/* an id takes no time, nor does what is refused */
	if (param_text(question, object, "", &text) < 0)
		return 0;
	const enum lookup_outcome outcome = lookup_title(lookup, text, hits, &n, &way);
	if (outcome == LOOKUP_FOUND) {
		question->found_in = object;
		question->found = (struct named_item){hits[0].item, lookup_way_name(way)};
	}
	return outcome == LOOKUP_UNKNOWN ? lookup_cost(lookup) : 0;
}
