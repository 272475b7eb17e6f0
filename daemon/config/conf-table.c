/* conf-table.c - every key of the configuration that is not a plugin's: its name, type, default, bounds or choices,
 * help, and the member of struct conf that it fills. */
#include "config.h"

#include "config/conf-table.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "config/param-read.h"
#include "installed.h"

/* The columns of a row that say what may be written. */
#define TEXT(name, type, def, choices, help)                                                                           \
	{                                                                                                              \
		name, type, def, 0, 0, choices, 0, help                                                                \
	}
#define NUMBER(name, type, def, min, max, help)                                                                        \
	{                                                                                                              \
		name, type, def, min, max, NULL, 0, help                                                               \
	}

/* The columns that say where it is kept.  A row that gives its member another type does not compile. */
#define PLACE(member, type)  _Generic(((struct conf *)NULL)->member, type : offsetof(struct conf, member)), 0
#define BOOL(member)         CONF_BOOL, PLACE(member, bool)
#define INT(member)          CONF_INT, PLACE(member, int)
#define UNSIGNED(member)     CONF_UNSIGNED, PLACE(member, unsigned)
#define SIZE(member)         CONF_SIZE, PLACE(member, size_t)
#define SECONDS(member)      CONF_SECONDS, PLACE(member, int64_t)
#define UINT64(member)       CONF_UINT64, PLACE(member, uint64_t)
#define REAL(member)         CONF_REAL, PLACE(member, double)
#define STRING(member)       CONF_TEXT, PLACE(member, char *)
#define LIST(member)         CONF_LIST, PLACE(member, struct animed_list)
#define CHOICE(member, type) CONF_CHOICE, PLACE(member, type)
#define STAGE(member, kind)  CONF_STAGE, offsetof(struct conf, member), kind

/* A choice is kept as its place, so that lists of choices and enums must have the same order, and end together. */
_Static_assert(ANIMED_ERROR == 3, "LOG_LEVELS names four levels");
_Static_assert(UNKNOWN_ITEMS_KEEP == 1, "UNKNOWN_ITEMS_CHOICES names two");
_Static_assert(SEQUELS_ONLY == 2, "SEQUELS_CHOICES names three");

const struct conf_key conf_keys[] = {
    {TEXT("socket", ANIMED_PATH, "${XDG_RUNTIME_DIR}/animed/animed.sock", NULL, "the Unix socket to listen on"),
     STRING(socket)},
    {TEXT("models", ANIMED_PATH, "${XDG_STATE_HOME}/animed/models", NULL, "the store of model versions"),
     STRING(models)},
    {TEXT("plugins", ANIMED_PATH, "${ANIMED_PLUGINS:-" INSTALLED_PLUGINDIR "}", NULL, "the directory of plugins"),
     STRING(plugins)},
    {TEXT("log", ANIMED_ENUM, "info", LOG_LEVELS, "the least that is logged"), CHOICE(log, enum animed_level)},

    {TEXT("pipeline.source.plugin", ANIMED_STRING, "csv", NULL, "where items and ratings come from"),
     STAGE(source, ANIMED_SOURCE)},
    {TEXT("pipeline.model.plugin", ANIMED_STRING, "bias", NULL, "the variant of the model"),
     STAGE(model, ANIMED_MODEL)},
    {TEXT("pipeline.similarity.plugin", ANIMED_STRING, "corating", NULL, "how similar items are found"),
     STAGE(similarities, ANIMED_SIMILARITY)},
    {TEXT("pipeline.ranking.plugin", ANIMED_STRING, "ease", NULL, "how items are ranked for somebody"),
     STAGE(ranking, ANIMED_RANKING)},

    {TEXT("dataset.unknown_items", ANIMED_ENUM, "drop", UNKNOWN_ITEMS_CHOICES,
	  "what becomes of ratings whose item the catalogue does not have"),
     CHOICE(dataset.unknown_items, enum unknown_items)},
    {TEXT("dataset.cache", ANIMED_BOOL, "true", NULL, "keep a large dataset beside its source"), BOOL(dataset.cache)},

    {NUMBER("train.valid_pct", ANIMED_REAL, "0.2", 0, 0.99, "the share of ratings held out"), REAL(valid_pct)},
    {TEXT("train.refit", ANIMED_BOOL, "true", NULL,
	  "serve what is trained once more on all ratings, after it was measured"),
     BOOL(refit)},
    {NUMBER("train.seed", ANIMED_INT, "42", 0, 9e15, "decides everything random"), UINT64(seed)},
    {NUMBER("train.threads", ANIMED_INT, "0", 0, 1024, "threads to train with; 0: one a core"), UNSIGNED(threads)},

    {NUMBER("store.keep", ANIMED_INT, "5", 1, 1e6, "how many versions the store keeps"), UNSIGNED(keep)},
    {TEXT("store.watch", ANIMED_BOOL, "true", NULL, "take up what the store calls current when that changes"),
     BOOL(watch)},

    {TEXT("gate.self_similarity", ANIMED_BOOL, "true", NULL, "whether items must be nearest to themselves"),
     BOOL(gate.self_similarity)},
    {NUMBER("gate.loss_rise", ANIMED_REAL, "0.1", -1, 1e6,
	    "by what share the held-out loss may exceed the serving model's; -1: not compared"),
     REAL(gate.loss_rise)},
    {NUMBER("gate.ndcg_fall", ANIMED_REAL, "0.1", -1, 1,
	    "by what share the held-out NDCG of the ranking may fall below the serving model's; -1: not compared"),
     REAL(gate.ndcg_fall)},
    {NUMBER("gate.overlap", ANIMED_REAL, "0.1", 0, 1,
	    "the share of the golden items' neighbours that must stay the same; 0: not compared"),
     REAL(gate.overlap)},
    {TEXT("gate.golden", ANIMED_LIST, "", NULL, "their titles or ids; none: the most-rated items"), LIST(gate.golden)},

    {NUMBER("retrain.every", ANIMED_DURATION, "0", 0, 3.2e9, "how often to train a new model; 0: when told to"),
     SECONDS(retrain.every)},
    {TEXT("retrain.when_changed", ANIMED_BOOL, "true", NULL,
	  "leave a scheduled training out where the source is as it was"),
     BOOL(retrain.when_changed)},
    {NUMBER("retrain.nice", ANIMED_INT, "10", 0, 19, "the niceness of trainings that the daemon runs"),
     INT(retrain.nice)},

    {TEXT("access.group", ANIMED_STRING, "", NULL,
	  "whose members may reach the socket and change what is served; empty: nobody else"),
     STRING(group)},

    {NUMBER("queries.limit", ANIMED_INT, "10", 1, 1000, "answers to a query that does not say how many"),
     UNSIGNED(limit)},
    {NUMBER("queries.min_ratings", ANIMED_INT, "10", 0, 1e9,
	    "ratings an item needs to be an answer, unless the query says otherwise"),
     UNSIGNED(min_ratings)},
    {NUMBER("queries.shrink", ANIMED_REAL, "20", 0, 1e9,
	    "n ratings weigh n / (n + shrink) of the similarity; 0: all of it"),
     REAL(shrink)},
    {TEXT("queries.sequels", ANIMED_ENUM, "hide", SEQUELS_CHOICES,
	  "whether shows of one franchise are all answers, unless the query says otherwise"),
     CHOICE(sequels, enum sequels)},
    {TEXT("queries.relations", ANIMED_PATH, "${ANIMED_RELATIONS:-" INSTALLED_DATADIR "/relations.csv}", "none",
	  "the shows that belong together though their titles do not say so"),
     STRING(relations)},
    {NUMBER("queries.inline_us", ANIMED_INT, "200", 0, 1e9,
	    "microseconds that a query may take and be answered at once, not in a thread"),
     UNSIGNED(inline_us)},

    {TEXT("lists.ids", ANIMED_PATH, CONF_NO_IDS, CONF_NO_IDS,
	  "a file of the ids that other services give to shows, for lists from there"),
     STRING(ids)},

    {NUMBER("limits.frame_bytes", ANIMED_INT, "4194304", 64, 1e9, "bytes of one message"), SIZE(limits.frame_bytes)},
    {NUMBER("limits.elements", ANIMED_INT, "262144", 16, 1e9, "elements of one message"), SIZE(limits.elements)},
    {NUMBER("limits.depth", ANIMED_INT, "16", 3, 32, "nesting of one message"), UNSIGNED(limits.depth)},
    {NUMBER("limits.in_flight", ANIMED_INT, "64", 1, 1e6, "unanswered requests of one client"),
     UNSIGNED(limits.in_flight)},
    {NUMBER("limits.output_bytes", ANIMED_INT, "8388608", 65536, 1e10,
	    "bytes of replies that one client has not read yet"),
     SIZE(limits.output_bytes)},
    {NUMBER("limits.event_bytes", ANIMED_INT, "262144", 4096, 1e9, "bytes of events that one client has not read yet"),
     SIZE(limits.event_bytes)},
    {NUMBER("limits.clients", ANIMED_INT, "256", 1, 1e6, "clients at once"), UNSIGNED(limits.clients)},
    {NUMBER("limits.idle_seconds", ANIMED_INT, "0", 0, 1e9, "seconds after which a silent client is let go; 0: never"),
     UNSIGNED(limits.idle_seconds)},
    {.param = {.name = NULL}},
};

struct animed_param *conf_params(void)
{
	struct animed_param *params = calloc(sizeof conf_keys / sizeof *conf_keys, sizeof *params);

	for (size_t i = 0; params && conf_keys[i].param.name; i++)
		params[i] = conf_keys[i].param;
	return params;
}

void conf_put(struct conf *conf, const struct conf_key *key, struct animed_value *value)
{
	void *at = (char *)conf + key->offset;

	switch (key->member) {
	case CONF_BOOL:
		*(bool *)at = value->boolean;
		break;
	case CONF_INT:
		*(int *)at = (int)value->integer;
		break;
	case CONF_UNSIGNED:
		*(unsigned *)at = (unsigned)value->integer;
		break;
	case CONF_SIZE:
		*(size_t *)at = (size_t)value->integer;
		break;
	case CONF_SECONDS:
		*(int64_t *)at = value->integer;
		break;
	case CONF_UINT64:
		*(uint64_t *)at = (uint64_t)value->integer;
		break;
	case CONF_REAL:
		*(double *)at = value->real;
		break;
	case CONF_TEXT:
		*(char **)at = value->set ? (char *)(uintptr_t)value->string : NULL;
		value->set = false;
		break;
	case CONF_LIST:
		*(struct animed_list *)at = value->list;
		value->set = false;
		break;
	case CONF_CHOICE:
		*(unsigned *)at =
		    (unsigned)text_place(key->param.choices, (struct text){value->string, strlen(value->string)});
		break;
	case CONF_STAGE:
		break;
	}
}

struct animed_value conf_get(const struct conf *conf, const struct conf_key *key, char choice[CONF_CHOICE_SIZE])
{
	const void *at = (const char *)conf + key->offset;
	struct animed_value value = {.set = true};
	struct text name;

	switch (key->member) {
	case CONF_BOOL:
		value.boolean = *(const bool *)at;
		break;
	case CONF_INT:
		value.integer = *(const int *)at;
		break;
	case CONF_UNSIGNED:
		value.integer = *(const unsigned *)at;
		break;
	case CONF_SIZE:
		value.integer = (int64_t) * (const size_t *)at;
		break;
	case CONF_SECONDS:
		value.integer = *(const int64_t *)at;
		break;
	case CONF_UINT64:
		value.integer = (int64_t) * (const uint64_t *)at;
		break;
	case CONF_REAL:
		value.real = *(const double *)at;
		break;
	case CONF_TEXT:
		value.string = *(char *const *)at;
		value.set = value.string != NULL;
		break;
	case CONF_LIST:
		value.list = *(const struct animed_list *)at;
		break;
	case CONF_CHOICE:
		name = text_at(key->param.choices, *(const unsigned *)at);
		(void)snprintf(choice, CONF_CHOICE_SIZE, "%.*s", (int)name.length, name.bytes);
		value.string = choice;
		break;
	case CONF_STAGE:
		value.string = ((const struct conf_stage *)at)->plugin.info->name;
		break;
	}
	return value;
}

void conf_drop(struct conf *conf, const struct conf_key *key)
{
	struct animed_value value;
	char choice[CONF_CHOICE_SIZE];

	if (key->member != CONF_TEXT && key->member != CONF_LIST)
		return;
	value = conf_get(conf, key, choice);
	if (value.set)
		value_free(&key->param, &value);
}

struct conf_stage *conf_stage_of(struct conf *conf, const struct conf_key *key)
{
	return (struct conf_stage *)(void *)((char *)conf + key->offset);
}
