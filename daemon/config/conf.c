/* conf.c - the table of the daemon's own keys, and how a configuration is put together from it. */
#include "config.h"

#include "config/conf.h"

#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/paths.h"
#include "config/conf-table.h"
#include "config/param-read.h"
#include "installed.h"

/* Bytes of the source from which on a dataset is cached; 16 MB of CSV, half a million ratings, load in a tenth of a
 * second. */
#define CACHE_FROM (16u << 20)

/* What stands where a file has no pipeline.source: the demo data. */
static const char demo_source[] = "plugin: csv\n"
				  "ratings: {path: \"${ANIMED_DEMO:-" INSTALLED_DATADIR "/demo}/reviews.csv\"}\n"
				  "items: {path: \"${ANIMED_DEMO:-" INSTALLED_DATADIR "/demo}/animes.csv\"}\n";

/* These mappings belong to the plugins, all but the key `plugin` in them. */
static const char *const stages[] = {"pipeline.source", "pipeline.model", "pipeline.similarity", NULL};
static const char *const stage_keys[] = {"plugin", NULL};

/* A document and where its problems go. */
struct loader {
	struct conf *conf;
	struct problems problems;
	char base[PATH_MAX];
	struct animed_value *core;
};

static int not_yaml(const struct values_source *source, const yaml_parser_t *parser)
{
	const yaml_mark_t mark = parser->problem_mark;

	problem_add(source, &mark, "not YAML: %s", parser->problem ? parser->problem : "unreadable");
	return -1;
}

/* Take the one document that the parser has; where there is another, or what follows is no YAML, none is left. */
static int parse_document(const struct values_source *source, yaml_parser_t *parser)
{
	yaml_document_t extra;
	int status = 0;

	if (!yaml_parser_load(parser, source->document))
		return not_yaml(source, parser);
	if (!yaml_parser_load(parser, &extra)) {
		status = not_yaml(source, parser);
	} else {
		const yaml_node_t *second = yaml_document_get_root_node(&extra);
		if (second) {
			problem_add(source, &second->start_mark, "a second document; a configuration is one");
			status = -1;
		}
		yaml_document_delete(&extra);
	}
	if (status < 0)
		yaml_document_delete(source->document);
	return status;
}

/* Read a whole file, or the text where `file` is NULL, into *document. */
static int load_document(const struct values_source *source, const char *file, const char *text)
{
	yaml_parser_t parser;
	FILE *in = NULL;
	int status = -1;

	memset(source->document, 0, sizeof *source->document);
	if (file && !(in = fopen(file, "re"))) {
		problem_add(source, NULL, "cannot read: %s", strerror(errno));
		return -1;
	}
	if (yaml_parser_initialize(&parser)) {
		if (in)
			yaml_parser_set_input_file(&parser, in);
		else
			yaml_parser_set_input_string(&parser, (const unsigned char *)text, strlen(text));
		status = parse_document(source, &parser);
		yaml_parser_delete(&parser);
	}
	if (in)
		(void)fclose(in);
	return status;
}

/* Load the plugin of a stage, `usual` unless the mapping says otherwise, and read its keys. */
static void load_stage(const struct loader *loader, const struct values_source *source, yaml_node_t *mapping,
		       const char *usual, enum animed_kind kind, struct conf_stage *stage)
{
	struct animed_error err;
	const yaml_node_t *key = mapping_get(source->document, mapping, "plugin"), *at = key ? key : mapping;
	const char *name = usual;

	if (key && key->type != YAML_SCALAR_NODE) {
		problem_add(source, &key->start_mark, "plugin: a name is expected here");
		return;
	}
	if (key)
		name = (const char *)key->data.scalar.value;
	if (plugin_open(loader->conf->plugins, name, kind, &stage->plugin, &err) < 0)
		problem_add(source, at ? &at->start_mark : NULL, "%s: %s", plugin_kind_name(kind), err.text);
	else
		(void)values_read(source, stage->plugin.info->params, mapping, stage_keys, &stage->values);
	/* what was given and refused is not set either; it is reported, and nothing is trained with what stands in */
	if (kind == ANIMED_MODEL && stage->values && stage->plugin.info->ops.model->complete)
		stage->plugin.info->ops.model->complete(stage->values);
}

static char *take_string(struct animed_value *value)
{
	char *string = (char *)(uintptr_t)value->string;

	value->set = false;
	return string;
}

static void fill_queries(struct conf *conf, struct animed_value *v)
{
	const char *sequels = v[C_SEQUELS].string;

	conf->limit = (unsigned)v[C_LIMIT].integer;
	conf->min_ratings = (unsigned)v[C_MIN_RATINGS].integer;
	conf->shrink = v[C_SHRINK].real;
	conf->sequels = strcmp(sequels, "show") == 0   ? SEQUELS_SHOW
			: strcmp(sequels, "only") == 0 ? SEQUELS_ONLY
						       : SEQUELS_HIDE;
	conf->relations = v[C_RELATIONS].set ? take_string(&v[C_RELATIONS]) : NULL;
	conf->inline_cost = (double)v[C_INLINE_US].integer * 1e-6;
}

/* Move the core values into the configuration. */
static void fill_conf(struct loader *loader)
{
	struct conf *conf = loader->conf;
	struct animed_value *v = loader->core;
	const long cores = sysconf(_SC_NPROCESSORS_ONLN);

	conf->socket = take_string(&v[C_SOCKET]);
	conf->models = take_string(&v[C_MODELS]);
	conf->plugins = take_string(&v[C_PLUGINS]);
	conf->keep = (unsigned)v[C_KEEP].integer;
	conf->watch = v[C_WATCH].boolean;
	conf->gate = (struct conf_gate){
	    .self_similarity = v[C_GATE_SELF].boolean,
	    .loss_rise = v[C_GATE_LOSS].real,
	    .overlap = v[C_GATE_OVERLAP].real,
	    .golden = v[C_GATE_GOLDEN].list,
	};
	v[C_GATE_GOLDEN].set = false; /* moved */
	conf->retrain = (struct conf_retrain){
	    .every = v[C_RETRAIN_EVERY].integer,
	    .when_changed = v[C_RETRAIN_CHANGED].boolean,
	    .nice = (int)v[C_RETRAIN_NICE].integer,
	};
	conf->group = take_string(&v[C_GROUP]);
	conf->log = strcmp(v[C_LOG].string, "debug") == 0     ? ANIMED_DEBUG
		    : strcmp(v[C_LOG].string, "info") == 0    ? ANIMED_INFO
		    : strcmp(v[C_LOG].string, "warning") == 0 ? ANIMED_WARN
							      : ANIMED_ERROR;
	conf->dataset.unknown_items =
	    strcmp(v[C_UNKNOWN_ITEMS].string, "keep") == 0 ? UNKNOWN_ITEMS_KEEP : UNKNOWN_ITEMS_DROP;
	conf->dataset.cache = v[C_CACHE].boolean;
	conf->dataset.cache_from = CACHE_FROM;
	conf->valid_pct = v[C_VALID_PCT].real;
	conf->seed = (uint64_t)v[C_SEED].integer;
	conf->threads = v[C_THREADS].integer ? (unsigned)v[C_THREADS].integer : cores > 0 ? (unsigned)cores : 1;
	fill_queries(conf, v);
	conf->limits = (struct conf_limits){
	    .frame_bytes = (size_t)v[C_FRAME_BYTES].integer,
	    .elements = (size_t)v[C_ELEMENTS].integer,
	    .depth = (unsigned)v[C_DEPTH].integer,
	    .in_flight = (unsigned)v[C_IN_FLIGHT].integer,
	    .output_bytes = (size_t)v[C_OUTPUT_BYTES].integer,
	    .event_bytes = (size_t)v[C_EVENT_BYTES].integer,
	    .clients = (unsigned)v[C_CLIENTS].integer,
	    .idle_seconds = (unsigned)v[C_IDLE_SECONDS].integer,
	};
}

/* The demo source, from its own document. */
static void load_demo_source(struct loader *loader)
{
	yaml_document_t document;
	const struct values_source source = {"built-in configuration", loader->base, &document, &loader->problems};

	if (load_document(&source, NULL, demo_source) == 0) {
		load_stage(loader, &source, yaml_document_get_root_node(&document), "csv", ANIMED_SOURCE,
			   &loader->conf->source);
		yaml_document_delete(&document);
	}
}

static void load_pipeline(struct loader *loader, const struct values_source *source, yaml_node_t *root)
{
	yaml_node_t *pipeline = mapping_get(source->document, root, "pipeline");
	yaml_node_t *from = mapping_get(source->document, pipeline, "source");
	const struct animed_value *v = loader->core;

	if (from)
		load_stage(loader, source, from, v[C_SOURCE].string, ANIMED_SOURCE, &loader->conf->source);
	else
		load_demo_source(loader);
	load_stage(loader, source, mapping_get(source->document, pipeline, "model"), v[C_MODEL].string, ANIMED_MODEL,
		   &loader->conf->model);
	load_stage(loader, source, mapping_get(source->document, pipeline, "similarity"), v[C_SIMILARITY].string,
		   ANIMED_SIMILARITY, &loader->conf->similarity);
}

/* The parameter of the similarity plugin that is for the daemon. */
static unsigned wanted_neighbours(const struct conf_stage *stage)
{
	const struct animed_plugin *info = stage->plugin.info;

	for (size_t i = 0; info && stage->values && info->params[i].name; i++) {
		const struct animed_value *value = &stage->values[i];
		if (strcmp(info->params[i].name, "neighbours") == 0 && info->params[i].type == ANIMED_INT &&
		    value->set && value->integer > 0)
			return value->integer < UINT32_MAX ? (unsigned)value->integer : UINT32_MAX;
	}
	return 0;
}

/* Read the document, which is there, by the tables. */
static int load_tables(struct loader *loader, const struct values_source *source)
{
	yaml_node_t *root = yaml_document_get_root_node(source->document);

	if (values_read(source, conf_table, root, stages, &loader->core) < 0)
		return -1;
	for (size_t i = 0; conf_table[i].name; i++) {
		if (!loader->core[i].set && conf_table[i].def)
			return -1; /* its problem is reported, and nothing can stand in for it */
	}
	fill_conf(loader);
	load_pipeline(loader, source, root);
	loader->conf->neighbours = wanted_neighbours(&loader->conf->similarity);
	return 0;
}

/* The first file that is there; NULL: none. */
static char *find_file(void)
{
	const char *system = getenv("ANIMED_SYSTEM_CONFIG");
	char home[PATH_MAX], *path = NULL;

	if (!system)
		system = INSTALLED_SYSCONFDIR "/animed/animed.yaml";
	if (path_xdg("XDG_CONFIG_HOME", home, sizeof home) == 0 && asprintf(&path, "%s/animed/animed.yaml", home) < 0)
		return NULL;
	if (path && access(path, F_OK) == 0)
		return path;
	free(path);
	return access(system, F_OK) == 0 ? strdup(system) : NULL;
}

/* Relative paths start at the file's directory. */
static void set_base(struct loader *loader, const char *file)
{
	char *real = file ? realpath(file, NULL) : NULL, *slash = real ? strrchr(real, '/') : NULL;

	if (slash)
		*slash = '\0';
	if (!slash || snprintf(loader->base, sizeof loader->base, "%s", real) >= (int)sizeof loader->base)
		(void)snprintf(loader->base, sizeof loader->base, "/");
	free(real);
}

static int by_place(const void *a, const void *b)
{
	const struct problem *x = a, *y = b;

	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return (x->column > y->column) - (x->column < y->column);
}

static void hand_over(struct problems *problems, struct conf_errors *errors)
{
	if (problems->n > 0)
		qsort(problems->at, problems->n, sizeof *problems->at, by_place);
	errors->lines = calloc(problems->n + 1, sizeof *errors->lines);
	for (size_t i = 0; i < problems->n; i++) {
		if (errors->lines)
			errors->lines[errors->n++] = problems->at[i].text;
		else
			free(problems->at[i].text);
	}
	free(problems->at);
}

int conf_load(const char *file, struct conf **out, struct conf_errors *errors)
{
	struct loader loader = {.conf = calloc(1, sizeof *loader.conf)};
	yaml_document_t document;
	int status = -1;

	*out = NULL;
	*errors = (struct conf_errors){NULL, 0};
	if (!loader.conf)
		return -1;
	loader.conf->file = file ? strdup(file) : find_file();
	set_base(&loader, loader.conf->file);
	const struct values_source source = {loader.conf->file ? loader.conf->file : "built-in configuration",
					     loader.base, &document, &loader.problems};
	if (load_document(&source, loader.conf->file, "") == 0) {
		status = load_tables(&loader, &source);
		yaml_document_delete(&document);
	}
	values_free(conf_table, loader.core);
	if (loader.problems.n > 0)
		status = -1;
	hand_over(&loader.problems, errors);
	if (status == 0)
		*out = loader.conf;
	else
		conf_free(loader.conf);
	return status;
}

static void stage_free(struct conf_stage *stage)
{
	if (stage->plugin.info)
		values_free(stage->plugin.info->params, stage->values);
	plugin_close(&stage->plugin);
}

void conf_free(struct conf *conf)
{
	if (!conf)
		return;
	stage_free(&conf->source);
	stage_free(&conf->model);
	stage_free(&conf->similarity);
	free(conf->file);
	free(conf->socket);
	free(conf->models);
	free(conf->plugins);
	free(conf->group);
	free(conf->relations);
	for (size_t i = 0; i < conf->gate.golden.n; i++)
		free((char *)(uintptr_t)conf->gate.golden.at[i]);
	free((char **)(uintptr_t)conf->gate.golden.at);
	free(conf);
}

void conf_errors_free(struct conf_errors *errors)
{
	for (size_t i = 0; i < errors->n; i++)
		free(errors->lines[i]);
	free(errors->lines);
}
