/* json.c - turns MessagePack into JSON with jansson. */
#include "config.h"

#include "ctl/json.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "ctl/memory.h"
#include "ctl/repair.h"

static json_t *to_json(const msgpack_object *object);

static json_t *string_to_json(const char *bytes, size_t length)
{
	char *text = memory_take(text_repair(bytes, length, false));
	json_t *json = json_string(text);

	free(text);
	return json;
}

static char *key_text(const msgpack_object *key)
{
	if (key->type == MSGPACK_OBJECT_STR)
		return memory_take(text_repair(key->via.str.ptr, key->via.str.size, false));
	json_t *json = to_json(key);
	char *text = memory_take(json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY));
	json_decref(json);
	return text;
}

static json_t *map_to_json(const msgpack_object_map *map)
{
	json_t *json = json_object();

	for (uint32_t i = 0; i < map->size; i++) {
		char *key = key_text(&map->ptr[i].key);
		if (json_object_set_new(json, key, to_json(&map->ptr[i].val)) < 0)
			memory_is_short();
		free(key);
	}
	return json;
}

static json_t *array_to_json(const msgpack_object_array *array)
{
	json_t *json = json_array();

	for (uint32_t i = 0; i < array->size; i++)
		if (json_array_append_new(json, to_json(&array->ptr[i])) < 0)
			memory_is_short();
	return json;
}

static json_t *to_json(const msgpack_object *object)
{
	switch (object->type) {
	case MSGPACK_OBJECT_BOOLEAN:
		return json_boolean(object->via.boolean);
	case MSGPACK_OBJECT_POSITIVE_INTEGER:
		return object->via.u64 <= INT64_MAX ? json_integer((json_int_t)object->via.u64)
						    : json_real((double)object->via.u64);
	case MSGPACK_OBJECT_NEGATIVE_INTEGER:
		return json_integer(object->via.i64);
	case MSGPACK_OBJECT_FLOAT32:
	case MSGPACK_OBJECT_FLOAT64:
		return isfinite(object->via.f64) ? json_real(object->via.f64) : json_null();
	case MSGPACK_OBJECT_STR:
		return string_to_json(object->via.str.ptr, object->via.str.size);
	case MSGPACK_OBJECT_BIN:
		return string_to_json(object->via.bin.ptr, object->via.bin.size);
	case MSGPACK_OBJECT_ARRAY:
		return array_to_json(&object->via.array);
	case MSGPACK_OBJECT_MAP:
		return map_to_json(&object->via.map);
	case MSGPACK_OBJECT_NIL:
	case MSGPACK_OBJECT_EXT:
		break;
	}
	return json_null();
}

static int print(const msgpack_object *object, FILE *out, size_t layout)
{
	json_t *json = to_json(object);
	const int status = json_dumpf(json, out, layout | JSON_ENCODE_ANY | JSON_REAL_PRECISION(7));

	if (status < 0 && !ferror(out))
		memory_is_short();
	json_decref(json);
	(void)fputc('\n', out);
	return ferror(out) ? -1 : 0;
}

int json_print(const msgpack_object *object, FILE *out)
{
	return print(object, out, JSON_INDENT(2));
}

int json_print_line(const msgpack_object *object, FILE *out)
{
	return print(object, out, JSON_COMPACT);
}
