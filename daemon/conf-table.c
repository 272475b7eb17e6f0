/* conf-table.c - every key of the configuration that is not a plugin's. */
#include "config.h"

#include "conf-table.h"

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
	TEXT("plugins", ANIMED_PATH, "${ANIMED_PLUGINS:-" ANIMED_PLUGINDIR "}", NULL, "the directory of plugins"),
    [C_LOG] = TEXT("log", ANIMED_ENUM, "info", "debug|info|warning|error", "the least that is logged"),
    [C_SOURCE] = TEXT("pipeline.source.plugin", ANIMED_STRING, "csv", NULL, "where items and ratings come from"),
    [C_MODEL] = TEXT("pipeline.model.plugin", ANIMED_STRING, "bias", NULL, "the variant of the model"),
    [C_SIMILARITY] = TEXT("pipeline.similarity.plugin", ANIMED_STRING, "cosine", NULL, "how similar items are found"),
    [C_UNKNOWN_ITEMS] = TEXT("dataset.unknown_items", ANIMED_ENUM, "drop", "drop|keep",
			     "what becomes of ratings whose item the catalogue does not have"),
    [C_VALID_PCT] = NUMBER("train.valid_pct", ANIMED_REAL, "0.2", 0, 0.99, "the share of ratings held out"),
    [C_SEED] = NUMBER("train.seed", ANIMED_INT, "42", 0, 9e15, "decides everything random"),
    [C_THREADS] = NUMBER("train.threads", ANIMED_INT, "0", 0, 1024, "threads to train with; 0: one a core"),
    [C_KEEP] = NUMBER("store.keep", ANIMED_INT, "5", 1, 1e6, "how many versions the store keeps"),
    [C_LIMIT] = NUMBER("queries.limit", ANIMED_INT, "10", 1, 1000, "answers to a query that does not say how many"),
    [C_MIN_RATINGS] = NUMBER("queries.min_ratings", ANIMED_INT, "10", 0, 1e9,
			     "ratings an item needs to be an answer, unless the query says otherwise"),
    [C_FRAME_BYTES] = NUMBER("limits.frame_bytes", ANIMED_INT, "1048576", 64, 1e9, "bytes of one message"),
    [C_ELEMENTS] = NUMBER("limits.elements", ANIMED_INT, "65536", 16, 1e9, "elements of one message"),
    [C_DEPTH] = NUMBER("limits.depth", ANIMED_INT, "16", 3, 32, "nesting of one message"),
    [C_IN_FLIGHT] = NUMBER("limits.in_flight", ANIMED_INT, "64", 1, 1e6, "unanswered requests of one client"),
    [C_OUTPUT_BYTES] = NUMBER("limits.output_bytes", ANIMED_INT, "8388608", 65536, 1e10,
			      "bytes of replies that one client has not read yet"),
    [C_CLIENTS] = NUMBER("limits.clients", ANIMED_INT, "256", 1, 1e6, "clients at once"),
    [C_IDLE_SECONDS] = NUMBER("limits.idle_seconds", ANIMED_INT, "0", 0, 1e9,
			      "seconds after which a silent client is let go; 0: never"),
    [C_END] = {NULL, 0, NULL, 0, 0, NULL, 0, NULL},
};
