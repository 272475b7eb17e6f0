/* choose.c - reads the candidates that the daemon names in its error, and puts the id of one in the place of the title. */
#include "config.h"

#include "ctl/choose.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl/memory.h"
#include "ctl/repair.h"
#include "wire/rpc.h"

/* How many candidates there may be, and how many titles of a call may be asked about. */
enum { CANDIDATES = 16, TITLES = 32 };

/* What comes before and behind the title in the error, and before each candidate. */
static const char before[] = RPC_AMBIGUOUS_TITLE ": \"", behind[] = "\" may be any of these", line_head[] = "\n  id:";

/* The daemon's error "ambiguous-title", taken apart. */
struct ambiguous {
	const char *title; /* as the error quotes it */
	size_t length;
	bool cut; /* the title is longer */
	int64_t ids[CANDIDATES];
	const char *names[CANDIDATES]; /* the rest of the line, up to its end */
	size_t n;
};

/* Returns false if the error is none of this kind. */
static bool read_error(const char *text, struct ambiguous *found)
{
	const char *end = strstr(text, behind);

	*found = (struct ambiguous){.n = 0};
	if (strncmp(text, before, sizeof before - 1) != 0 || !end)
		return false;
	found->title = text + sizeof before - 1;
	found->length = (size_t)(end - found->title);
	found->cut = found->length > 3 && strncmp(end - 3, "...", 3) == 0;
	for (const char *at = end; found->n < CANDIDATES && (at = strstr(at, line_head));) {
		char *rest;
		at += sizeof line_head - 1;
		errno = 0;
		const int64_t id = strtoll(at, &rest, 10);
		rest += strspn(rest, " ");
		if (errno != 0 || *rest != '"')
			break;
		found->ids[found->n] = id;
		found->names[found->n++] = rest;
	}
	return found->n > 0;
}

static bool is_title(const msgpack_object *object, const struct ambiguous *found)
{
	const size_t length = found->cut ? found->length - 3 : found->length;

	return object->type == MSGPACK_OBJECT_STR &&
	       (found->cut ? object->via.str.size >= length : object->via.str.size == length) &&
	       memcmp(object->via.str.ptr, found->title, length) == 0;
}

/* Put the id in the place of the first title that is meant.  Returns false where there is none.  Of options only those
 * that name shows have titles. */
static bool replace(msgpack_object *object, const struct ambiguous *found, int64_t id)
{
	if (is_title(object, found)) {
		*object = (msgpack_object){
		    .type = id < 0 ? MSGPACK_OBJECT_NEGATIVE_INTEGER : MSGPACK_OBJECT_POSITIVE_INTEGER, .via.i64 = id};
		return true;
	}
	if (object->type == MSGPACK_OBJECT_ARRAY) {
		for (uint32_t i = 0; i < object->via.array.size; i++) {
			if (replace(&object->via.array.ptr[i], found, id))
				return true;
		}
	}
	for (uint32_t i = 0; object->type == MSGPACK_OBJECT_MAP && i < object->via.map.size; i++) {
		msgpack_object_kv *entry = &object->via.map.ptr[i];
		if (rpc_str_is(&entry->key, "exclude") && replace(&entry->val, found, id))
			return true;
	}
	return false;
}

/* Make the params with the id in the place of the title.  Returns false where the title is not in them. */
static bool replace_packed(msgpack_sbuffer *params, const struct ambiguous *found, int64_t id)
{
	msgpack_sbuffer changed;
	msgpack_packer packer;
	msgpack_zone zone;
	msgpack_object object;
	bool replaced;

	if (!msgpack_zone_init(&zone, 4096) ||
	    msgpack_unpack(params->data, params->size, NULL, &zone, &object) != MSGPACK_UNPACK_SUCCESS)
		memory_is_short();
	replaced = replace(&object, found, id);
	if (replaced) {
		msgpack_sbuffer_init(&changed);
		msgpack_packer_init(&packer, &changed, msgpack_sbuffer_write);
		if (msgpack_pack_object(&packer, object) != 0)
			memory_is_short();
		msgpack_sbuffer_destroy(params);
		*params = changed;
	}
	msgpack_zone_destroy(&zone);
	return replaced;
}

/* List the candidates and read a number.  Returns the place of the candidate, or found->n where none is chosen. */
static size_t ask(const struct ambiguous *found)
{
	char line[32], *end;

	(void)fprintf(stderr, "%.*s may be any of these:\n", (int)found->length, found->title);
	for (size_t i = 0; i < found->n; i++) {
		const size_t length = strcspn(found->names[i], "\n");
		char *name = memory_take(text_repair(found->names[i], length, true));
		(void)fprintf(stderr, "%3zu  %s\n", i + 1, name);
		free(name);
	}
	for (;;) {
		(void)fprintf(stderr, "which one, 1 to %zu? ", found->n);
		if (!fgets(line, sizeof line, stdin) || line[0] == '\n')
			return found->n;
		const unsigned long number = strtoul(line, &end, 10);
		if (end != line && (*end == '\n' || *end == '\0') && number >= 1 && number <= found->n)
			return number - 1;
	}
}

int choose_call(bool may_ask, struct animeclient *client, const char *method, const msgpack_sbuffer *params,
		const msgpack_object **result, struct animeclient_error *err)
{
	const bool terminal = may_ask && isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
	int status = animeclient_call(client, method, params->data, params->size, result, err);
	msgpack_sbuffer own;
	struct ambiguous found;

	if (status == 0 || !terminal || err->status != ANIMECLIENT_REFUSED)
		return status;
	msgpack_sbuffer_init(&own);
	if (msgpack_sbuffer_write(&own, params->data, params->size) != 0)
		memory_is_short();
	for (int t = 0; t < TITLES && status < 0 && err->status == ANIMECLIENT_REFUSED && read_error(err->text, &found);
	     t++) {
		const size_t chosen = ask(&found);
		if (chosen == found.n || !replace_packed(&own, &found, found.ids[chosen]))
			break;
		status = animeclient_call(client, method, own.data, own.size, result, err);
	}
	msgpack_sbuffer_destroy(&own);
	return status;
}
