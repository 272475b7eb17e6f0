/* load-csv.h - loads datasets from CSV files of the scratch directory, for the programs that test it. */
#ifndef TESTS_LOAD_CSV_H
#define TESTS_LOAD_CSV_H

#include "config/plugin.h"
#include "data/dataset.h"
#include "scratch.h"

extern struct plugin csv;
extern struct dataset *dataset; /* what was loaded last */
extern struct animed_error err;
extern char logged[4096]; /* all lines of the log */
extern bool cancel;       /* whether the host says that the load is cancelled */
extern struct animed_host host;

/* For a checked fixture: a scratch directory with a catalogue i.csv of three shows and two ratings in r.csv. */
void load_setup(void);
void load_teardown(void);

/* Load with parameters given as "name", "text", ..., NULL; the paths default to r.csv and i.csv.  Returns as
 * dataset_load() does. */
int load(enum unknown_items unknown, const char *const *given);

/* Load after these texts have become i.csv and r.csv. */
int load_texts(const char *items, const char *ratings);

/* Returns cell i of a column, until the next call. */
const char *cell_of(const struct animed_strings *column, size_t i);

#endif
