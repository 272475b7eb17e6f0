/* fingerprint.h - telling whether the data that a model is trained on may have changed, without reading it. */
#ifndef ANIMED_FINGERPRINT_H
#define ANIMED_FINGERPRINT_H

#include "config/conf.h"

enum { FINGERPRINT_SIZE = 17 };

/* 16 hexadecimal digits that change with the source plugin, its parameters, and size and time of modification of the
 * files that these name; "" for a source that names no files, of which nothing can be said. */
int fingerprint_source(const struct conf_stage *source, char out[FINGERPRINT_SIZE], struct animed_error *err);

/* That of the newest model in the store, from its metadata; "" where it has none, or where there is no model.  *trained
 * is the Unix time at which it was made, INT64_MIN where that is not known. */
int fingerprint_newest(const char *models, char out[FINGERPRINT_SIZE], int64_t *trained, struct animed_error *err);

#endif
