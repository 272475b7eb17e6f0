/* conf-table.h - the daemon's own keys, in the same kind of table as a plugin's. */
#ifndef ANIMED_CONF_TABLE_H
#define ANIMED_CONF_TABLE_H

#include "animed-plugin.h"

/* Places in conf_table. */
enum conf_key {
	C_SOCKET,
	C_MODELS,
	C_PLUGINS,
	C_LOG,
	C_SOURCE,
	C_MODEL,
	C_SIMILARITY,
	C_UNKNOWN_ITEMS,
	C_CACHE,
	C_VALID_PCT,
	C_SEED,
	C_THREADS,
	C_KEEP,
	C_WATCH,
	C_GATE_SELF,
	C_GATE_LOSS,
	C_GATE_OVERLAP,
	C_GATE_GOLDEN,
	C_RETRAIN_EVERY,
	C_RETRAIN_CHANGED,
	C_RETRAIN_NICE,
	C_GROUP,
	C_LIMIT,
	C_MIN_RATINGS,
	C_SHRINK,
	C_SEQUELS,
	C_RELATIONS,
	C_INLINE_US,
	C_FRAME_BYTES,
	C_ELEMENTS,
	C_DEPTH,
	C_IN_FLIGHT,
	C_OUTPUT_BYTES,
	C_EVENT_BYTES,
	C_CLIENTS,
	C_IDLE_SECONDS,
	C_END,
};

extern const struct animed_param conf_table[C_END + 1];

#endif
