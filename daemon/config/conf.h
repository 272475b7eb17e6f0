/* conf.h - the configuration: what a YAML file says, by the table of the daemon's keys (conf-table.c) and the tables
 * of the plugins that it names. */
#ifndef ANIMED_CONF_H
#define ANIMED_CONF_H

#include <stdio.h>

#include "config/plugin.h"

/* One stage of the pipeline. */
struct conf_stage {
	struct plugin plugin;
	struct animed_value *values; /* in the order of the plugin's parameter table */
};

/* The most similarities that a pipeline has. */
#define CONF_SIMILARITIES 8

/* What becomes of ratings of items that the catalogue does not have. */
enum unknown_items {
	UNKNOWN_ITEMS_DROP,
	UNKNOWN_ITEMS_KEEP,
};
#define UNKNOWN_ITEMS_CHOICES "drop|keep"

/* How a dataset is made from what a source delivers. */
struct dataset_options {
	enum unknown_items unknown_items;
	bool cache;          /* keep the dataset beside its source for the next load */
	uint64_t cache_from; /* bytes: a smaller source is not kept, since it loads as fast */
};

/* What a new model must pass to take the place of the one that serves. */
struct conf_gate {
	bool self_similarity;
	double loss_rise;          /* share of the serving model's loss; negative: not compared */
	double ndcg_fall;          /* share of the serving model's held-out NDCG; negative: not compared */
	double overlap;            /* share of the golden items' neighbours; 0: not compared */
	struct animed_list golden; /* titles and ids; none: the most-rated items */
};

struct conf_retrain {
	int64_t every;     /* seconds; 0: only when told to */
	bool when_changed; /* leave a scheduled training out where the dataset would be the same */
	int nice;          /* the niceness of the process that trains */
};

/* Which shows of a franchise may be answers. */
enum sequels {
	SEQUELS_HIDE, /* the best show of each franchise, and none of the franchises that were asked about */
	SEQUELS_SHOW, /* all shows */
	SEQUELS_ONLY, /* the shows of the franchises that were asked about */
};
#define SEQUELS_CHOICES "hide|show|only"

/* What a client may cost. */
struct conf_limits {
	size_t frame_bytes;    /* of one message */
	size_t elements;       /* of one message */
	unsigned depth;        /* of one message */
	unsigned in_flight;    /* requests of one client that are not answered yet */
	size_t output_bytes;   /* replies of one client that it has not read yet */
	size_t event_bytes;    /* events of one client that it has not read yet; further ones are dropped and counted */
	unsigned clients;      /* connected at the same time */
	unsigned idle_seconds; /* after which a silent client is disconnected; 0: never */
};

struct conf {
	char *file;    /* that was read; NULL: none, all is at its default */
	char *socket;  /* absolute path */
	char *models;  /* absolute path of the store */
	char *plugins; /* absolute path of the plugin directory */
	unsigned keep; /* versions to keep in the store */
	bool watch;    /* reload when `current` changes */
	struct conf_gate gate;
	struct conf_retrain retrain;
	char *group;           /* its members may do what the daemon's user may; "": there is no such group */
	enum animed_level log; /* the least level that is logged */
	struct conf_stage source, model;
	struct conf_stage similarities[CONF_SIMILARITIES]; /* the first is asked where a query names none */
	unsigned n_similarities;                           /* at least 1 */
	struct conf_stage ranking;
	/* Computed beforehand for each item; 0: none.  A parameter of the first similarity, see animed-plugin.h. */
	unsigned neighbours;
	struct dataset_options dataset;
	double valid_pct; /* 0 <= valid_pct < 1 */
	bool refit;       /* serve what is trained once more on all ratings, after it was measured on the split */
	uint64_t seed;
	unsigned threads;     /* at least 1; 0 in the file is one for each core */
	unsigned limit;       /* answers to a query that does not say how many; the next three are such defaults too */
	unsigned min_ratings; /* that an item needs to be an answer */
	double shrink;        /* n ratings weigh n / (n + shrink) */
	enum sequels sequels;
	char *relations;    /* absolute path of a file as in relations.h; "none" or NULL: see conf_relations() */
	char *ids;          /* absolute path of a file as in id-map.h; CONF_NO_IDS or NULL: see conf_ids() */
	unsigned inline_us; /* microseconds; a query that is expected to take longer goes to a thread of the pool */
	struct conf_limits limits;
};

/* Everything that is wrong with a configuration, in the order of the file: "FILE:LINE:COLUMN: what; what to do". */
struct conf_errors {
	const char *const *lines;
	size_t n;
};

/* Read `file` (NULL: the first there is of $XDG_CONFIG_HOME/animed/animed.yaml and SYSCONFDIR/animed/animed.yaml,
 * else the built-in defaults), load the plugins it names and check every key.  The caller frees *out with
 * conf_free() and *errors with conf_errors_free(), whatever is returned.  Returns 0.  On failure returns -1 and
 * fills *errors with at least a line. */
int conf_load(const char *file, struct conf **out, struct conf_errors *errors);
void conf_free(struct conf *conf);
void conf_errors_free(struct conf_errors *errors);

/* Returns the path of the file of relations, or NULL if there is to be none. */
const char *conf_relations(const struct conf *conf);

/* What lists.ids is where there is to be no file. */
#define CONF_NO_IDS "none"

/* Returns the path of the file of ids, or NULL if there is none. */
const char *conf_ids(const struct conf *conf);

/* Write the configuration as it is in force, defaults and expansions included, as YAML that conf_load() takes.
 * Returns 0.  On failure returns -1 and fills err. */
int conf_print(const struct conf *conf, FILE *out, struct animed_error *err);

/* Write the model stage as YAML that conf_load() takes, in two lines; what is at its default is left out.  Returns as
 * conf_print() does. */
int conf_print_model(const struct conf_stage *stage, FILE *out, struct animed_error *err);

/* Returns the parameters of a stage as a JSON object, for the model's metadata; the caller frees it with free().
 * NULL: out of memory. */
char *conf_stage_json(const struct conf_stage *stage);

/* Returns how the plugin of a stage learns, beside the model; NULL: it does not, or the stage has no plugin. */
const struct animed_learn_ops *conf_stage_learn(const struct conf_stage *stage);

#endif
