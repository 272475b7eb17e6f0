/* conf-table.c - every key of the configuration that is not a plugin's. */
#include "config.h"

#include "config/conf-table.h"

#include "installed.h"

#define TEXT(name, type, def, choices, help)                                                                           \
	{                                                                                                              \
		name, type, def, 0, 0, choices, 0, help                                                                \
	}
#define NUMBER(name, type, def, min, max, help)                                                                        \
	{                                                                                                              \
		name, type, def, min, max, NULL, 0, help                                                               \
	}

const struct animed_param conf_table[C_END + 1] = {
    [C_SOCKET] =
	TEXT("socket", ANIMED_PATH, "${XDG_RUNTIME_DIR}/animed/animed.sock", NULL, "the Unix socket to listen on"),
    [C_MODELS] = TEXT("models", ANIMED_PATH, "${XDG_STATE_HOME}/animed/models", NULL, "the store of model versions"),
    [C_PLUGINS] =
	TEXT("plugins", ANIMED_PATH, "${ANIMED_PLUGINS:-" INSTALLED_PLUGINDIR "}", NULL, "the directory of plugins"),
    [C_LOG] = TEXT("log", ANIMED_ENUM, "info", "debug|info|warning|error", "the least that is logged"),
    [C_SOURCE] = TEXT("pipeline.source.plugin", ANIMED_STRING, "csv", NULL, "where items and ratings come from"),
    [C_MODEL] = TEXT("pipeline.model.plugin", ANIMED_STRING, "bias", NULL, "the variant of the model"),
    [C_SIMILARITY] = TEXT("pipeline.similarity.plugin", ANIMED_STRING, "cosine", NULL, "how similar items are found"),
    [C_UNKNOWN_ITEMS] = TEXT("dataset.unknown_items", ANIMED_ENUM, "drop", "drop|keep",
			     "what becomes of ratings whose item the catalogue does not have"),
    [C_CACHE] = TEXT("dataset.cache", ANIMED_BOOL, "true", NULL, "keep a large dataset beside its source"),
    [C_VALID_PCT] = NUMBER("train.valid_pct", ANIMED_REAL, "0.2", 0, 0.99, "the share of ratings held out"),
    [C_SEED] = NUMBER("train.seed", ANIMED_INT, "42", 0, 9e15, "decides everything random"),
    [C_THREADS] = NUMBER("train.threads", ANIMED_INT, "0", 0, 1024, "threads to train with; 0: one a core"),
    [C_KEEP] = NUMBER("store.keep", ANIMED_INT, "5", 1, 1e6, "how many versions the store keeps"),
    [C_WATCH] =
	TEXT("store.watch", ANIMED_BOOL, "true", NULL, "take up what the store calls current when that changes"),
    [C_GATE_SELF] =
	TEXT("gate.self_similarity", ANIMED_BOOL, "true", NULL, "whether items must be nearest to themselves"),
    [C_GATE_LOSS] = NUMBER("gate.loss_rise", ANIMED_REAL, "0.1", -1, 1e6,
			   "by what share the held-out loss may exceed the serving model's; -1: not compared"),
    [C_GATE_OVERLAP] = NUMBER("gate.overlap", ANIMED_REAL, "0.1", 0, 1,
			      "the share of the golden items' neighbours that must stay the same; 0: not compared"),
    [C_GATE_GOLDEN] = TEXT("gate.golden", ANIMED_LIST, "", NULL, "their titles or ids; none: the most-rated items"),
    [C_RETRAIN_EVERY] =
	NUMBER("retrain.every", ANIMED_DURATION, "0", 0, 3.2e9, "how often to train a new model; 0: when told to"),
    [C_RETRAIN_CHANGED] = TEXT("retrain.when_changed", ANIMED_BOOL, "true", NULL,
			       "leave a scheduled training out where the source is as it was"),
    [C_RETRAIN_NICE] =
	NUMBER("retrain.nice", ANIMED_INT, "10", 0, 19, "the niceness of trainings that the daemon runs"),
    [C_GROUP] = TEXT("access.group", ANIMED_STRING, "", NULL,
		     "whose members may reach the socket and change what is served; empty: nobody else"),
    [C_LIMIT] = NUMBER("queries.limit", ANIMED_INT, "10", 1, 1000, "answers to a query that does not say how many"),
    [C_MIN_RATINGS] = NUMBER("queries.min_ratings", ANIMED_INT, "10", 0, 1e9,
			     "ratings an item needs to be an answer, unless the query says otherwise"),
    [C_SHRINK] = NUMBER("queries.shrink", ANIMED_REAL, "20", 0, 1e9,
			"n ratings weigh n / (n + shrink) of the similarity; 0: all of it"),
    [C_SEQUELS] = TEXT("queries.sequels", ANIMED_ENUM, "hide", "hide|show|only",
		       "whether shows of one franchise are all answers, unless the query says otherwise"),
    [C_RELATIONS] =
	TEXT("queries.relations", ANIMED_PATH, NULL, NULL, "ids of shows that belong together, a line each"),
    [C_INLINE_US] = NUMBER("queries.inline_us", ANIMED_INT, "200", 0, 1e9,
			   "microseconds that a query may take and be answered at once, not in a thread"),
    [C_FRAME_BYTES] = NUMBER("limits.frame_bytes", ANIMED_INT, "1048576", 64, 1e9, "bytes of one message"),
    [C_ELEMENTS] = NUMBER("limits.elements", ANIMED_INT, "65536", 16, 1e9, "elements of one message"),
    [C_DEPTH] = NUMBER("limits.depth", ANIMED_INT, "16", 3, 32, "nesting of one message"),
    [C_IN_FLIGHT] = NUMBER("limits.in_flight", ANIMED_INT, "64", 1, 1e6, "unanswered requests of one client"),
    [C_OUTPUT_BYTES] = NUMBER("limits.output_bytes", ANIMED_INT, "8388608", 65536, 1e10,
			      "bytes of replies that one client has not read yet"),
    [C_EVENT_BYTES] = NUMBER("limits.event_bytes", ANIMED_INT, "262144", 4096, 1e9,
			     "bytes of events that one client has not read yet"),
    [C_CLIENTS] = NUMBER("limits.clients", ANIMED_INT, "256", 1, 1e6, "clients at once"),
    [C_IDLE_SECONDS] = NUMBER("limits.idle_seconds", ANIMED_INT, "0", 0, 1e9,
			      "seconds after which a silent client is let go; 0: never"),
    [C_END] = {NULL, 0, NULL, 0, 0, NULL, 0, NULL},
};
