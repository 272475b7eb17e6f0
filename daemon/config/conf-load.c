/* conf-load.c - reads the configuration file and loads the plugins that it names. */
#include "config.h"

#include "config/conf.h"

#include <errno.h>
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

/* What queries.relations is where there is to be no file. */
#define RELATIONS_NONE "none"

/* The source where the file has no pipeline.source: the demo data. */
static const char demo_source[] = "plugin: csv\n"
				  "ratings: {path: \"${ANIMED_DEMO:-" INSTALLED_DATADIR "/demo}/reviews.csv\"}\n"
				  "items: {path: \"${ANIMED_DEMO:-" INSTALLED_DATADIR "/demo}/animes.csv\"}\n";

/* The table of the daemon's keys leaves these mappings alone: their keys are those of the plugins, but for `plugin`. */
static const char *const stages[] = {"pipeline.source", "pipeline.model", "pipeline.similarity", "pipeline.ranking",
				     NULL};
static const char *const stage_keys[] = {"plugin", NULL};

/* What is being loaded, what is wrong with it so far, and the directory that relative paths start from. */
struct loader {
	struct conf *conf;
	struct problems *problems;
	char base[PATH_MAX];
};

static int not_yaml(const struct param_source *source, const yaml_parser_t *parser)
{
	const yaml_mark_t mark = parser->problem_mark;

	/* what is wrong with the text has a name; short memory has none, and not always an error */
	if (parser->problem && parser->error == YAML_SCANNER_ERROR && parser->buffer.pointer < parser->buffer.last &&
	    *parser->buffer.pointer == '\t')
		problem_add(source, &mark, "not YAML: a tab; indent with blanks");
	else if (parser->problem)
		problem_add(source, &mark, "not YAML: %s", parser->problem);
	else
		problem_add(source, NULL, "out of memory");
	return -1;
}

/* Take the document from the parser.  Where a second one or something that is not YAML follows, that is a problem,
 * and the first is freed. */
static int parse_document(const struct param_source *source, yaml_parser_t *parser)
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

/* Read a file, or the text where `file` is NULL, into *document, which the caller frees where 0 is returned.  On
 * failure returns -1 and adds the problem. */
static int load_document(const struct param_source *source, const char *file, const char *text)
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
	} else {
		problem_add(source, NULL, "out of memory");
	}
	if (in)
		(void)fclose(in);
	return status;
}

/* Load the plugin of a stage, the key's default unless the mapping names another, and read its keys. */
static void load_stage(const struct loader *loader, const struct param_source *source, yaml_node_t *mapping,
		       const struct conf_key *key, struct conf_stage *stage)
{
	const yaml_node_t *given = mapping_get(source->document, mapping, "plugin"), *at = given ? given : mapping;
	const char *name = key->param.def;
	struct animed_error err;

	if (given && given->type != YAML_SCALAR_NODE) {
		problem_add(source, &given->start_mark, "plugin: a name is expected here");
		return;
	}
	if (given)
		name = (const char *)given->data.scalar.value;
	if (plugin_open(loader->conf->plugins, name, key->stage, &stage->plugin, &err) < 0)
		problem_add(source, at ? &at->start_mark : NULL, "%s: %s", plugin_kind_name(key->stage), err.text);
	else
		(void)params_read(source, stage->plugin.info->params, mapping, stage_keys, &stage->values);
	/* a value that was refused is filled in too: its problem is reported, and the configuration is not used */
	if (key->stage == ANIMED_MODEL && stage->values && stage->plugin.info->ops.model->complete)
		stage->plugin.info->ops.model->complete(stage->values);
}

/* Move the values of the keys into the configuration.  Returns -1 where a value was refused, whose default then is not
 * there either. */
static int fill_conf(struct conf *conf, struct animed_value *values)
{
	const long cores = sysconf(_SC_NPROCESSORS_ONLN);

	for (size_t i = 0; conf_keys[i].param.name; i++) {
		if (!values[i].set && conf_keys[i].param.def)
			return -1;
		conf_put(conf, &conf_keys[i], &values[i]);
	}
	if (conf->threads == 0)
		conf->threads = cores > 0 ? (unsigned)cores : 1;
	conf->dataset.cache_from = CACHE_FROM;
	return 0;
}

/* Go without relations where the file is only the default and is not there: the daemon then runs from a build tree, or
 * was installed without data.  A file that the configuration names has to be there, which the model's opening checks. */
static void settle_relations(const struct loader *loader, const struct param_source *source, yaml_node_t *root)
{
	yaml_node_t *queries = mapping_get(source->document, root, "queries");
	char **path = &loader->conf->relations;

	if (mapping_get(source->document, queries, "relations") || access(*path, F_OK) == 0)
		return;
	free(*path);
	*path = NULL;
}

const char *conf_ids(const struct conf *conf)
{
	return conf->ids && strcmp(conf->ids, CONF_NO_IDS) != 0 ? conf->ids : NULL;
}

const char *conf_relations(const struct conf *conf)
{
	return conf->relations && strcmp(conf->relations, RELATIONS_NONE) != 0 ? conf->relations : NULL;
}

/* Load the demo source. */
static void load_demo_source(const struct loader *loader, const struct conf_key *key)
{
	yaml_document_t document;
	const struct param_source source = {"built-in configuration", loader->base, &document, loader->problems};

	if (load_document(&source, NULL, demo_source) == 0) {
		load_stage(loader, &source, yaml_document_get_root_node(&document), key,
			   conf_stage_of(loader->conf, key));
		yaml_document_delete(&document);
	}
}

/* Whether the plugin of this stage is that of an earlier one. */
static bool is_repeated(const struct conf *conf, unsigned at)
{
	const struct animed_plugin *info = conf->similarities[at].plugin.info;

	for (unsigned i = 0; info && i < at; i++) {
		const struct animed_plugin *other = conf->similarities[i].plugin.info;
		if (other && strcmp(other->name, info->name) == 0)
			return true;
	}
	return false;
}

/* Load the similarities of a list. */
static void load_list(const struct loader *loader, const struct param_source *source, const yaml_node_t *list,
		      const struct conf_key *key)
{
	struct conf *conf = loader->conf;

	for (const yaml_node_item_t *item = list->data.sequence.items.start; item < list->data.sequence.items.top;
	     item++) {
		yaml_node_t *node = yaml_document_get_node(source->document, *item);
		if (conf->n_similarities == CONF_SIMILARITIES) {
			problem_add(source, &node->start_mark, "similarity: at most %d of them", CONF_SIMILARITIES);
			return;
		}
		const unsigned at = conf->n_similarities++;
		load_stage(loader, source, node, key, &conf->similarities[at]);
		if (is_repeated(conf, at))
			problem_add(source, &node->start_mark, "similarity: %s is given twice",
				    conf->similarities[at].plugin.info->name);
	}
	if (conf->n_similarities == 0)
		problem_add(source, &list->start_mark, "similarity: the list is empty; name at least one plugin");
}

/* Add cosine where all similarities learn: it is what answers of a model in which they have learnt nothing, such as
 * one that was trained before. */
static void add_fallback(const struct loader *loader, const struct param_source *source, const struct conf_key *key)
{
	struct conf *conf = loader->conf;

	for (unsigned i = 0; i < conf->n_similarities; i++) {
		if (!conf_stage_learn(&conf->similarities[i]))
			return;
	}
	if (conf->n_similarities < CONF_SIMILARITIES)
		load_stage(loader, source, NULL,
			   &(const struct conf_key){.param = {.def = "cosine"}, .stage = key->stage},
			   &conf->similarities[conf->n_similarities++]);
}

static void load_similarities(const struct loader *loader, const struct param_source *source, yaml_node_t *node,
			      const struct conf_key *key)
{
	if (node && node->type == YAML_SEQUENCE_NODE) {
		load_list(loader, source, node, key);
	} else {
		loader->conf->n_similarities = 1;
		load_stage(loader, source, node, key, &loader->conf->similarities[0]);
	}
	add_fallback(loader, source, key);
}

static void load_pipeline(const struct loader *loader, const struct param_source *source, yaml_node_t *root)
{
	yaml_node_t *pipeline = mapping_get(source->document, root, "pipeline");

	for (const struct conf_key *key = conf_keys; key->param.name; key++) {
		if (key->member != CONF_STAGE)
			continue;
		yaml_node_t *mapping = mapping_get(source->document, pipeline, plugin_kind_name(key->stage));
		if (!mapping && key->stage == ANIMED_SOURCE)
			load_demo_source(loader, key);
		else if (key->stage == ANIMED_SIMILARITY)
			load_similarities(loader, source, mapping, key);
		else
			load_stage(loader, source, mapping, key, conf_stage_of(loader->conf, key));
	}
}

/* The parameter `neighbours` of the similarity plugin, which the daemon reads; 0 where it has none. */
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

/* Read the document by the table of the daemon's keys, then load the stages. */
static int load_tables(const struct loader *loader, const struct param_source *source)
{
	yaml_node_t *root = yaml_document_get_root_node(source->document);
	struct animed_param *params = conf_params();
	struct animed_value *values = NULL;
	int status = params ? params_read(source, params, root, stages, &values) : -1;

	if (status == 0)
		status = fill_conf(loader->conf, values);
	if (status == 0)
		settle_relations(loader, source, root);
	if (status == 0)
		load_pipeline(loader, source, root);
	if (params)
		values_free(params, values);
	free(params);
	loader->conf->neighbours = wanted_neighbours(&loader->conf->similarities[0]);
	return status;
}

/* Find the first file that is there.  Returns its path, which the caller frees with free(); NULL: there is none, or,
 * where errno is ENOMEM, memory is short. */
static char *find_file(void)
{
	const char *system = getenv("ANIMED_SYSTEM_CONFIG");
	char home[PATH_MAX], *path = NULL;

	if (!system)
		system = INSTALLED_SYSCONFDIR "/animed/animed.yaml";
	errno = ENOMEM;
	if (path_xdg("XDG_CONFIG_HOME", home, sizeof home) == 0 && asprintf(&path, "%s/animed/animed.yaml", home) < 0)
		return NULL;
	if (path && access(path, F_OK) == 0)
		return path;
	free(path);
	errno = 0;
	return access(system, F_OK) == 0 ? strdup(system) : NULL;
}

/* Let relative paths start at the directory of the file.  Where that cannot be found the file cannot be read either,
 * which load_document() reports.  Returns -1 where memory is short. */
static int set_base(struct loader *loader, const char *file)
{
	char *real = file ? realpath(file, NULL) : NULL, *slash = real ? strrchr(real, '/') : NULL;

	if (file && !real && errno == ENOMEM)
		return -1;
	if (slash)
		*slash = '\0';
	(void)snprintf(loader->base, sizeof loader->base, "%s", slash ? real : "/");
	free(real);
	return 0;
}

/* Set the path of the file, which may be NULL (the first file there is, or none), and where relative paths start.
 * Returns -1 where memory is short. */
static int choose_file(struct loader *loader, const char *file)
{
	char **path = &loader->conf->file;

	*path = file ? strdup(file) : find_file();
	if (!*path && (file || errno == ENOMEM))
		return -1;
	return set_base(loader, *path);
}

static int by_place(const void *a, const void *b)
{
	const struct problem *x = a, *y = b;

	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return (x->column > y->column) - (x->column < y->column);
}

/* The line for where memory is short, which takes none. */
static const char no_memory[] = "configuration: out of memory; what else may be wrong with it is not told";
static const char *const no_memory_alone[] = {no_memory};

/* Make lines of the problems, and free these. */
static void hand_over(struct problems *problems, struct conf_errors *errors)
{
	const char **lines = calloc(problems->n + 2, sizeof *lines);
	size_t n = 0;

	if (problems->n > 0)
		qsort(problems->at, problems->n, sizeof *problems->at, by_place);
	for (size_t i = 0; i < problems->n; i++) {
		if (lines)
			lines[n++] = problems->at[i].text;
		else
			free(problems->at[i].text);
	}
	if (lines && problems->incomplete)
		lines[n++] = no_memory;
	if (lines)
		*errors = (struct conf_errors){lines, n};
	else if (problems->n > 0 || problems->incomplete)
		*errors = (struct conf_errors){no_memory_alone, 1};
	free(problems->at);
}

static int load_file(const struct loader *loader)
{
	const char *file = loader->conf->file;
	yaml_document_t document;
	const struct param_source source = {file ? file : "built-in configuration", loader->base, &document,
					    loader->problems};
	int status = load_document(&source, file, "");

	if (status == 0) {
		status = load_tables(loader, &source);
		yaml_document_delete(&document);
	}
	return status;
}

int conf_load(const char *file, struct conf **out, struct conf_errors *errors)
{
	struct problems problems = {NULL, 0, false};
	struct loader loader = {.conf = calloc(1, sizeof *loader.conf), .problems = &problems};
	int status = loader.conf ? choose_file(&loader, file) : -1;

	*out = NULL;
	if (status == 0)
		status = load_file(&loader);
	if (status < 0 && problems.n == 0)
		problems.incomplete = true; /* whatever else fails adds a problem */
	if (problems.n > 0 || problems.incomplete)
		status = -1;
	*errors = (struct conf_errors){NULL, 0};
	hand_over(&problems, errors);
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

const struct animed_learn_ops *conf_stage_learn(const struct conf_stage *stage)
{
	const struct animed_plugin *info = stage->plugin.info;

	if (info && info->kind == ANIMED_SIMILARITY)
		return info->ops.similarity->learn;
	return info && info->kind == ANIMED_RANKING ? info->ops.ranking->learn : NULL;
}

void conf_free(struct conf *conf)
{
	if (!conf)
		return;
	stage_free(&conf->source);
	stage_free(&conf->model);
	for (unsigned i = 0; i < conf->n_similarities; i++)
		stage_free(&conf->similarities[i]);
	stage_free(&conf->ranking);
	for (const struct conf_key *key = conf_keys; key->param.name; key++)
		conf_drop(conf, key);
	free(conf->file);
	free(conf);
}

void conf_errors_free(struct conf_errors *errors)
{
	for (size_t i = 0; i < errors->n; i++) {
		if (errors->lines[i] != no_memory)
			free((char *)(uintptr_t)errors->lines[i]);
	}
	if (errors->lines != no_memory_alone)
		free((const char **)(uintptr_t)errors->lines);
}
