/* conf-table.h - the keys of the configuration that are not a plugin's: a row says what may be written, and where in
 * struct conf it is kept. */
#ifndef ANIMED_CONF_TABLE_H
#define ANIMED_CONF_TABLE_H

#include "config/conf.h"

/* The type of a member of struct conf. */
enum conf_member {
	CONF_BOOL,     /* bool */
	CONF_INT,      /* int */
	CONF_UNSIGNED, /* unsigned */
	CONF_SIZE,     /* size_t */
	CONF_SECONDS,  /* int64_t */
	CONF_UINT64,   /* uint64_t */
	CONF_REAL,     /* double */
	CONF_TEXT,     /* char *, which the conf owns; NULL: not set */
	CONF_LIST,     /* struct animed_list, which the conf owns */
	CONF_CHOICE,   /* an enum, whose values are the places of the choices */
	CONF_STAGE,    /* struct conf_stage; the key names its plugin */
};

struct conf_key {
	struct animed_param param;
	enum conf_member member;
	size_t offset;          /* of the member in struct conf */
	enum animed_kind stage; /* CONF_STAGE: the kind of its plugin */
};

extern const struct conf_key conf_keys[]; /* ended by a row without a name */

/* Returns the columns that say what may be written, as a table of parameters in the order of the keys; the caller
 * frees it with free().  NULL: out of memory. */
struct animed_param *conf_params(void);

/* Move a value into its member.  The value of a stage names a plugin, which conf_load() loads; it is not moved. */
void conf_put(struct conf *conf, const struct conf_key *key, struct animed_value *value);

enum { CONF_CHOICE_SIZE = 16 };

/* Returns the value of a member.  What it points to is the conf's, or for a choice `choice`, which receives its
 * name. */
struct animed_value conf_get(const struct conf *conf, const struct conf_key *key, char choice[CONF_CHOICE_SIZE]);

/* Free what the conf owns through the member, unless that is a stage. */
void conf_drop(struct conf *conf, const struct conf_key *key);

struct conf_stage *conf_stage_of(struct conf *conf, const struct conf_key *key);

#endif
