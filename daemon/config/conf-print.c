/* conf-print.c - the configuration in force, as YAML. */
#include "config.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "config/conf-table.h"
#include "config/conf.h"
#include "config/param-read.h"

static int add_scalar(yaml_document_t *document, const char *text)
{
	return yaml_document_add_scalar(document, NULL, (const yaml_char_t *)text, -1, YAML_ANY_SCALAR_STYLE);
}

/* The mapping below `parent` with this key, made where it is missing. */
static int child_mapping(yaml_document_t *document, int parent, const char *key)
{
	yaml_node_t *node = mapping_get(document, yaml_document_get_node(document, parent), key);

	if (node)
		return (int)(node - document->nodes.start) + 1;
	int child = yaml_document_add_mapping(document, NULL, YAML_BLOCK_MAPPING_STYLE);
	(void)yaml_document_append_mapping_pair(document, parent, add_scalar(document, key), child);
	return child;
}

static int add_value(yaml_document_t *document, const struct animed_param *param, const struct animed_value *value)
{
	char *text = value_text(param, value);
	int node;

	if (text && param->type == ANIMED_RANGE) {
		char low[32], high[32];
		(void)snprintf(low, sizeof low, "%.15g", value->range[0]);
		(void)snprintf(high, sizeof high, "%.15g", value->range[1]);
		node = yaml_document_add_sequence(document, NULL, YAML_FLOW_SEQUENCE_STYLE);
		(void)yaml_document_append_sequence_item(document, node, add_scalar(document, low));
		(void)yaml_document_append_sequence_item(document, node, add_scalar(document, high));
	} else if (text && param->type == ANIMED_LIST) {
		char *rest = text, *line;
		node = yaml_document_add_sequence(document, NULL, YAML_FLOW_SEQUENCE_STYLE);
		while ((line = strsep(&rest, "\n")) && rest)
			(void)yaml_document_append_sequence_item(document, node, add_scalar(document, line));
	} else {
		node = add_scalar(document, text ? text : "");
	}
	free(text);
	return node;
}

/* Add the values that are set below the mapping `parent`, their dotted names nested. */
static void add_values(yaml_document_t *document, int parent, const struct animed_param *table,
		       const struct animed_value *values)
{
	for (size_t i = 0; table[i].name; i++) {
		char *name = values[i].set ? strdup(table[i].name) : NULL, *rest = name, *part;
		int at = parent;
		if (!name)
			continue;
		while ((part = strsep(&rest, ".")) && rest)
			at = child_mapping(document, at, part);
		int key = add_scalar(document, part);
		(void)yaml_document_append_mapping_pair(document, at, key, add_value(document, &table[i], &values[i]));
		free(name);
	}
}

static struct animed_value text_value(const char *text)
{
	return (struct animed_value){.set = true, .string = text};
}

static struct animed_value int_value(int64_t number)
{
	return (struct animed_value){.set = true, .integer = number};
}

static struct animed_value bool_value(bool boolean)
{
	return (struct animed_value){.set = true, .boolean = boolean};
}

/* The core values back from the configuration; fill_conf() the other way. */
static void core_values(const struct conf *conf, struct animed_value *v)
{
	static const char *const levels[] = {"debug", "info", "warning", "error"};
	static const char *const sequels[] = {
	    [SEQUELS_HIDE] = "hide", [SEQUELS_SHOW] = "show", [SEQUELS_ONLY] = "only"};

	v[C_SOCKET] = text_value(conf->socket);
	v[C_MODELS] = text_value(conf->models);
	v[C_PLUGINS] = text_value(conf->plugins);
	v[C_LOG] = text_value(levels[conf->log]);
	v[C_SOURCE] = text_value(conf->source.plugin.info->name);
	v[C_MODEL] = text_value(conf->model.plugin.info->name);
	v[C_SIMILARITY] = text_value(conf->similarity.plugin.info->name);
	v[C_UNKNOWN_ITEMS] = text_value(conf->dataset.unknown_items == UNKNOWN_ITEMS_KEEP ? "keep" : "drop");
	v[C_CACHE] = (struct animed_value){.set = true, .boolean = conf->dataset.cache};
	v[C_VALID_PCT] = (struct animed_value){.set = true, .real = conf->valid_pct};
	v[C_SEED] = int_value((int64_t)conf->seed);
	v[C_THREADS] = int_value(conf->threads);
	v[C_KEEP] = int_value(conf->keep);
	v[C_WATCH] = bool_value(conf->watch);
	v[C_GATE_SELF] = bool_value(conf->gate.self_similarity);
	v[C_GATE_LOSS] = (struct animed_value){.set = true, .real = conf->gate.loss_rise};
	v[C_GATE_OVERLAP] = (struct animed_value){.set = true, .real = conf->gate.overlap};
	v[C_GATE_GOLDEN] = (struct animed_value){.set = true, .list = conf->gate.golden};
	v[C_RETRAIN_EVERY] = int_value(conf->retrain.every);
	v[C_RETRAIN_CHANGED] = bool_value(conf->retrain.when_changed);
	v[C_RETRAIN_NICE] = int_value(conf->retrain.nice);
	v[C_GROUP] = text_value(conf->group);
	v[C_LIMIT] = int_value(conf->limit);
	v[C_MIN_RATINGS] = int_value(conf->min_ratings);
	v[C_SHRINK] = (struct animed_value){.set = true, .real = conf->shrink};
	v[C_SEQUELS] = text_value(sequels[conf->sequels]);
	v[C_RELATIONS] = (struct animed_value){.set = conf->relations != NULL, .string = conf->relations};
	v[C_INLINE_US] = int_value((int64_t)(conf->inline_cost * 1e6 + 0.5));
	v[C_FRAME_BYTES] = int_value((int64_t)conf->limits.frame_bytes);
	v[C_ELEMENTS] = int_value((int64_t)conf->limits.elements);
	v[C_DEPTH] = int_value(conf->limits.depth);
	v[C_IN_FLIGHT] = int_value(conf->limits.in_flight);
	v[C_OUTPUT_BYTES] = int_value((int64_t)conf->limits.output_bytes);
	v[C_CLIENTS] = int_value(conf->limits.clients);
	v[C_EVENT_BYTES] = int_value((int64_t)conf->limits.event_bytes);
	v[C_IDLE_SECONDS] = int_value(conf->limits.idle_seconds);
}

static void add_stage(yaml_document_t *document, int root, const char *name, const struct conf_stage *stage)
{
	int pipeline = child_mapping(document, root, "pipeline");

	add_values(document, child_mapping(document, pipeline, name), stage->plugin.info->params, stage->values);
}

/* Write the document, which is freed. */
static void emit(yaml_document_t *document, FILE *out)
{
	yaml_emitter_t emitter;

	if (!yaml_emitter_initialize(&emitter)) {
		yaml_document_delete(document);
		return;
	}
	yaml_emitter_set_output_file(&emitter, out);
	yaml_emitter_set_unicode(&emitter, 1);
	yaml_emitter_set_width(&emitter, -1);
	(void)yaml_emitter_dump(&emitter, document);
	(void)yaml_emitter_flush(&emitter);
	yaml_emitter_delete(&emitter);
}

void conf_print(const struct conf *conf, FILE *out)
{
	struct animed_value core[C_END + 1] = {0};
	yaml_document_t document;

	core_values(conf, core);
	if (yaml_document_initialize(&document, NULL, NULL, NULL, 1, 1)) {
		int root = yaml_document_add_mapping(&document, NULL, YAML_BLOCK_MAPPING_STYLE);
		add_values(&document, root, conf_table, core);
		add_stage(&document, root, "source", &conf->source);
		add_stage(&document, root, "model", &conf->model);
		add_stage(&document, root, "similarity", &conf->similarity);
		emit(&document, out);
	}
}

/* Whether the value is what the table gives where nothing is said. */
static bool is_default(const struct animed_param *param, const struct animed_value *value)
{
	const struct animed_param row[] = {*param, {.name = NULL}};
	struct animed_value *usual = calloc(1, sizeof *usual);
	struct animed_error err;
	bool same = false;

	if (param->def && usual && value_parse(param, param->def, "/", usual, &err) == 0) {
		char *a = value_text(param, value), *b = value_text(param, usual);
		same = a && b && strcmp(a, b) == 0;
		free(a);
		free(b);
	}
	values_free(row, usual);
	return same;
}

void conf_print_model(const struct conf_stage *stage, FILE *out)
{
	const struct animed_param *table = stage->plugin.info->params;
	struct animed_value *shown = calloc(table_size(table) + 1, sizeof *shown);
	yaml_document_t document;

	for (size_t i = 0; shown && table[i].name; i++) {
		if (stage->values[i].set && !is_default(&table[i], &stage->values[i]))
			shown[i] = stage->values[i];
	}
	if (shown && yaml_document_initialize(&document, NULL, NULL, NULL, 1, 1)) {
		const int root = yaml_document_add_mapping(&document, NULL, YAML_BLOCK_MAPPING_STYLE);
		const int pipeline = child_mapping(&document, root, "pipeline");
		const int model = yaml_document_add_mapping(&document, NULL, YAML_FLOW_MAPPING_STYLE);
		(void)yaml_document_append_mapping_pair(&document, pipeline, add_scalar(&document, "model"), model);
		(void)yaml_document_append_mapping_pair(&document, model, add_scalar(&document, "plugin"),
							add_scalar(&document, stage->plugin.info->name));
		add_values(&document, model, table, shown);
		emit(&document, out);
	}
	free(shown);
}

static json_t *json_value(const struct animed_param *param, const struct animed_value *value)
{
	switch (param->type) {
	case ANIMED_BOOL:
		return json_boolean(value->boolean);
	case ANIMED_INT:
	case ANIMED_DURATION:
		return json_integer(value->integer);
	case ANIMED_REAL:
		return json_real(value->real);
	case ANIMED_RANGE:
		return json_pack("[f, f]", value->range[0], value->range[1]);
	case ANIMED_STRING:
	case ANIMED_PATH:
	case ANIMED_ENUM:
		return json_string(value->string);
	case ANIMED_LIST: {
		json_t *list = json_array();
		for (size_t i = 0; i < value->list.n; i++)
			(void)json_array_append_new(list, json_string(value->list.at[i]));
		return list;
	}
	}
	return NULL;
}

char *conf_stage_json(const struct conf_stage *stage)
{
	const struct animed_param *table = stage->plugin.info->params;
	json_t *object = json_object();
	int bad = 0;

	for (size_t i = 0; table[i].name; i++) {
		if (stage->values[i].set)
			bad |= json_object_set_new(object, table[i].name, json_value(&table[i], &stage->values[i]));
	}
	char *text = bad ? NULL : json_dumps(object, JSON_COMPACT);
	json_decref(object);
	return text;
}
